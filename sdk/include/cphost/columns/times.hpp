// SPDX-License-Identifier: Apache-2.0
// cphost/columns/times.hpp: times of ClickHouse's Time and Time64, which are spans of up to 1000
// hours in either direction.
//
//     [-]h:mm:ss  [-]hh:mm:ss  [-]hhh:mm:ss  [-]m:ss  [-]mm:ss  [-]s  [-]ss
//     of Time64 each of them with [.f...] behind it, and -.f... alone
//
// Minutes and seconds may be beyond 59: "99:99" is 1:40:39. Excess digits of a fraction are cut
// off.
#pragma once

#include "dates.hpp"
#include "digits.hpp"
#include "reason.hpp"

namespace cphost::columns {

inline constexpr int64_t kTimeSecondsMax = 999 * 3600 + 59 * 60 + 59;

// Ticks that a document gives as a number.
inline bool time_in_range(int64_t ticks, unsigned scale) {
  const int64_t end = (kTimeSecondsMax + 1) * static_cast<int64_t>(kPowersOfTen[scale]);
  return ticks > -end && ticks < end;
}

namespace detail {

// "hh:mm:ss" and what is shorter, at p: returns the end, or nullptr.
inline const Byte* parse_time_parts(const Byte* p, int64_t& seconds) {
  unsigned n = 0;
  int64_t first = 0;
  while (n < 3 && is_digit(p[n])) first = first * 10 + (p[n++] - '0');
  if (n == 0) return nullptr;
  p += n;
  const auto part = [](const Byte* q, int64_t& value) {
    if (q[0] != ':' || !is_digit(q[1]) || !is_digit(q[2])) return false;
    value = (q[1] - '0') * 10 + (q[2] - '0');
    return true;
  };
  int64_t second = 0, third = 0;
  seconds = first;
  if (part(p, second)) {
    seconds = first * 60 + second;
    p += 3;
    if (part(p, third)) {
      seconds = seconds * 60 + third;
      return p + 3;
    }
  }
  return n < 3 ? p : nullptr;  // three digits are hours alone
}

}  // namespace detail

// The time at p in ticks of `scale`; without `fractions` none may follow. Returns the end, or
// nullptr. The range is the caller's to judge.
inline const Byte* parse_time(const Byte* p, bool fractions, unsigned scale, int64_t& ticks) {
  const bool negative = *p == '-';
  p += negative;
  int64_t seconds = 0;
  if (!(fractions && negative && *p == '.')) p = detail::parse_time_parts(p, seconds);
  if (p == nullptr) return nullptr;
  ticks = seconds * static_cast<int64_t>(kPowersOfTen[scale]);
  if (fractions && *p == '.') {
    unsigned n = 0;
    for (++p; is_digit(*p); ++p) {
      if (n < scale) ticks += (*p - '0') * static_cast<int64_t>(kPowersOfTen[scale - ++n]);
    }
  }
  if (negative) ticks = -ticks;
  return p;
}

}  // namespace cphost::columns
