// SPDX-License-Identifier: Apache-2.0
#include "arena.hpp"

#include <algorithm>
#include <bit>

namespace clickhouse {
namespace {

constexpr size_t kChunkBytes = 1 << 20;
constexpr size_t kAlignment = 16;

size_t align(size_t n) {
  return (n + kAlignment - 1) & ~(kAlignment - 1);
}

}  // namespace

uint8_t* Arena::take(size_t size, size_t slack) {
  const size_t wanted = align(size + slack);
  while (current_ < chunks_.size() && chunks_[current_].size - used_ < wanted) {
    ++current_;
    used_ = 0;
  }
  if (current_ == chunks_.size()) {
    // Half of what there is already: blocks of about one size soon find all their pieces in a few
    // chunks.
    const size_t bytes = std::max({std::bit_ceil(wanted), kChunkBytes, capacity() / 2});
    // Not value-initialised: every byte that is sent is written first.
    chunks_.push_back({std::unique_ptr<uint8_t[]>(new uint8_t[bytes]), bytes});
    used_ = 0;
  }
  uint8_t* piece = chunks_[current_].data.get() + used_;
  used_ += wanted;
  return piece;
}

void Arena::shrink_last(uint8_t* piece, size_t used) {
  used_ = align(static_cast<size_t>(piece - chunks_[current_].data.get()) + used);
}

void Arena::reset() {
  if (current_ + 1 < chunks_.size()) chunks_.resize(current_ + 1);
  current_ = 0;
  used_ = 0;
}

size_t Arena::capacity() const {
  size_t bytes = 0;
  for (const Chunk& chunk : chunks_) bytes += chunk.size;
  return bytes;
}

}  // namespace clickhouse
