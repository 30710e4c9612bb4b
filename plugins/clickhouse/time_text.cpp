// SPDX-License-Identifier: Apache-2.0
#include "time_text.hpp"

#include <cphost/columns/dates.hpp>
#include <cphost/columns/digits.hpp>
#include <cphost/columns/times.hpp>

#include <cstdlib>
#include <limits>

namespace clickhouse {
namespace {

using cphost::columns::kDate32DaysMax;
using cphost::columns::kDate32DaysMin;
using cphost::columns::kDateTime64Max;
using cphost::columns::kTimeSecondsMax;

constexpr int64_t kSecondsADay = 86'400;
constexpr int64_t kYear1 = -62'135'596'800;  // the server reads no year 0 with a zone behind it
constexpr size_t kSecondsDigits = 5;         // shorter numbers are no seconds

int64_t power_of_ten(unsigned n) {
  return static_cast<int64_t>(cphost::columns::kPowersOfTen[n]);
}

void append_padded(uint64_t value, unsigned width, std::string& out) {
  char digits[20];
  for (unsigned i = width; i-- > 0; value /= 10) digits[i] = static_cast<char>('0' + value % 10);
  out.append(digits, width);
}

// The civil calendar of days since 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date
// Algorithms", civil_from_days).
void append_civil(int64_t days, std::string& out) {
  days += 719'468;
  const int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const auto of_era = static_cast<uint64_t>(days - era * 146'097);
  const uint64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
  const uint64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const uint64_t part = (5 * of_year + 2) / 153;
  const uint64_t month = part < 10 ? part + 3 : part - 9;
  append_padded(year + static_cast<uint64_t>(era * 400) + (month <= 2), 4, out);
  out += '-';
  append_padded(month, 2, out);
  out += '-';
  append_padded(of_year - (153 * part + 2) / 5 + 1, 2, out);
}

void append_clock(uint64_t seconds, unsigned hour_digits, std::string& out) {
  append_padded(seconds / 3600, hour_digits, out);
  out += ':';
  append_padded(seconds / 60 % 60, 2, out);
  out += ':';
  append_padded(seconds % 60, 2, out);
}

void append_fraction(uint64_t ticks, unsigned scale, std::string& out) {
  if (scale == 0) return;
  out += '.';
  append_padded(ticks, scale, out);
}

}  // namespace

// The server counts the whole seconds first, rounded down, and then adds the fraction.
bool fits_nanoseconds(int64_t ticks, unsigned scale) {
  constexpr int64_t kSecondsMax = std::numeric_limits<int64_t>::max() / 1'000'000'000;
  const int64_t unit = power_of_ten(scale), rest = ticks % unit;
  const int64_t seconds = ticks / unit - (rest < 0);
  if (seconds < -kSecondsMax || seconds > kSecondsMax) return false;
  const int64_t fraction = (rest < 0 ? rest + unit : rest) * power_of_ten(9 - scale);
  int64_t nanoseconds;
  return !__builtin_add_overflow(seconds * 1'000'000'000, fraction, &nanoseconds);
}

bool append_day(int64_t days, std::string& out) {
  if (days < kDate32DaysMin || days > kDate32DaysMax) return false;
  append_civil(days, out);
  return true;
}

bool append_moment(int64_t ticks, unsigned scale, std::string& out) {
  const int64_t unit = power_of_ten(scale), rest = ticks % unit;
  const int64_t fraction = rest < 0 ? rest + unit : rest;
  const int64_t seconds = ticks / unit - (rest < 0);
  if (seconds < kYear1 || seconds > kDateTime64Max) return false;
  const int64_t days = seconds / kSecondsADay - (seconds % kSecondsADay < 0);
  append_civil(days, out);
  out += 'T';
  append_clock(static_cast<uint64_t>(seconds - days * kSecondsADay), 2, out);
  append_fraction(static_cast<uint64_t>(fraction), scale, out);
  out += 'Z';
  return true;
}

bool append_seconds(int64_t ticks, unsigned scale, std::string& out) {
  const int64_t unit = power_of_ten(scale), seconds = ticks / unit;
  if (seconds < kYear1 || seconds > kDateTime64Max || (seconds == 0 && ticks < 0)) return false;
  if (ticks < 0) out += '-';
  const std::string digits = std::to_string(std::abs(seconds));
  if (digits.size() < kSecondsDigits) out.append(kSecondsDigits - digits.size(), '0');
  out += digits;
  append_fraction(static_cast<uint64_t>(std::abs(ticks % unit)), scale, out);
  return true;
}

bool append_time(int64_t ticks, unsigned scale, std::string& out) {
  const int64_t unit = power_of_ten(scale);
  if (ticks / unit > kTimeSecondsMax || ticks / unit < -kTimeSecondsMax) return false;
  if (ticks < 0) out += '-';
  const auto magnitude = static_cast<uint64_t>(ticks < 0 ? -ticks : ticks);
  append_clock(magnitude / static_cast<uint64_t>(unit), 3, out);
  append_fraction(magnitude % static_cast<uint64_t>(unit), scale, out);
  return true;
}

}  // namespace clickhouse
