// SPDX-License-Identifier: Apache-2.0
// cphost/columns/floats.hpp: number literals, and floats from them, correctly rounded.
//
// Rule for what a float cannot hold: a literal too large is refused (never infinity), one too small
// becomes zero with its sign, which is its correctly rounded value.
#pragma once

#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include "digits.hpp"
#include "reason.hpp"

namespace cphost::columns {

// The end of the number literal of RFC 8259 at p, or nullptr. Reads no further than `end`.
inline const Byte* scan_number(const Byte* p, const Byte* end) {
  const auto digits = [end](const Byte* q) {
    while (q < end && is_digit(*q)) ++q;
    return q;
  };
  if (p < end && *p == '-') ++p;
  const Byte* q = digits(p);
  if (q == p || (*p == '0' && q - p > 1)) return nullptr;
  p = q;
  if (p < end && *p == '.') {
    q = digits(++p);
    if (q == p) return nullptr;
    p = q;
  }
  if (p < end && (*p | 0x20) == 'e') {
    ++p;
    if (p < end && (*p == '+' || *p == '-')) ++p;
    q = digits(p);
    if (q == p) return nullptr;
    p = q;
  }
  return p;
}

namespace detail {

inline constexpr double kExactPowers[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                            1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// Whether a literal that is out of a float's range is too large, and not too small: where its first
// digit stands.
inline bool is_too_large(const Byte* p, const Byte* end) {
  if (*p == '-') ++p;
  int64_t digits_before_point = 0, exponent = 0;
  bool significant = false, point = false;
  for (; p < end && (*p | 0x20) != 'e'; ++p) {
    if (*p == '.') {
      point = true;
      continue;
    }
    significant |= *p != '0';
    if (significant && !point) ++digits_before_point;
    if (!significant && point) --digits_before_point;
  }
  if (p < end) {
    p += p[1] == '+' ? 2 : 1;
    const auto done = std::from_chars(reinterpret_cast<const char*>(p),
                                      reinterpret_cast<const char*>(end), exponent);
    if (done.ec == std::errc::result_out_of_range)
      exponent =
          *p == '-' ? std::numeric_limits<int32_t>::min() : std::numeric_limits<int32_t>::max();
  }
  return digits_before_point + exponent > 0;
}

template <class T>
[[gnu::noinline]] const Byte* parse_float_slow(const Byte* p, const Byte* end, T& value,
                                               Reason& reason) {
  const Byte* stop = scan_number(p, end);
  if (stop == nullptr) {
    reason = Reason::kNotANumber;
    return nullptr;
  }
  const auto done =
      std::from_chars(reinterpret_cast<const char*>(p), reinterpret_cast<const char*>(stop), value);
  if (done.ec == std::errc::result_out_of_range) {
    if (is_too_large(p, stop)) {
      reason = Reason::kFloatOutOfRange;
      return nullptr;
    }
    value = std::copysign(T{0}, *p == '-' ? T{-1} : T{1});
  }
  return stop;
}

}  // namespace detail

// The literal at p into a float or double, or nullptr and the reason.
template <class T>
[[gnu::always_inline]] inline const Byte* parse_float(const Byte* p, const Byte* end, T& value,
                                                      Reason& reason) {
  // Both the digits and the power of ten are exact in T: one division rounds once, and so rightly
  // (Clinger, 1990).
  constexpr uint64_t kExactDigits = sizeof(T) == 8 ? 1ull << 53 : 1ull << 24;
  constexpr unsigned kExactPower = sizeof(T) == 8 ? 22 : 10;
  const bool negative = *p == '-';
  const Byte* const first = p + negative;
  uint64_t digits;
  const unsigned n = digits16(first, digits);
  const Byte* q = first + n;
  unsigned m = 0;
  bool simple = n != 0 && n < 16 && (n == 1 || *first != '0');
  if (*q == '.' && simple) {
    uint64_t fraction;
    m = digits16(q + 1, fraction);
    q += m + 1;
    simple = m != 0 && n + m <= 19 && m < 16;
    if (simple) digits = digits * kPowersOfTen[m] + fraction;
  }
  if (!simple || digits > kExactDigits || m > kExactPower || (*q | 0x20) == 'e' || q > end)
      [[unlikely]] {
    return detail::parse_float_slow(p, end, value, reason);
  }
  const T magnitude = static_cast<T>(digits) / static_cast<T>(detail::kExactPowers[m]);
  value = negative ? -magnitude : magnitude;
  return q;
}

// The words for what no literal can say: nan, inf, infinity, with a sign, in any case.
template <class T>
inline bool parse_float_word(std::string_view text, T& value) {
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  const auto is = [text](std::string_view word) {
    if (text.size() != word.size()) return false;
    for (size_t i = 0; i < word.size(); ++i) {
      if ((text[i] | 0x20) != word[i]) return false;
    }
    return true;
  };
  if (is("nan")) {
    value = std::numeric_limits<T>::quiet_NaN();
  } else if (is("inf") || is("infinity")) {
    value = std::numeric_limits<T>::infinity();
  } else {
    return false;
  }
  if (negative) value = -value;
  return true;
}

}  // namespace cphost::columns
