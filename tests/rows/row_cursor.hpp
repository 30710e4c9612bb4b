// SPDX-License-Identifier: Apache-2.0
//
// What the generators of rows write with.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace rows {

// Writes text at a moving place. The caller owns a buffer of kMaxRowSize bytes, which no row fills.
struct Cursor {
  char* at;

  Cursor& text(std::string_view value) {
    std::memcpy(at, value.data(), value.size());
    at += value.size();
    return *this;
  }

  Cursor& number(std::int64_t value) {
    at = std::to_chars(at, at + 20, value).ptr;
    return *this;
  }

  Cursor& padded(std::uint64_t value, int width) {
    for (int i = width - 1; i >= 0; --i, value /= 10) {
      at[i] = static_cast<char>('0' + value % 10);
    }
    at += width;
    return *this;
  }

  Cursor& hex(std::uint64_t value) {
    for (int i = 15; i >= 0; --i, value >>= 4) {
      at[i] = "0123456789abcdef"[value & 15];
    }
    at += 16;
    return *this;
  }

  Cursor& boolean(bool value) { return text(value ? "true" : "false"); }
};

}  // namespace rows
