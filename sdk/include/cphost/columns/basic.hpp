// SPDX-License-Identifier: Apache-2.0
// cphost/columns/basic.hpp: times as ClickHouse reads them with date_time_input_format = 'basic':
//
//     YYYY-MM-DD[(T| )hh:mm:ss][.f...]    any byte between the numbers; local
//     [-]NNNNN...[.f...]                  seconds since 1970, at least five bytes of them
//
// Only a DateTime64 has fractions, signs, and ticks of its scale: a whole number that would be
// beyond the year 9999 as seconds is that. Hours, minutes and seconds to 99 are added up.
//
// The engine looks at no digit of a date, and what it makes of a shorter number depends on how many
// bytes stand behind it: here neither is a time. It loses the sign of -0.5, which is refused too.
// Reads only the text. One thread.
#pragma once

#include "civil.hpp"
#include "dates.hpp"

namespace cphost::columns {

// What a text says: a moment, or (is_ticks) ticks of the scale.
struct BasicTime {
  Moment moment;
  int64_t ticks;
  bool is_ticks;
};

class Basic {
 public:
  // `scale` is that of a DateTime64, kNoScale for a DateTime.
  Basic(const Byte* p, const Byte* end, int scale) : p_(p), end_(end), scale_(scale) {}

  static constexpr int kNoScale = -1;

  // False: this is no time.
  bool parse(BasicTime& time) {
    time = {{0, 0, true}, 0, false};
    if (end_ - p_ < 5) return false;
    return is_digit(p_[4]) ? number(time) : date(time.moment);
  }

 private:
  bool take(Byte c) {
    if (p_ == end_ || *p_ != c) return false;
    ++p_;
    return true;
  }

  bool digits(unsigned n, unsigned& value) {
    value = 0;
    for (; n > 0; --n, ++p_) {
      if (p_ == end_ || !is_digit(*p_)) return false;
      value = value * 10 + static_cast<unsigned>(*p_ - '0');
    }
    return true;
  }

  bool behind_any_byte(unsigned& value) {
    if (p_ == end_) return false;
    ++p_;
    return digits(2, value);
  }

  bool date(Moment& moment) {
    unsigned year, month, day, hour = 0, minute = 0, second = 0;
    if (!digits(4, year) || !behind_any_byte(month) || !behind_any_byte(day)) return false;
    if (take(' ') || take('T')) {
      if (!digits(2, hour) || !behind_any_byte(minute) || !behind_any_byte(second)) return false;
    }
    int64_t days;
    if (year == 0 || !civil_to_days(year, month, day, days)) return false;
    moment.seconds = days * 86400 + int64_t{hour} * 3600 + minute * 60 + second;
    return fraction(moment.nanoseconds) && p_ == end_;
  }

  // The point and what follows it, if they are there.
  bool fraction(uint32_t& nanoseconds) {
    nanoseconds = 0;
    if (p_ == end_) return true;
    if (scale_ == kNoScale || !take('.')) return false;
    uint32_t unit = 100000000;
    for (; p_ != end_ && is_digit(*p_); ++p_, unit /= 10) {
      nanoseconds += unit * static_cast<uint32_t>(*p_ - '0');
    }
    return true;
  }

  bool number(BasicTime& time) {
    const bool negative = scale_ != kNoScale && take('-');
    int64_t whole = 0;
    for (; p_ != end_ && is_digit(*p_); ++p_) {
      if (__builtin_mul_overflow(whole, int64_t{10}, &whole) ||
          __builtin_add_overflow(whole, int64_t{*p_ - '0'}, &whole)) {
        return false;
      }
    }
    time.moment.local = false;
    time.moment.seconds = whole;
    time.is_ticks = scale_ != kNoScale && p_ == end_ && !negative && whole > kDateTime64Max;
    time.ticks = whole;
    if (!fraction(time.moment.nanoseconds) || p_ != end_) return false;
    if (!negative) return true;
    if (whole == 0) return time.moment.nanoseconds == 0;
    return negate(time);
  }

  // The fraction is cut off towards zero, so a negative time is made in ticks.
  bool negate(BasicTime& time) {
    const auto scale = static_cast<unsigned>(scale_);
    const int64_t part = scaled_fraction(time.moment.nanoseconds, scale);
    time.is_ticks = true;
    return !__builtin_mul_overflow(-time.moment.seconds, static_cast<int64_t>(kPowersOfTen[scale]),
                                   &time.ticks) &&
           !__builtin_sub_overflow(time.ticks, part, &time.ticks);
  }

  const Byte* p_;
  const Byte* const end_;
  const int scale_;
};

}  // namespace cphost::columns
