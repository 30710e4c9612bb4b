// SPDX-License-Identifier: Apache-2.0
// cphost/columns/best_effort.hpp: times in nearly any spelling, as ClickHouse reads them with
// date_time_input_format = 'best_effort':
//
//     BestEffort(text, end, with_fraction).parse(moment)       false: this is no time
//
// or with 'best_effort_us' (month_first): then 1/2/2026 is the second of January, and there are no
// names of months between such delimiters.
//
// It is the way for texts that dates.hpp does not know. Words and numbers are taken from left to
// right; what they mean depends on what is known already, so the order of the branches matters. The
// engine takes the year that a text does not say from the clock, and reads month 00 as month 1:
// here such a text is no time. Reads only the text and up to kPadding bytes behind it. One thread.
#pragma once

#include <string_view>

#include "civil.hpp"
#include "dates.hpp"

namespace cphost::columns {

class BestEffort {
 public:
  // A DateTime has no fraction, and then a point behind seconds since 1970 is refused.
  BestEffort(const Byte* p, const Byte* end, bool with_fraction, bool month_first = false)
      : p_(p), end_(end), with_fraction_(with_fraction), month_first_(month_first) {}

  bool parse(Moment& moment) {
    moment = {0, 0, true};
    while (p_ < end_ && !done_ && !failed_) {
      if ((year_ != 0) != has_time_ && *p_ == ',') {
        comma_ = true;
        if (++p_ == end_) break;
      }
      if (year_ != 0 && has_time_) {
        other(moment);
      } else if (!number(moment)) {
        other(moment);
      }
    }
    if (failed_ || p_ != end_) return false;
    return epoch_ || compose(moment);
  }

 private:
  static constexpr unsigned kDigitsMax = 19;

  bool at(Byte c) const { return p_ < end_ && *p_ == c; }
  bool take(Byte c) {
    if (!at(c)) return false;
    ++p_;
    return true;
  }
  void fail() { failed_ = true; }

  // Up to 19 digits; what they are is asked by part().
  unsigned digits() {
    first_ = p_;
    while (p_ < end_ && p_ - first_ < kDigitsMax && is_digit(*p_)) ++p_;
    return static_cast<unsigned>(p_ - first_);
  }
  uint64_t part(unsigned from, unsigned count) const {
    uint64_t value = 0;
    for (unsigned i = from; i < from + count; ++i) {
      value = value * 10 + static_cast<uint64_t>(first_[i] - '0');
    }
    return value;
  }
  unsigned small(unsigned from, unsigned count) const {
    return static_cast<unsigned>(part(from, count));
  }
  // One digit or two into `value`.
  bool one_or_two(unsigned n, unsigned& value) {
    if (n != 1 && n != 2) return false;
    value = small(0, n);
    return true;
  }

  // A month or day of 0 is what the text says, and wrong; absent ones are 1.
  void set_month(unsigned month) {
    month_ = month;
    zero_ = zero_ || month == 0;
  }
  void set_day(unsigned day) {
    day_ = day;
    zero_ = zero_ || day == 0;
  }
  void set_clock(unsigned from) {
    hour_ = small(from, 2);
    minute_ = small(from + 2, 2);
    second_ = small(from + 4, 2);
    has_time_ = true;
  }

  // False where no digit stands.
  bool number(Moment& moment) {
    const unsigned n = digits();
    if (n == 0) return false;
    if (n == 13 || n == 16 || n == 19) {
      since_1970(moment, n);
    } else if ((n == 9 || n == 10) && year_ == 0 && !has_time_) {
      since_1970(moment, n);
    } else if (n == 14 && year_ == 0 && !has_time_) {
      year_ = small(0, 4);
      set_month(small(4, 2));
      set_day(small(6, 2));
      set_clock(8);
    } else if (n == 8 && year_ == 0) {
      year_ = small(0, 4);
      set_month(small(4, 2));
      set_day(small(6, 2));
    } else if (n == 6 && year_ == 0 && month_ == 0) {
      year_ = small(0, 4);
      set_month(small(4, 2));
    } else if (n == 6 && !has_time_) {
      set_clock(0);
    } else if (n == 4 && year_ == 0) {
      behind_year();
    } else if (n <= 2) {
      behind_pair(small(0, n));
    } else {
      fail();
    }
    return true;
  }

