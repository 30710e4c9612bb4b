// SPDX-License-Identifier: Apache-2.0
// cphost/columns/posix_zone.hpp: the rule at the end of a zone file, as POSIX writes TZ:
// "CET-1CEST,M3.5.0,M10.5.0/3".
#pragma once

#include <cctype>
#include <string_view>

#include "civil.hpp"

namespace cphost::columns {

// The day and local time of a change.
struct ZoneChange {
  char form =
      'M';  // M: weekday of a month's week, J: day 1..365 without 29 February, D: day 0..365
  unsigned month = 0, week = 0, day = 0;
  int64_t seconds = 7200;

  // Local seconds since 1970 of the change in a year.
  int64_t at(unsigned year) const {
    int64_t first = 0;
    const uint16_t* before = kDaysBeforeMonth[is_leap(year)];
    if (form != 'M') {
      civil_to_days(year, 1, 1, first);
      const bool skips_leap_day = form == 'J' && is_leap(year) && day >= 60;
      return (first + day - (form == 'J' && !skips_leap_day)) * 86400 + seconds;
    }
    civil_to_days(year, month, 1, first);
    const unsigned weekday =
        static_cast<unsigned>(((first + 4) % 7 + 7) % 7);  // 1970-01-01: Thursday
    unsigned days = (day + 7 - weekday) % 7 + (week - 1) * 7;
    while (days >= static_cast<unsigned>(before[month] - before[month - 1])) days -= 7;
    return (first + days) * 86400 + seconds;
  }
};

struct PosixZone {
  bool valid = false, has_summer = false;
  int64_t standard = 0, summer = 0;  // seconds east of UTC
  ZoneChange start, end;

  static PosixZone parse(std::string_view text) {
    PosixZone zone;
    Reader in{text};
    if (!in.name() || !in.clock(zone.standard)) return zone;
    zone.standard = -zone.standard;
    if (text.empty() || in.text.empty()) {
      zone.valid = true;
      return zone;
    }
    if (!in.name()) return zone;
    zone.summer = zone.standard + 3600;
    if (!in.text.empty() && in.text.front() != ',') {
      if (!in.clock(zone.summer)) return zone;
      zone.summer = -zone.summer;
    }
    zone.has_summer = zone.valid = in.change(zone.start) && in.change(zone.end) && in.text.empty();
    return zone;
  }

 private:
  struct Reader {
    std::string_view text;

    bool take(char c) {
      if (text.empty() || text.front() != c) return false;
      text.remove_prefix(1);
      return true;
    }
    bool name() {
      const std::string_view all = text;
      if (take('<')) {
        while (!text.empty() && text.front() != '>') text.remove_prefix(1);
        return take('>');
      }
      while (!text.empty() && std::isalpha(static_cast<unsigned char>(text.front()))) {
        text.remove_prefix(1);
      }
      return text.size() != all.size();
    }
    bool number(unsigned& value) {
      const size_t size = text.size();
      for (value = 0; !text.empty() && text.front() >= '0' && text.front() <= '9';) {
        value = value * 10 + static_cast<unsigned>(text.front() - '0');
        if (value > 1000) return false;
        text.remove_prefix(1);
      }
      return text.size() != size;
    }
    bool clock(int64_t& seconds) {  // [+-]hh[:mm[:ss]]
      const bool negative = take('-');
      if (!negative) take('+');
      unsigned h = 0, m = 0, s = 0;
      if (!number(h) || (take(':') && !number(m)) || (take(':') && !number(s))) return false;
      seconds = static_cast<int64_t>(h) * 3600 + m * 60 + s;
      if (negative) seconds = -seconds;
      return true;
    }
    bool change(ZoneChange& c) {
      if (!take(',')) return false;
      if (take('M')) {
        if (!number(c.month) || !take('.') || !number(c.week) || !take('.') || !number(c.day)) {
          return false;
        }
        if (c.month - 1 > 11 || c.week - 1 > 4 || c.day > 6) return false;
      } else {
        c.form = take('J') ? 'J' : 'D';
        if (!number(c.day) || c.day > 365) return false;
      }
      return !take('/') || clock(c.seconds);
    }
  };
};

}  // namespace cphost::columns
