// SPDX-License-Identifier: Apache-2.0
// cphost/columns/dates.hpp: dates and times from text, and their ranges in ClickHouse.
//
//     YYYY-MM-DD                                               a date; as a time, its midnight
//     YYYY/M/D and the like, YYYYMMDD                          a date
//     YYYY-MM-DD[T| ]hh:mm[:ss[.f...]][Z|+hh:mm|-hh:mm|+hhmm]  a time; best_effort.hpp has the rest
//
// What date_time_input_format = 'basic' reads is in basic.hpp.
//
// Excess digits of a fraction are cut off. A time without an offset is one of the column's zone. No
// clock is consulted.
#pragma once

#include "civil.hpp"
#include "digits.hpp"
#include "reason.hpp"
#include "time_zone.hpp"

namespace cphost::columns {

inline constexpr int64_t kDateDaysMax = 65535;       // 2149-06-06
inline constexpr int64_t kDate32DaysMin = -25567;    // 1900-01-01
inline constexpr int64_t kDate32DaysMax = 120529;    // 2299-12-31
inline constexpr int64_t kDayNumberMin = -719528;    // 0000-01-01: a number goes further than text
inline constexpr int64_t kDayNumberMax = 2932896;    // 9999-12-31
inline constexpr int64_t kDateTimeMax = 4294967295;  // 2106-02-07 06:28:15
inline constexpr int64_t kDateTime64Min = -62167219200;  // 0000-01-01
inline constexpr int64_t kDateTime64Max = 253402300799;  // 9999-12-31 23:59:59

// A point in time as text says it: seconds since 1970 (UTC, or local while no offset was read) and
// nanoseconds.
struct Moment {
  int64_t seconds;
  uint32_t nanoseconds;
  bool local;
};

namespace detail {

// Whether all bytes of v (text XOR pattern) are at most the bytes of limit: then no byte of the sum
// reaches 0x80.
constexpr bool within(uint64_t v, uint64_t limit) {
  return (((v + (0x7f7f7f7f7f7f7f7full - limit)) | v) & 0x8080808080808080ull) == 0;
}

// Neighbouring digits of v become numbers below 100, in the byte of the first digit.
constexpr uint64_t pairs(uint64_t v) {
  return v * 10 + (v >> 8);
}

inline constexpr uint64_t kDatePattern = 0x2d30302d30303030ull;  // "0000-00-"
inline constexpr uint64_t kDateLimit = 0x0009090009090909ull;
inline constexpr uint64_t kClockPattern = 0x30303a3030003030ull;  // "00?00:00"
inline constexpr uint64_t kClockLimit = 0x09090009097f0909ull;
inline constexpr uint64_t kClockDigits =
    0xffffffffff00ffffull;  // all but the byte between date and clock

}  // namespace detail

// YYYY-MM-DD at p: returns the end or nullptr. Reads 16 bytes.
inline const Byte* parse_day(const Byte* p, int64_t& days) {
  const uint64_t v = load8(p) ^ detail::kDatePattern;
  const unsigned tens = static_cast<unsigned>(p[8] - '0');
  const unsigned ones = static_cast<unsigned>(p[9] - '0');
  if (!detail::within(v, detail::kDateLimit) || tens > 9 || ones > 9) return nullptr;
  const uint64_t t = detail::pairs(v);
  const unsigned year = static_cast<unsigned>((t & 0xff) * 100 + (t >> 16 & 0xff));
  if (!civil_to_days(year, t >> 40 & 0xff, tens * 10 + ones, days)) return nullptr;
  return p + 10;
}

// YYYYMMDD, or a date with any delimiters and perhaps one digit for month and day. Returns the end
// or nullptr.
inline const Byte* parse_loose_day(const Byte* p, int64_t& days) {
  const auto digit = [&p](int i) { return static_cast<unsigned>(p[i] - '0'); };
  for (int i = 0; i < 4; ++i) {
    if (digit(i) > 9) return nullptr;
  }
  const unsigned year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  p += 4;
  const bool delimited = digit(0) > 9;
  unsigned parts[2];
  for (unsigned& part : parts) {
    if (delimited && (*p == 0 || is_digit(*p++))) return nullptr;
    if (digit(0) > 9) return nullptr;
    part = digit(0);
    ++p;
    if (digit(0) > 9) {
      if (!delimited) return nullptr;
      continue;
    }
    part = part * 10 + digit(0);
    ++p;
  }
  return civil_to_days(year, parts[0], parts[1], days) ? p : nullptr;
}

// The digits of a fraction at p (behind the point): returns the end or nullptr when there is none.
inline const Byte* parse_fraction(const Byte* p, uint32_t& nanoseconds) {
  uint64_t value;
  const unsigned n = digits8(p, value);
  if (n == 0) return nullptr;
  p += n;
  if (n < 8) {
    nanoseconds = static_cast<uint32_t>(value * kPowersOfTen[9 - n]);
    return p;
  }
  nanoseconds = static_cast<uint32_t>(value * 10);
  if (is_digit(*p)) nanoseconds += static_cast<uint32_t>(*p++ - '0');
  for (int more = 0; is_digit(*p); ++p) {
    if (++more > 10) return nullptr;
  }
  return p;
}

// Z, +hh:mm, +hhmm, +hh at p, or nothing: sets moment.local. Returns the end, or nullptr.
inline const Byte* parse_offset(const Byte* p, Moment& moment) {
  moment.local = false;
  if (*p == 'Z') return p + 1;
  if (*p != '+' && *p != '-') {
    moment.local = true;
    return p;
  }
  const bool west = *p == '-';
  if (!is_digit(p[1]) || !is_digit(p[2])) return nullptr;
  const int hours = (p[1] - '0') * 10 + p[2] - '0';
  int minutes = 0;
  p += 3;
  const Byte* q = p + (*p == ':');
  if (is_digit(*q)) {
    if (!is_digit(q[1])) return nullptr;
    minutes = (q[0] - '0') * 10 + q[1] - '0';
    p = q + 2;
  } else if (q != p) {
    return nullptr;
  }
  if (hours > 18 || minutes > 59) return nullptr;
  const int offset = hours * 3600 + minutes * 60;
  moment.seconds += west ? offset : -offset;
  return p;
}

// The clock behind a date, p at its hour ("hh:mm[:ss[.f]][offset]").
inline const Byte* parse_clock(const Byte* p, int64_t days, Moment& moment) {
  const auto pair = [p](int at) -> unsigned {
    const unsigned tens = static_cast<unsigned>(p[at] - '0');
    const unsigned ones = static_cast<unsigned>(p[at + 1] - '0');
    return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
  };
  const unsigned hour = pair(0), minute = pair(3);
  unsigned second = 0;
  if (hour > 23 || p[2] != ':' || minute > 59) return nullptr;
  const Byte* q = p + 5;
  moment.nanoseconds = 0;
  if (*q == ':') {
    second = pair(6);
    if (second > 59) return nullptr;
    q = p + 8;
    if (*q == '.') {
      q = parse_fraction(q + 1, moment.nanoseconds);
      if (q == nullptr) return nullptr;
    }
  }
  moment.seconds = days * 86400 + static_cast<int64_t>(hour * 3600 + minute * 60 + second);
  return parse_offset(q, moment);
}

// A date alone, or without seconds.
[[gnu::noinline]] inline const Byte* parse_moment_slow(const Byte* p, Moment& moment) {
  int64_t days;
  moment = {0, 0, true};
  const Byte* q = parse_day(p, days);
  if (q == nullptr) return nullptr;
  if (*q == 'T' || *q == ' ') return parse_clock(q + 1, days, moment);
  moment.seconds = days * 86400;
  return q;
}

// A time at p. Returns the end or nullptr. Reads at most kPadding bytes.
inline const Byte* parse_moment(const Byte* p, Moment& moment) {
  const uint64_t date = load8(p) ^ detail::kDatePattern;
  const uint64_t clock = load8(p + 8) ^ detail::kClockPattern;
  if (detail::within(date, detail::kDateLimit) && detail::within(clock, detail::kClockLimit) &&
      (p[10] == 'T' || p[10] == ' ') && p[16] == ':') [[likely]] {
    const uint64_t d = detail::pairs(date);
    const uint64_t c = detail::pairs(clock & detail::kClockDigits);
    const unsigned year = static_cast<unsigned>((d & 0xff) * 100 + (d >> 16 & 0xff));
    const unsigned hour = c >> 24 & 0xff;
    const unsigned minute = c >> 48 & 0xff;
    const unsigned tens = static_cast<unsigned>(p[17] - '0');
    const unsigned ones = static_cast<unsigned>(p[18] - '0');
    int64_t days;
    if (tens > 5 || ones > 9 || hour > 23 || minute > 59 ||
        !civil_to_days(year, d >> 40 & 0xff, c & 0xff, days)) {
      return nullptr;
    }
    moment.seconds =
        days * 86400 + static_cast<int64_t>(hour * 3600 + minute * 60 + tens * 10 + ones);
    moment.nanoseconds = 0;
    p += 19;
    if (*p == '.') {
      p = parse_fraction(p + 1, moment.nanoseconds);
      if (p == nullptr) return nullptr;
    }
    return parse_offset(p, moment);
  }
  return parse_moment_slow(p, moment);
}

inline Reason moment_to_seconds(Moment moment, TimeZone* zone, uint32_t& value) {
  if (moment.local && zone != nullptr) moment.seconds = zone->to_utc(moment.seconds);
  if (moment.seconds < 0 || moment.seconds > kDateTimeMax) return Reason::kDateOutOfRange;
  value = static_cast<uint32_t>(moment.seconds);
  return Reason::kNone;
}

// Nanoseconds in units of a scale. The usual scales divide by a constant, which is a
// multiplication.
inline uint32_t scaled_fraction(uint32_t nanoseconds, unsigned scale) {
  switch (scale) {
    case 0:
      return 0;
    case 3:
      return nanoseconds / 1000000;
    case 6:
      return nanoseconds / 1000;
    case 9:
      return nanoseconds;
    default:
      return nanoseconds / static_cast<uint32_t>(kPowersOfTen[9 - scale]);
  }
}

// Seconds in ticks of a scale from 0 to 9; what int64 cannot hold (from scale 9 on) is out of range
// too.
inline Reason moment_to_ticks(Moment moment, TimeZone* zone, unsigned scale, int64_t& value) {
  if (moment.seconds < kDateTime64Min || moment.seconds > kDateTime64Max) {
    return Reason::kDateOutOfRange;
  }
  if (moment.local && zone != nullptr) moment.seconds = zone->to_utc(moment.seconds);
  const int64_t fraction = scaled_fraction(moment.nanoseconds, scale);
  if (__builtin_mul_overflow(moment.seconds, static_cast<int64_t>(kPowersOfTen[scale]), &value) ||
      __builtin_add_overflow(value, fraction, &value)) {
    return Reason::kDateOutOfRange;
  }
  return Reason::kNone;
}

// Ticks that a document gives as a number.
inline bool ticks_in_range(int64_t ticks, unsigned scale) {
  const int64_t unit = static_cast<int64_t>(kPowersOfTen[scale]);
  const int64_t seconds = ticks / unit - (ticks % unit < 0);
  return seconds >= kDateTime64Min && seconds <= kDateTime64Max;
}

}  // namespace cphost::columns
