// SPDX-License-Identifier: Apache-2.0
// cphost/columns/wide_integers.hpp: integers of 128 and 256 bits from literals, exactly: nothing
// wraps.
#pragma once

#include "digits.hpp"
#include "integers.hpp"
#include "reason.hpp"

namespace cphost::columns {

namespace detail {

__extension__ typedef unsigned __int128 uint128;

// 256 bits, lowest limb first.
struct WideInteger {
  uint64_t limb[4] = {0, 0, 0, 0};

  // Returns what does not fit into the 256 bits.
  uint64_t multiply_add(uint64_t factor, uint64_t addend) {
    for (uint64_t& l : limb) {
      const uint128 t = static_cast<uint128>(l) * factor + addend;
      l = static_cast<uint64_t>(t);
      addend = static_cast<uint64_t>(t >> 64);
    }
    return addend;
  }
  // Returns the remainder.
  uint64_t divide(uint64_t by) {
    uint64_t rest = 0;
    for (int i = 3; i >= 0; --i) {
      const uint128 t = static_cast<uint128>(rest) << 64 | limb[i];
      limb[i] = static_cast<uint64_t>(t / by);
      rest = static_cast<uint64_t>(t % by);
    }
    return rest;
  }
  void negate() {
    uint64_t carry = 1;
    for (uint64_t& l : limb) {
      l = ~l + carry;
      carry = carry != 0 && l == 0;
    }
  }
  bool is_zero() const { return (limb[0] | limb[1] | limb[2] | limb[3]) == 0; }
};

// Whether a magnitude fits into `width` bytes (16 or 32); the least signed value does too.
inline bool magnitude_fits(const WideInteger& value, bool negative, bool is_signed, size_t width) {
  if (!is_signed) return !negative;  // ClickHouse takes no -0 either
  const size_t top = width / 8 - 1;
  const uint64_t sign = uint64_t{1} << 63;
  if (value.limb[top] < sign) return true;
  if (!negative || value.limb[top] != sign) return false;
  for (size_t i = 0; i < top; ++i) {
    if (value.limb[i] != 0) return false;
  }
  return true;
}

}  // namespace detail

// The integer literal at p into `width` bytes (16 or 32) of two's complement at `out`: returns its
// end, or nullptr and the reason. Of digits behind `end` some are read, but not all that there are.
[[gnu::noinline]] inline const Byte* parse_wide_integer(const Byte* p, const Byte* end,
                                                        bool is_signed, size_t width, Byte* out,
                                                        Reason& reason) {
  const bool negative = *p == '-';
  p += negative;
  uint64_t digits;
  unsigned n = digits16(p, digits);
  if (n == 0 || (*p == '0' && n > 1)) {
    reason = Reason::kNotANumber;
    return nullptr;
  }
  detail::WideInteger value;
  bool fits = true;
  for (; n != 0; n = p < end ? digits16(p, digits) : 0) {
    fits = fits && value.multiply_add(kPowersOfTen[n], digits) == 0 &&
           (width == 32 || (value.limb[2] | value.limb[3]) == 0);
    p += n;
  }
  if (!fits || !detail::magnitude_fits(value, negative, is_signed, width)) {
    reason = Reason::kIntOutOfRange;
    return nullptr;
  }
  if (continues_number(p)) {
    reason = Reason::kNotAnInteger;
    return nullptr;
  }
  if (negative) value.negate();
  std::memcpy(out, value.limb, width);
  return p;
}

// An integer that a parser delivers as such; false where it is negative and the type unsigned.
inline bool integer_to_wide(bool negative, uint64_t magnitude, bool is_signed, size_t width,
                            Byte* out) {
  if (negative && !is_signed && magnitude != 0) return false;
  detail::WideInteger value;
  value.limb[0] = magnitude;
  if (negative) value.negate();
  std::memcpy(out, value.limb, width);
  return true;
}

}  // namespace cphost::columns
