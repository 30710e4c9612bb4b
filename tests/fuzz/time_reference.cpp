// SPDX-License-Identifier: Apache-2.0
#include "time_reference.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace fuzz {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

const Expected kRefused = {Expected::kRefused};

// Walks over a text that is spelled as expected, or has failed.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  bool failed() const { return failed_; }
  bool at_end() const { return at_ == text_.size(); }
  bool take(std::string_view any_of) {
    if (at_end() || any_of.find(text_[at_]) == any_of.npos) return false;
    last_ = text_[at_++];
    return true;
  }
  char last() const { return last_; }
  int digits(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i) {
      if (!take("0123456789")) failed_ = true;
      value = value * 10 + (last_ - '0');
    }
    return value;
  }
  std::string run() {
    std::string out;
    while (take("0123456789")) out += last_;
    if (out.empty()) failed_ = true;
    return out;
  }

 private:
  std::string_view text_;
  size_t at_ = 0;
  char last_ = '0';
  bool failed_ = false;
};

struct Fields {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::string fraction = {};  // digits
  bool has_offset = false;
  int offset = 0;  // seconds
  bool day_only = true;
};

// Seconds since 1970; false where there is no such day or time.
bool seconds_of(const Fields& f, int64_t& seconds) {
  if (f.hour > 23 || f.minute > 59 || f.second > 59) return false;
  std::tm tm = {};
  tm.tm_year = f.year - 1900;
  tm.tm_mon = f.month - 1;
  tm.tm_mday = f.day;
  tm.tm_hour = f.hour;
  tm.tm_min = f.minute;
  tm.tm_sec = f.second;
  seconds = timegm(&tm);
  return tm.tm_mon == f.month - 1 && tm.tm_mday == f.day && tm.tm_year == f.year - 1900;
}

// YYYY-MM-DD or YYYYMMDD, and what follows the former; false for any other spelling.
bool read_fields(const std::string& text, Fields& f) {
  Walk w(text);
  f.year = w.digits(4);
  const bool dashes = w.take("-");
  f.month = w.digits(2);
  if (dashes && !w.take("-")) return false;
  f.day = w.digits(2);
  if (w.failed() || w.at_end()) return !w.failed();
  f.day_only = false;
  if (!dashes || !w.take("T ")) return false;
  f.hour = w.digits(2);
  if (!w.take(":")) return false;
  f.minute = w.digits(2);
  if (w.take(":")) {
    f.second = w.digits(2);
    if (w.take(".")) f.fraction = w.run();
  }
  f.has_offset = w.take("Z+-");
  if (f.has_offset && w.last() != 'Z') {
    const int sign = w.last() == '-' ? -1 : 1;
    const int hours = w.digits(2);
    w.take(":");
    const int minutes = w.digits(2);
    f.offset = sign * (hours * 3600 + minutes * 60);
    if (hours > 14 || minutes > 59) return false;
  }
  return !w.failed() && w.at_end() && f.fraction.size() < 20;
}

// Whether a clock in the zone shows `local` (as if it were UTC) at `utc`.
bool shows(int64_t utc, int64_t local) {
  const std::time_t t = utc;
  std::tm tm;
  return localtime_r(&t, &tm) != nullptr && timegm(&tm) == local;
}

// The earliest instant at which a clock in the zone shows the local time; nothing in a gap.
std::optional<int64_t> earliest(const std::string& zone, int64_t local) {
  setenv("TZ", (":" + zone).c_str(), 1);
  tzset();
  std::optional<int64_t> found;
  for (const int64_t near : {local - 86400, local + 86400}) {
    const std::time_t t = near;
    std::tm tm;
    if (localtime_r(&t, &tm) == nullptr) continue;
    const int64_t utc = local - tm.tm_gmtoff;
    if (shows(utc, local) && (!found || utc < *found)) found = utc;
  }
  return found;
}

Expected moment(const Type& type, int64_t seconds, std::string fraction) {
  const bool plain = type.kind == Kind::kDateTime;
  const int64_t low = plain ? 0 : -62167219200, high = plain ? 4294967295 : 253402300799;
  if (seconds < low || seconds > high) return kRefused;
  fraction.resize(9, '0');
  const unsigned scale = plain ? 0 : type.scale;
  fraction.resize(scale);
  int64_t ticks = seconds;
  for (const char digit : fraction) {
    // From scale 9 on 64 bits do not reach as far as the calendar.
    if (__builtin_mul_overflow(ticks, int64_t{10}, &ticks)) return kRefused;
    if (__builtin_add_overflow(ticks, int64_t{digit - '0'}, &ticks)) return kRefused;
  }
  return {Expected::kValue, moment_text(ticks, scale)};
}

}  // namespace

Expected expected_time(const Type& type, const std::string& text) {
  Fields f;
  if (!read_fields(text, f)) return {};
  int64_t seconds;
  const bool exists = seconds_of(f, seconds);
  if (type.kind == Kind::kDate || type.kind == Kind::kDate32) {
    if (!f.day_only) return {};
    const int64_t low = type.kind == Kind::kDate ? 0 : -25567;
    const int64_t high = type.kind == Kind::kDate ? 65535 : 120529;
    const int64_t days = seconds / 86400;
    if (!exists || days < low || days > high) return kRefused;
    return {Expected::kValue, day_text(days)};
  }
  if (!exists) return {};  // The server goes on counting: 80:30 is three days later.
  if (f.has_offset || type.zone.empty() || type.zone == "UTC") {
    return moment(type, seconds - f.offset, f.fraction);
  }
  if (f.year < 1971 || f.year > 2290) return {};
  const std::optional<int64_t> utc = earliest(type.zone, seconds);
  return utc ? moment(type, *utc, f.fraction) : Expected();
}

std::string day_text(int64_t days) {
  const std::time_t t = days * 86400;
  std::tm tm;
  gmtime_r(&t, &tm);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", (tm.tm_year + 1900) % 10000, tm.tm_mon + 1,
                tm.tm_mday);
  return text;
}

std::string moment_text(int64_t ticks, unsigned scale) {
  int64_t unit = 1;
  for (unsigned i = 0; i < scale; ++i) unit *= 10;
  int64_t rest = ticks % unit;
  if (rest < 0) rest += unit;
  const std::time_t seconds = (ticks - rest) / unit;
  std::tm tm;
  gmtime_r(&seconds, &tm);
  char clock[32], fraction[32] = "";
  std::snprintf(clock, sizeof clock, "T%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
  if (scale > 0) {
    std::snprintf(fraction, sizeof fraction, ".%0*lld", static_cast<int>(scale),
                  static_cast<long long>(rest));
  }
  const int64_t days = seconds / 86400 - (seconds % 86400 < 0);
  return day_text(days) + clock + fraction + "Z";
}

}  // namespace fuzz
