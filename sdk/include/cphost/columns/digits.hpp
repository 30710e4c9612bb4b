// SPDX-License-Identifier: Apache-2.0
// cphost/columns/digits.hpp: runs of decimal digits, eight at a time in one register (Lemire,
// "Quickly parsing eight digits", 2018-10-03). Reads at most 16 bytes.
#pragma once

#include "bytes.hpp"

namespace cphost::columns {

inline constexpr uint64_t kPowersOfTen[20] = {1ull,
                                              10ull,
                                              100ull,
                                              1000ull,
                                              10000ull,
                                              100000ull,
                                              1000000ull,
                                              10000000ull,
                                              100000000ull,
                                              1000000000ull,
                                              10000000000ull,
                                              100000000000ull,
                                              1000000000000ull,
                                              10000000000000ull,
                                              100000000000000ull,
                                              1000000000000000ull,
                                              10000000000000000ull,
                                              100000000000000000ull,
                                              1000000000000000000ull,
                                              10000000000000000000ull};

// The digits at p, at most 8: returns how many, and their value.
inline unsigned digits8(const Byte* p, uint64_t& value) {
  uint64_t v = load8(p) ^ 0x3030303030303030ull;
  // A byte above 9 sets its high bit; what a carry does to the bytes behind the first such byte
  // does not matter.
  const uint64_t other = ((v + 0x7676767676767676ull) | v) & 0x8080808080808080ull;
  const unsigned n = other != 0 ? static_cast<unsigned>(__builtin_ctzll(other)) >> 3 : 8;
  if (n == 0) {
    value = 0;
    return 0;
  }
  v <<= 64 - 8 * n;
  v = v * 10 + (v >> 8);
  value = ((v & 0x000000ff000000ffull) * 0x000f424000000064ull +
           ((v >> 16) & 0x000000ff000000ffull) * 0x0000271000000001ull) >>
          32;
  return n;
}

// The same for at most 16.
inline unsigned digits16(const Byte* p, uint64_t& value) {
  const unsigned n = digits8(p, value);
  if (n < 8) return n;
  uint64_t low;
  const unsigned m = digits8(p + 8, low);
  value = value * kPowersOfTen[m] + low;
  return 8 + m;
}

}  // namespace cphost::columns
