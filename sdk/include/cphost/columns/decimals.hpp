// SPDX-License-Identifier: Apache-2.0
// cphost/columns/decimals.hpp: number literals into decimals of 32 to 256 bits, exactly. Excess
// digits of the fraction are cut off (as ClickHouse does); too many integer digits are refused.
// Exponents are allowed.
#pragma once

#include <algorithm>
#include <limits>

#include "digits.hpp"
#include "floats.hpp"
#include "reason.hpp"
#include "wide_integers.hpp"

namespace cphost::columns {

struct DecimalShape {
  uint8_t precision, scale, width;  // digits, digits of the fraction, bytes
};

namespace detail {

// False where the exponent is beyond 32 bits: ClickHouse refuses that even for 0.
inline bool parse_exponent(const Byte* p, const Byte* stop, int64_t& value) {
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  const bool negative = *p == '-';
  if (*p == '-' || *p == '+') ++p;
  for (value = 0; p < stop && value <= kMax; ++p) value = value * 10 + (*p - '0');
  if (value > kMax) return false;
  if (negative) value = -value;
  return true;
}

// As ClickHouse counts: at most `precision` digits are looked at, zeros behind the point too.
[[gnu::noinline]] inline const Byte* parse_decimal_slow(const Byte* p, const Byte* end,
                                                        DecimalShape shape, Byte* out,
                                                        Reason& reason) {
  const Byte* stop = scan_number(p, end);
  if (stop == nullptr) {
    reason = Reason::kNotANumber;
    return nullptr;
  }
  const auto refuse = [&reason]() -> const Byte* {
    reason = Reason::kDecimalOutOfRange;
    return nullptr;
  };
  const bool negative = *p == '-';
  p += negative;
  WideInteger value;
  int64_t digits = 0, zeros = 0, exponent = 0;
  bool leading = true, fraction = false;
  for (; p < stop && (is_digit(*p) || *p == '.'); ++p) {
    if (*p == '.') {
      fraction = true;
      leading = false;
    } else if (*p == '0' && (leading || fraction)) {
      zeros += !leading;
    } else if (digits + zeros < shape.precision) {
      leading = false;
      digits += zeros + 1;
      if (fraction) exponent -= zeros + 1;
      for (; zeros > 0; --zeros) value.multiply_add(10, 0);
      value.multiply_add(10, static_cast<uint64_t>(*p - '0'));
    } else if (!fraction) {
      return refuse();
    } else {
      ++zeros;  // cut off
    }
  }
  int64_t shift = 0;
  if (p < stop && !parse_exponent(p + 1, stop, shift)) return refuse();
  exponent += shift;
  if (digits + exponent > shape.precision - shape.scale) return refuse();
  if (digits != 0) {
    for (shift = exponent + shape.scale; shift > 0; --shift) value.multiply_add(10, 0);
    if (shift < -digits) {  // An exponent may ask for more steps than a lifetime has.
      value = {};
      shift = 0;
    }
    for (; shift < 0; ++shift) value.divide(10);
    if (negative) value.negate();
  }
  std::memcpy(out, value.limb, shape.width);
  return stop;
}

}  // namespace detail

// A whole number as decimal; false where it has too many digits. Writes shape.width bytes.
inline bool integer_to_decimal(bool negative, uint64_t magnitude, DecimalShape shape, Byte* out) {
  const unsigned room = shape.precision - shape.scale;
  if (room < 20 && magnitude >= kPowersOfTen[room]) return false;
  detail::WideInteger value;
  value.limb[0] = magnitude;
  for (unsigned i = 0; i < shape.scale; ++i) value.multiply_add(10, 0);
  if (negative) value.negate();
  std::memcpy(out, value.limb, shape.width);
  return true;
}

// The literal at p; writes shape.width bytes. Returns the end, or nullptr and the reason.
inline const Byte* parse_decimal(const Byte* p, const Byte* end, DecimalShape shape, Byte* out,
                                 Reason& reason) {
  const bool negative = *p == '-';
  const Byte* const first = p + negative;
  uint64_t integer, fraction = 0;
  const unsigned n = digits16(first, integer);
  const Byte* q = first + n;
  unsigned m = 0;
  bool simple = n != 0 && n + shape.scale <= 18 && (n == 1 || *first != '0');
  if (*q == '.') {
    m = digits16(q + 1, fraction);
    q += m + 1;
    simple = simple && m != 0 && m <= shape.scale;
  }
  simple = simple && (*q | 0x20) != 'e' && !is_digit(*q) && q <= end;
  if (!simple || integer >= kPowersOfTen[std::min(18, shape.precision - shape.scale)])
      [[unlikely]] {
    return detail::parse_decimal_slow(p, end, shape, out, reason);
  }
  const int64_t magnitude = static_cast<int64_t>(integer * kPowersOfTen[shape.scale] +
                                                 fraction * kPowersOfTen[shape.scale - m]);
  const int64_t value = negative ? -magnitude : magnitude;
  const int64_t wide[4] = {value, value >> 63, value >> 63, value >> 63};
  std::memcpy(out, wide, shape.width);
  return q;
}

}  // namespace cphost::columns
