// SPDX-License-Identifier: Apache-2.0
// cphost/columns/utf8.hpp: UTF-8, strictly (Unicode, table 3-7): no overlong forms, no surrogates,
// nothing above U+10FFFF.
#pragma once

#include "bytes.hpp"

namespace cphost::columns {

// The size of the sequence at p (2 to 4; its first byte is 0x80 or above), or 0 where it is none.
// Reads 4 bytes.
inline unsigned utf8_sequence(const Byte* p) {
  const auto continues = [p](int i) { return (p[i] & 0xc0) == 0x80; };
  const Byte first = p[0];
  if (first < 0xe0) return first >= 0xc2 && continues(1) ? 2 : 0;
  if (first < 0xf0) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xe0) return p[1] >= 0xa0 ? 3 : 0;
    if (first == 0xed) return p[1] < 0xa0 ? 3 : 0;
    return 3;
  }
  if (first > 0xf4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (first == 0xf0) return p[1] >= 0x90 ? 4 : 0;
  if (first == 0xf4) return p[1] < 0x90 ? 4 : 0;
  return 4;
}

// Writes a code point (no surrogate): returns the number of bytes.
inline unsigned utf8_encode(uint32_t code, Byte* out) {
  const auto tail = [code](unsigned shift) {
    return static_cast<Byte>(0x80 | (code >> shift & 0x3f));
  };
  if (code < 0x80) {
    out[0] = static_cast<Byte>(code);
    return 1;
  }
  if (code < 0x800) {
    out[0] = static_cast<Byte>(0xc0 | code >> 6);
    out[1] = tail(0);
    return 2;
  }
  if (code < 0x10000) {
    out[0] = static_cast<Byte>(0xe0 | code >> 12);
    out[1] = tail(6);
    out[2] = tail(0);
    return 3;
  }
  out[0] = static_cast<Byte>(0xf0 | code >> 18);
  out[1] = tail(12);
  out[2] = tail(6);
  out[3] = tail(0);
  return 4;
}

}  // namespace cphost::columns
