// SPDX-License-Identifier: Apache-2.0
// cphost/columns/uuid.hpp: UUIDs from text into their 16 bytes in the order of the text (RFC 4122).
#pragma once

#include <array>

#include "bytes.hpp"

namespace cphost::columns {

inline constexpr std::array<int8_t, 256> kHexDigits = [] {
  std::array<int8_t, 256> t{};
  for (int i = 0; i < 256; ++i) {
    const int lower = i | 0x20;
    t[static_cast<size_t>(i)] =
        static_cast<int8_t>(i >= '0' && i <= '9'           ? i - '0'
                            : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10
                                                           : -1);
  }
  return t;
}();

// 8-4-4-4-12 or 32 hexadecimal digits at p: returns the end or nullptr. Reads 36 bytes.
inline const Byte* parse_uuid(const Byte* p, Byte* out) {
  static constexpr uint8_t kDashed[16] = {0,  2,  4,  6,  9,  11, 14, 16,
                                          19, 21, 24, 26, 28, 30, 32, 34};
  const bool dashed = p[8] == '-' && p[13] == '-' && p[18] == '-' && p[23] == '-';
  int bad = 0;
  for (unsigned i = 0; i < 16; ++i) {
    const Byte* pair = p + (dashed ? kDashed[i] : 2 * i);
    const int high = kHexDigits[pair[0]], low = kHexDigits[pair[1]];
    bad |= high | low;
    out[i] = static_cast<Byte>((static_cast<unsigned>(high) << 4) | static_cast<unsigned>(low));
  }
  if (bad < 0) return nullptr;
  return p + (dashed ? 36 : 32);
}

}  // namespace cphost::columns