  void since_1970(Moment& moment, unsigned n) {
    const unsigned whole = n > 10 ? 10 : n;
    moment.seconds = static_cast<int64_t>(part(0, whole));
    moment.local = false;
    epoch_ = done_ = true;
    if (n > 10) {
      moment.nanoseconds = static_cast<uint32_t>(part(10, n - 10) * kPowersOfTen[19 - n]);
    } else if (with_fraction_ && take('.')) {
      read_fraction(moment);
    }
  }

  // YYYY, then perhaps a month and a day between delimiters of any kind.
  void behind_year() {
    year_ = small(0, 4);
    if (p_ == end_) return;
    const Byte delimiter = *p_;
    if (delimiter < 0x20 ||
        std::string_view(",;'\"").find(static_cast<char>(delimiter)) != std::string_view::npos) {
      done_ = true;
      return;
    }
    if (month_ != 0) return;
    ++p_;
    unsigned value = 0, n = digits();
    if (n == 0 && delimiter == ' ') return;
    if (!one_or_two(n, value)) return fail();
    set_month(value);
    if (!take(delimiter)) return;
    n = digits();
    if (n == 0 && delimiter == ' ') return;
    if (!one_or_two(n, value)) return fail();
    set_day(value);
  }

  // One digit or two: an hour, a day, or the beginning of DD/MM/YYYY.
  void behind_pair(unsigned value) {
    if (take(':')) {
      if (has_time_) return fail();
      hour_ = value;
      has_time_ = true;
      if (!one_or_two(digits(), minute_)) return fail();
      if (take(':') && !one_or_two(digits(), second_)) return fail();
    } else if (take(',')) {
      if (month_ != 0 && day_ == 0) set_day(value);
    } else if (take('/') || take('.') || take('-')) {
      day_month_year(value);
    } else if (day_ != 0) {
      hour_ = value;
    } else {
      set_day(value);
    }
  }

  void day_month_year(unsigned day) {
    if (day_ != 0 || month_ != 0) return fail();
    unsigned month = 0;
    const unsigned n = digits();
    if (n == 0) {
      if (month_first_ || !take_month_name(month)) return fail();
    } else if (!one_or_two(n, month)) {
      return fail();
    }
    if (month_first_) std::swap(month, day);
    if (month > 12) std::swap(month, day);
    set_day(day);
    set_month(month);
    if (!take('/') && !take('.') && !take('-')) return;
    if (year_ != 0) return fail();
    switch (digits()) {
      case 4:
        year_ = small(0, 4);
        return;
      case 2:
        year_ = small(0, 2);
        year_ += year_ >= 70 ? 1900 : 2000;
        return;
      default:
        return fail();
    }
  }

  // What is no number, or comes when date and time are known.
  void other(Moment& moment) {
    const Byte c = *p_;
    if (c == ' ' || (c == 'T' && year_ != 0 && !has_time_)) {
      ++p_;
    } else if (c == 'Z') {
      ++p_;
      has_offset_ = true;
    } else if (c == '.') {
      ++p_;
      if (!has_time_ || fraction_) return fail();
      fraction_ = true;
      read_fraction(moment);
    } else if (c == '+' || c == '-') {
      offset(c == '-');
    } else {
      word();
    }
  }

  void read_fraction(Moment& moment) {
    const unsigned n = digits();
    moment.nanoseconds = n <= 9 ? static_cast<uint32_t>(part(0, n) * kPowersOfTen[9 - n])
                                : static_cast<uint32_t>(part(0, 9));
  }

