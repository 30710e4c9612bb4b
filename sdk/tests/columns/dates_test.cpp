// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/dates.hpp>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <time.h>

#include <random>

namespace cphost::columns {
namespace {

const Byte* bytes(const std::string& text) {
  return reinterpret_cast<const Byte*>(text.data());
}

std::string print(const tm& t, char between) {
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d%c%02d:%02d:%02d", t.tm_year + 1900, t.tm_mon + 1,
                t.tm_mday, between, t.tm_hour, t.tm_min, t.tm_sec);
  return text;
}

TEST(Dates, everyDayIsRight) {
  for (int64_t day = kDate32DaysMin; day <= kDate32DaysMax; ++day) {
    const time_t seconds = static_cast<time_t>(day) * 86400;
    tm t;
    gmtime_r(&seconds, &t);
    const std::string text = print(t, 'T') + std::string(kPadding, '\0');
    int64_t days = 0;
    ASSERT_NE(parse_day(bytes(text), days), nullptr) << text;
    ASSERT_EQ(days, day) << text;
  }
}

TEST(Dates, momentsAreRight) {
  constexpr int64_t kFirst = kDateTime64Min + 366 * 86400;  // the year 0 is none of a text
  std::mt19937_64 random(4);
  for (int i = 0; i < 100000; ++i) {
    const time_t seconds =
        kFirst + static_cast<time_t>(random() % static_cast<uint64_t>(kDateTime64Max - kFirst));
    tm t;
    gmtime_r(&seconds, &t);
    const std::string text =
        print(t, i % 2 == 0 ? 'T' : ' ') + ".25Z" + std::string(kPadding, '\0');
    Moment moment{};
    ASSERT_EQ(parse_moment(bytes(text), moment), bytes(text) + 23) << text;
    ASSERT_EQ(moment.seconds, seconds);
    ASSERT_EQ(moment.nanoseconds, 250000000u);
    ASSERT_FALSE(moment.local);
  }
}

TEST(Dates, everyByteOfATimeCounts) {
  const std::string good = "2026-01-31T10:20:30";
  Moment moment{};
  for (size_t at = 0; at < good.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text = good;
      text[at] = static_cast<char>(c);
      const bool is_digit_there = good[at] >= '0' && good[at] <= '9';
      if (is_digit_there && c >= '0' && c <= '9') continue;
      if (good[at] == static_cast<char>(c) || (at == 10 && c == ' ')) continue;
      text += std::string(kPadding, '\0');
      const Byte* end = parse_moment(bytes(text), moment);
      EXPECT_NE(end, bytes(text) + good.size()) << text.c_str();
    }
  }
}

// The C library knows the zones too: each local time that it prints must lead back.
TEST(TimeZones, leadBackToWhereTheyCameFrom) {
  for (const char* name :
       {"Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Tokyo",
        "America/Sao_Paulo", "Africa/Casablanca"}) {
    const std::unique_ptr<TimeZone> zone = TimeZone::load(name);
    ASSERT_NE(zone, nullptr);
    ::setenv("TZ", name, 1);
    ::tzset();
    std::mt19937_64 random(5);
    for (int i = 0; i < 20000; ++i) {
      const time_t wanted = static_cast<time_t>(random() % 4000000000u);
      tm t;
      localtime_r(&wanted, &t);
      tm as_utc = t;
      const int64_t local = timegm(&as_utc);
      const int64_t got = zone->to_utc(local);
      tm again;
      const time_t got_time = static_cast<time_t>(got);
      localtime_r(&got_time, &again);
      ASSERT_EQ(print(t, ' '), print(again, ' ')) << name << " " << wanted;
      ASSERT_LE(got, wanted) << name;  // of two, the earlier
    }
    ::unsetenv("TZ");
    ::tzset();
  }
}

TEST(TimeZones, skippedTimesHaveTheOffsetBehind) {
  const std::unique_ptr<TimeZone> berlin = TimeZone::load("Europe/Berlin");
  EXPECT_EQ(berlin->to_utc(1711852200), 1711852200 - 7200);  // 2024-03-31 02:30 does not exist
}

TEST(TimeZones, theirFootersReachBeyondTheirTables) {
  const std::unique_ptr<TimeZone> berlin = TimeZone::load("Europe/Berlin");
  EXPECT_EQ(berlin->to_utc(9000000000), 9000000000 - 3600);      // 2255-03-14 16:00
  EXPECT_EQ(berlin->to_utc(9010000000), 9010000000 - 7200);      // 2255-07-08
  EXPECT_EQ(berlin->to_utc(253389772800), 253389772800 - 7200);  // 9999-08-09
  EXPECT_EQ(berlin->to_utc(253402257600), 253402257600 - 3600);  // 9999-12-31 12:00
}

TEST(TimeZones, utcNeedsNoFileAndOthersMustBeThere) {
  EXPECT_EQ(TimeZone::load("UTC", "/nowhere"), nullptr);
  EXPECT_EQ(TimeZone::load(""), nullptr);
  for (const char* name : {"Europe/Nowhere", "../../../etc/passwd", "/etc/localtime"}) {
    try {
      TimeZone::load(name);
      ADD_FAILURE() << name;
    } catch (const Error& error) {
      EXPECT_STREQ(error.code(), "TIME_ZONE");
      EXPECT_EQ(error.status(), config);
    }
  }
}

TEST(PosixZones, areRead) {
  EXPECT_FALSE(PosixZone::parse("CET-1CEST,M3.5.0").valid);
  EXPECT_FALSE(PosixZone::parse("").valid);
  const PosixZone fixed = PosixZone::parse("<+0530>-5:30");
  EXPECT_TRUE(fixed.valid);
  EXPECT_FALSE(fixed.has_summer);
  EXPECT_EQ(fixed.standard, 19800);
  const PosixZone days = PosixZone::parse("AAA3BBB,J60/0,300/-1");
  ASSERT_TRUE(days.valid);
  EXPECT_EQ(days.standard, -10800);
  EXPECT_EQ(days.start.at(2024), 1709251200);  // 1 March in leap years too
  EXPECT_EQ(days.start.at(2023), 1677628800);
  EXPECT_EQ(days.end.at(2023), 1672531200 + 300 * 86400 - 3600);
}

}  // namespace
}  // namespace cphost::columns
