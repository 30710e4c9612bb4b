// SPDX-License-Identifier: Apache-2.0
// cphost/columns/civil.hpp: the proleptic Gregorian calendar and days since 1970-01-01.
#pragma once

#include <cstdint>

namespace cphost::columns {

constexpr bool is_leap(unsigned year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

inline constexpr uint16_t kDaysBeforeMonth[2][13] = {
    {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365},
    {0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366}};

// Days since 1970-01-01 of a date in the years 1 to 9999; false where there is no such day.
constexpr bool civil_to_days(unsigned year, unsigned month, unsigned day, int64_t& days) {
  if (year == 0 || month - 1 > 11) return false;
  const uint16_t* before = kDaysBeforeMonth[is_leap(year)];
  if (day - 1 >= static_cast<unsigned>(before[month] - before[month - 1])) return false;
  const unsigned past = year - 1;
  days = static_cast<int64_t>(past * 365 + past / 4 - past / 100 + past / 400 + before[month - 1] +
                              day - 1) -
         719162;
  return true;
}

}  // namespace cphost::columns
