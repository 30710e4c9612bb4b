// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/best_effort.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cphost::columns {
namespace {

struct Read {
  bool good;
  Moment moment;
};

Read read(std::string text, bool with_fraction = true, bool month_first = false) {
  const size_t size = text.size();
  text += std::string(kPadding, '\0');
  const auto* p = reinterpret_cast<const Byte*>(text.data());
  Read result{};
  result.good = BestEffort(p, p + size, with_fraction, month_first).parse(result.moment);
  return result;
}

constexpr int64_t kDay = 1704153600;  // 2024-01-02
constexpr int64_t kTime = kDay + 3 * 3600 + 4 * 60 + 5;

TEST(BestEffort, datesInManySpellings) {
  for (const char* text :
       {"2024-1-2", "2024/01/02", "2024 1 2", "20240102", "02/01/2024", "2.1.2024", "2-Jan-24",
        "2 Jan 2024", "Jan 2, 2024", "Tue, 2 January 2024", " 2024-01-02 ", "2024 Jan 02"}) {
    const Read got = read(text);
    ASSERT_TRUE(got.good) << text;
    EXPECT_EQ(got.moment.seconds, kDay) << text;
    EXPECT_TRUE(got.moment.local) << text;
  }
  EXPECT_EQ(read("12/31/2024").moment.seconds, read("31/12/2024").moment.seconds);
}

TEST(BestEffort, clocksInManySpellings) {
  for (const char* text :
       {"2024-01-02 3:4:5", "20240102030405", "20240102T030405", "2024-01-02, 03:04:05",
        "03:04:05 2024-01-02", "Jan 2 03:04:05 2024", "2024-01-02 03:04:05 AM"}) {
    const Read got = read(text);
    ASSERT_TRUE(got.good) << text;
    EXPECT_EQ(got.moment.seconds, kTime) << text;
  }
  EXPECT_EQ(read("2024-01-02 3 PM").moment.seconds, kDay + 15 * 3600);
  EXPECT_EQ(read("2024-01-02 12:00:00 AM").moment.seconds, kDay);
  EXPECT_EQ(read("2024-01-02 24:00:00").moment.seconds, kDay + 86400);
}

TEST(BestEffort, offsetsInManySpellings) {
  const struct {
    const char* text;
    int64_t west;
  } cases[] = {{"Z", 0},      {" UTC", 0},          {" GMT+0200", -7200}, {" +02:00", -7200},
               {"+2", -7200}, {"-0530", 19800},     {" MSK", -10800},     {"+99:99", -362340},
               {"ZZ", 0},     {"+01:00+01", -7200}, {" +130", -5400}};
  for (const auto& c : cases) {
    const Read got = read(std::string("2024-01-02 03:04:05") + c.text);
    ASSERT_TRUE(got.good) << c.text;
    EXPECT_FALSE(got.moment.local) << c.text;
    EXPECT_EQ(got.moment.seconds, kTime + c.west) << c.text;
  }
}

TEST(BestEffort, secondsSince1970ByTheNumberOfTheirDigits) {
  for (const char* text :
       {"1700000000", "1700000000000", "1700000000000000", "1700000000000000000"}) {
    EXPECT_EQ(read(text).moment.seconds, 1700000000) << text;
  }
  EXPECT_EQ(read("1700000000123").moment.nanoseconds, 123000000u);
  EXPECT_EQ(read("1700000000.25").moment.nanoseconds, 250000000u);
  EXPECT_FALSE(read("1700000000.25", false).good);  // not for a DateTime
  EXPECT_FALSE(read("17000000001").good);
}

TEST(BestEffort, whatTheClockWouldHaveToSayIsRefused) {
  for (const char* text : {"1", "03:04:05", "Jan", "2 Jan", "2/1", "0000-01-02", "2024-00-10",
                           "20240100", "00/01/2024"}) {
    EXPECT_FALSE(read(text).good) << text;
  }
}

TEST(BestEffort, theMonthComesFirstWhereAsked) {
  for (const char* text :
       {"1/2/2024", "01.02.24", "1-2-2024, 00:00:00", "2024-01-02", "2 Jan 2024"}) {
    const Read got = read(text, true, true);
    ASSERT_TRUE(got.good) << text;
    EXPECT_EQ(got.moment.seconds, kDay) << text;
  }
  EXPECT_EQ(read("31/12/2024", true, true).moment.seconds, read("12/31/2024").moment.seconds);
  EXPECT_FALSE(read("2-Jan-2024", true, true).good);
  EXPECT_FALSE(read("Jan/2/2024", true, true).good);
}

TEST(BestEffort, everythingElseIsRefused) {
  for (const char* text : {"",
                           " ",
                           "x",
                           "2024-13-01",
                           "2023-02-29",
                           "2024-01-",
                           "2024--01",
                           "2024-01-02 03:",
                           "2024-01-02,",
                           "2024-01-02t03:04:05",
                           "2024-01-02T03:04:05z",
                           "2024-01-02 03:04:05 EST",
                           "2024-01-02.5",
                           "2024-01-02 03:04:05.5.5",
                           "Janu 2 2024",
                           "2024-01-02 03:04:05 +",
                           "2024-01-02;03",
                           "1/2/3",
                           "2024-01-02 03:04:05 2024",
                           "99999-01-01"}) {
    EXPECT_FALSE(read(text).good) << text;
  }
}

}  // namespace
}  // namespace cphost::columns
