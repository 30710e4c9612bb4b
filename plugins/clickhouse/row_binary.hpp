// SPDX-License-Identifier: Apache-2.0
// Reads answers in ClickHouse's RowBinary format: value after value, no names, no types. A view of
// the answer, which must outlive it; one thread.
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace clickhouse {

class RowBinaryReader {
 public:
  explicit RowBinaryReader(std::string_view answer) : rest_(answer) {}

  bool at_end() const { return rest_.empty(); }

  /// A value of fixed width. Throws std::runtime_error where the answer ends within it, as text()
  /// does.
  template <class T>
  T number() {
    T value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }

  std::string_view text() { return take(varint()); }

  /// How many entries of a Map or Array follow.
  uint64_t varint() {
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = number<uint8_t>();
      value |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw std::runtime_error("an answer in RowBinary has a number of more than 64 bits");
  }

 private:
  std::string_view take(uint64_t size) {
    if (size > rest_.size()) throw std::runtime_error("an answer in RowBinary ends within a value");
    const std::string_view taken = rest_.substr(0, static_cast<size_t>(size));
    rest_.remove_prefix(static_cast<size_t>(size));
    return taken;
  }

  std::string_view rest_;
};

}  // namespace clickhouse
