// SPDX-License-Identifier: Apache-2.0
// cphost/columns/integers.hpp: integer literals, exactly: nothing wraps, nothing saturates, nothing
// goes by way of a double. A literal has no sign but '-', and no leading zero; what follows it is
// the caller's to judge.
#pragma once

#include <limits>
#include <type_traits>

#include "digits.hpp"
#include "reason.hpp"

namespace cphost::columns {

// The digits at p as a number of 64 bits: returns the end, or nullptr when there is none, a leading
// zero, or an overflow (then `reason` tells which).
[[gnu::always_inline]] inline const Byte* parse_magnitude(const Byte* p, uint64_t& value,
                                                          Reason& reason) {
  const unsigned n = digits16(p, value);
  if (n == 0 || (*p == '0' && n > 1)) [[unlikely]] {
    reason = Reason::kNotANumber;
    return nullptr;
  }
  p += n;
  if (n == 16) [[unlikely]] {
    // 20 digits are the most that can fit; a 21st is an overflow.
    for (; is_digit(*p); ++p) {
      if (__builtin_mul_overflow(value, uint64_t{10}, &value) ||
          __builtin_add_overflow(value, static_cast<uint64_t>(*p - '0'), &value)) {
        reason = Reason::kIntOutOfRange;
        return nullptr;
      }
    }
  }
  return p;
}

// The integer at p into `value`, or nullptr and the reason.
template <class T>
inline const Byte* parse_integer(const Byte* p, T& value, Reason& reason) {
  const bool negative = *p == '-';
  uint64_t magnitude;
  p = parse_magnitude(p + negative, magnitude, reason);
  if (p == nullptr) [[unlikely]]
    return nullptr;
  constexpr uint64_t kLimit = static_cast<uint64_t>(std::numeric_limits<T>::max());
  const bool wrong_sign = negative && !std::is_signed_v<T>;  // ClickHouse takes no -0 either
  if (magnitude > kLimit + negative || wrong_sign) [[unlikely]] {
    reason = Reason::kIntOutOfRange;
    return nullptr;
  }
  value = static_cast<T>(negative ? 0 - magnitude : magnitude);
  return p;
}

// Whether a number that was read as an integer goes on as a fraction or with an exponent.
inline bool continues_number(const Byte* p) {
  return *p == '.' || (*p | 0x20) == 'e';
}

// Range checks for what a parser delivers as a number already.
template <class T>
constexpr bool fits(int64_t value) {
  if constexpr (std::is_unsigned_v<T>) {
    return value >= 0 && static_cast<uint64_t>(value) <= std::numeric_limits<T>::max();
  } else {
    return value >= std::numeric_limits<T>::min() && value <= std::numeric_limits<T>::max();
  }
}

template <class T>
constexpr bool fits(uint64_t value) {
  return value <= static_cast<uint64_t>(std::numeric_limits<T>::max());
}

}  // namespace cphost::columns