  void offset(bool negative) {
    ++p_;
    unsigned n = digits();
    if (n == 6 && !has_time_ && year_ != 0 && month_ != 0 && day_ != 0) return set_clock(0);
    if (n == 0 || n > 4) return fail();
    has_offset_ = true;
    west_ = west_ || negative;
    const unsigned hours = n % 2 == 0 ? 2 : 1;
    offset_hours_ += small(0, hours);  // ClickHouse adds up several offsets
    if (n > 2) offset_minutes_ += small(hours, 2);
    unsigned minutes = 0;
    if (n <= 2 && take(':') && !one_or_two(digits(), minutes)) fail();
    offset_minutes_ += minutes;
  }

  static constexpr bool is_letter(Byte c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; }

  // The letters at p, in lower case.
  std::string_view letters(char (&text)[10]) const {
    size_t n = 0;
    while (n < sizeof text && p_ + n < end_ && is_letter(p_[n])) {
      text[n] = static_cast<char>(p_[n] | 0x20);
      ++n;
    }
    return {text, n};
  }

  // The place of a name, whole or its first three letters, counted from 1; 0 where it is none.
  template <size_t N>
  static unsigned place_of(std::string_view name, const std::string_view (&names)[N]) {
    for (unsigned i = 0; i < N; ++i) {
      if (name == names[i] || name == names[i].substr(0, 3)) return i + 1;
    }
    return 0;
  }

  static constexpr std::string_view kMonths[12] = {"january",   "february", "march",    "april",
                                                   "may",       "june",     "july",     "august",
                                                   "september", "october",  "november", "december"};
  static constexpr std::string_view kDays[7] = {"monday", "tuesday",  "wednesday", "thursday",
                                                "friday", "saturday", "sunday"};

  bool take_month_name(unsigned& month) {
    char text[10];
    const std::string_view name = letters(text);
    month = place_of(name, kMonths);
    p_ += name.size();
    return month != 0;
  }

  void word() {
    char text[10];
    const std::string_view name = letters(text);
    p_ += name.size();
    if (name.empty()) {
      done_ = true;  // whatever stands here does not belong to a time
    } else if (name == "am" || name == "pm") {
      (name == "am" ? am_ : pm_) = true;
    } else if (name == "utc" || name == "gmt" || name == "msk" || name == "msd") {
      has_offset_ = true;
      if (name[0] == 'm') offset_hours_ = name == "msk" ? 3 : 4;
    } else if (const unsigned month = place_of(name, kMonths); month != 0) {
      set_month(month);
    } else if (place_of(name, kDays) != 0) {
      take(',');
    } else {
      fail();
    }
  }

  // The parts together.
  bool compose(Moment& moment) {
    if (comma_ && !(has_time_ && year_ != 0 && month_ != 0 && day_ != 0)) return false;
    if (year_ == 0 || zero_) return false;
    int64_t days;
    if (!civil_to_days(year_, month_ == 0 ? 1 : month_, day_ == 0 ? 1 : day_, days)) return false;
    if (am_ && hour_ == 12) hour_ = 0;
    if (pm_ && hour_ < 12) hour_ += 12;
    moment.seconds = days * 86400 + int64_t{hour_} * 3600 + minute_ * 60 + second_;
    moment.local = !has_offset_;
    const int64_t offset = int64_t{offset_hours_} * 3600 + offset_minutes_ * 60;
    moment.seconds += west_ ? offset : -offset;
    return true;
  }

  const Byte* p_;
  const Byte* const end_;
  const Byte* first_ = nullptr;  // of the digits that were read last
  const bool with_fraction_, month_first_;
  unsigned year_ = 0, month_ = 0, day_ = 0, hour_ = 0, minute_ = 0, second_ = 0;
  unsigned offset_hours_ = 0, offset_minutes_ = 0;
  bool has_time_ = false, has_offset_ = false, west_ = false, am_ = false, pm_ = false;
  bool comma_ = false, fraction_ = false, zero_ = false;
  bool epoch_ = false, done_ = false, failed_ = false;
};

}  // namespace cphost::columns
