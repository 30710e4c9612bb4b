// SPDX-License-Identifier: Apache-2.0
// random_arrays.hpp: Arrow arrays of a type whose shape and values come from an input: nulls at
// every level, offsets, children that are longer than need be, null lists and tuples with something
// below them. Every buffer has its exact size, so that the sanitizer sees what is read behind it.
#pragma once

#include <cphost/arrow_c_data.h>
#include <cphost/columns/type.hpp>

#include <cstring>
#include <memory>
#include <random>
#include <string_view>
#include <vector>

namespace fuzz {

// The bytes of an input, and an endless random tail behind them that depends on them alone.
class ByteSource {
 public:
  explicit ByteSource(std::string_view bytes)
      : left_(bytes), tail_(static_cast<unsigned>(bytes.size() + 1)) {}

  uint8_t byte() {
    if (left_.empty()) return static_cast<uint8_t>(tail_() >> 8);
    const auto out = static_cast<uint8_t>(left_.front());
    left_.remove_prefix(1);
    return out;
  }
  // Of 0 .. n-1; n at most 65536.
  size_t below(size_t n) {
    const size_t low = byte();
    return (n > 256 ? low << 8 | byte() : low) % n;
  }

 private:
  std::string_view left_;
  std::minstd_rand tail_;
};

// An array with all that it points to. Never moves.
class RandomArray {
 public:
  RandomArray(const cphost::columns::Type& type, size_t length, bool may_be_null, ByteSource& in);
  // A struct without nulls, as blocks have them.
  RandomArray(const std::vector<cphost::columns::Type>& columns, size_t length, ByteSource& in);
  RandomArray(const RandomArray&) = delete;
  RandomArray& operator=(const RandomArray&) = delete;

  const ArrowArray& array() const { return array_; }

 private:
  using Memory = std::unique_ptr<uint8_t[]>;

  uint8_t* take(size_t bytes);
  void make_validity(size_t slots, bool may_be_null, ByteSource& in);
  void make_values(const cphost::columns::Type& type, size_t slots, ByteSource& in);
  void make_text(size_t slots, ByteSource& in);
  void make_json(size_t slots, ByteSource& in);
  size_t make_offsets(size_t slots, size_t length_max, ByteSource& in);
  void add_child(std::unique_ptr<RandomArray> child);
  void finish(size_t length, size_t offset);

  ArrowArray array_ = {};
  std::vector<Memory> memory_;
  std::vector<const void*> buffers_;
  std::vector<std::unique_ptr<RandomArray>> children_;
  std::vector<ArrowArray*> pointers_;
};

}  // namespace fuzz
