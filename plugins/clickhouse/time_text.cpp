// SPDX-License-Identifier: Apache-2.0
#include "time_text.hpp"

#include <cstdlib>

namespace clickhouse {
namespace {

constexpr int64_t kSecondsADay = 86'400;
constexpr int64_t kDayMin = -25'567, kDayMax = 120'529;
constexpr int64_t kMomentMin = -62'135'596'800, kMomentMax = 253'402'300'799;
constexpr size_t kSecondsDigits = 5;  // shorter numbers are no seconds
constexpr int64_t kTimeMax = 999 * 3600 + 59 * 60 + 59;

int64_t power_of_ten(unsigned n) {
  int64_t p = 1;
  while (n-- > 0) p *= 10;
  return p;
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

bool append_day(int64_t days, std::string& out) {
  if (days < kDayMin || days > kDayMax) return false;
  append_civil(days, out);
  return true;
}

bool append_moment(int64_t ticks, unsigned scale, std::string& out) {
  const int64_t unit = power_of_ten(scale), rest = ticks % unit;
  const int64_t fraction = rest < 0 ? rest + unit : rest;
  const int64_t seconds = ticks / unit - (rest < 0);
  if (seconds < kMomentMin || seconds > kMomentMax) return false;
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
  if (seconds < kMomentMin || seconds > kMomentMax || (seconds == 0 && ticks < 0)) return false;
  if (ticks < 0) out += '-';
  const std::string digits = std::to_string(std::abs(seconds));
  if (digits.size() < kSecondsDigits) out.append(kSecondsDigits - digits.size(), '0');
  out += digits;
  append_fraction(static_cast<uint64_t>(std::abs(ticks % unit)), scale, out);
  return true;
}

bool append_time(int64_t ticks, unsigned scale, std::string& out) {
  const int64_t unit = power_of_ten(scale);
  if (ticks / unit > kTimeMax || ticks / unit < -kTimeMax) return false;
  if (ticks < 0) out += '-';
  const auto magnitude = static_cast<uint64_t>(ticks < 0 ? -ticks : ticks);
  append_clock(magnitude / static_cast<uint64_t>(unit), 3, out);
  append_fraction(magnitude % static_cast<uint64_t>(unit), scale, out);
  return true;
}

}  // namespace clickhouse
