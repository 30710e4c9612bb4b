// SPDX-License-Identifier: Apache-2.0
// cphost/columns/padded.hpp: the records of a binary column, each with kPadding readable bytes
// behind it.
//
// Records of a batch lie one behind the other, so the bytes behind one are the next one's:
// readable, and never to be believed. Nothing is known of what lies behind the last: the few
// records that end within kPadding of it are copied.
#pragma once

#include <vector>

#include "../arrow_c_data.h"
#include "bytes.hpp"

namespace cphost::columns {

class PaddedRecords {
 public:
  struct Record {
    const Byte* begin;  // nullptr: a null
    const Byte* end;
  };

  // Binds a batch. `column` has 32-bit offsets (Arrow's `z` or `u`).
  void bind(const ArrowArray& column) {
    validity_ = column.null_count == 0 ? nullptr : static_cast<const Byte*>(column.buffers[0]);
    offsets_ = static_cast<const int32_t*>(column.buffers[1]) + column.offset;
    data_ = static_cast<const Byte*>(column.buffers[2]);
    first_ = column.offset;
    const int64_t size = column.length == 0 ? 0 : offsets_[column.length];
    safe_end_ = size > static_cast<int64_t>(kPadding) ? size - static_cast<int64_t>(kPadding) : -1;
  }

  // Valid until the next call.
  Record at(int64_t i) {
    const int64_t bit = first_ + i;
    if (validity_ != nullptr && (validity_[bit / 8] >> (bit % 8) & 1) == 0)
      return {nullptr, nullptr};
    const int32_t begin = offsets_[i], end = offsets_[i + 1];
    if (end <= safe_end_) [[likely]]
      return {data_ + begin, data_ + end};
    const size_t size = static_cast<size_t>(end - begin);
    if (copy_.size() < size + kPadding) copy_.resize(size + size / 2 + kPadding);
    if (size != 0) std::memcpy(copy_.data(), data_ + begin, size);
    std::memset(copy_.data() + size, 0, kPadding);
    return {copy_.data(), copy_.data() + size};
  }

 private:
  const Byte* validity_ = nullptr;
  const int32_t* offsets_ = nullptr;
  const Byte* data_ = nullptr;
  int64_t first_ = 0, safe_end_ = 0;
  std::vector<Byte> copy_;
};

}  // namespace cphost::columns
