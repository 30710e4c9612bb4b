// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/basic.hpp>

#include <gtest/gtest.h>

#include <string>

namespace cphost::columns {
namespace {

constexpr int64_t kDay = 1704153600;  // 2024-01-02
constexpr int64_t kTime = kDay + 3 * 3600 + 4 * 60 + 5;

struct Read {
  bool good;
  BasicTime time;
};

Read read(const std::string& text, int scale = 3) {
  const auto* p = reinterpret_cast<const Byte*>(text.data());
  Read result{};
  result.good = Basic(p, p + text.size(), scale).parse(result.time);
  return result;
}

TEST(Basic, datesHaveAnyDelimiters) {
  for (const char* text : {"2024-01-02", "2024/01.02", "2024x01 02", "2024-01-02 00:00:00",
                           "2024-01-02T00-00:00", "2024-01-02."}) {
    const Read got = read(text);
    ASSERT_TRUE(got.good) << text;
    EXPECT_FALSE(got.time.is_ticks) << text;
    EXPECT_TRUE(got.time.moment.local) << text;
    EXPECT_EQ(got.time.moment.seconds, kDay) << text;
  }
}

TEST(Basic, clocksAreAddedUp) {
  EXPECT_EQ(read("2024-01-02 03:04:05").time.moment.seconds, kTime);
  EXPECT_EQ(read("2024-01-02 24:00:60").time.moment.seconds, kDay + 86460);
  EXPECT_EQ(read("2024-01-02T03:04:05.25").time.moment.nanoseconds, 250000000u);
  EXPECT_EQ(read("2024-01-02 03:04:05.1234567899").time.moment.nanoseconds, 123456789u);
}

TEST(Basic, secondsSince1970) {
  const Read fraction = read("1700000000.5");
  EXPECT_FALSE(fraction.time.moment.local);
  EXPECT_EQ(fraction.time.moment.seconds, 1700000000);
  EXPECT_EQ(fraction.time.moment.nanoseconds, 500000000u);
  EXPECT_EQ(read("20240102").time.moment.seconds, 20240102);
  EXPECT_EQ(read("0000000000000000000000012").time.moment.seconds, 12);
  EXPECT_FALSE(read("253402300799").time.is_ticks);
  EXPECT_TRUE(read("253402300800").time.is_ticks);
  EXPECT_FALSE(read("253402300800", Basic::kNoScale).time.is_ticks);
}

// A point and a sign count, too.
TEST(Basic, fiveCharactersMakeANumber) {
  for (const char* text : {".0005", ".12345", "0.000", "-1234"}) {
    EXPECT_TRUE(read(text).good) << text;
    EXPECT_FALSE(read(text, Basic::kNoScale).good) << text;
  }
  EXPECT_EQ(read(".0005").time.moment.nanoseconds, 500000u);
  EXPECT_EQ(read(".12345").time.moment.nanoseconds, 123450000u);
  EXPECT_FALSE(read("-.1234").good) << "its sign would be lost";
  EXPECT_FALSE(read(".000").good);
}

TEST(Basic, negativeFractionsAreCutOffTowardsZero) {
  EXPECT_EQ(read("-1.9999").time.ticks, -1999);
  EXPECT_EQ(read("-1000", 0).time.ticks, -1000);
  EXPECT_TRUE(read("-0.00").good);
  EXPECT_FALSE(read("-0.50").good);
  EXPECT_FALSE(read("-9223372036854775807", 9).good);
}

TEST(Basic, aDateTimeHasNeitherFractionNorSign) {
  for (const char* text : {"2024-01-02 03:04:05.5", "2024-01-02.", "1700000000.5", "-1700000000"}) {
    EXPECT_TRUE(read(text).good) << text;
    EXPECT_FALSE(read(text, Basic::kNoScale).good) << text;
  }
}

TEST(Basic, everythingElseIsRefused) {
  for (const char* text : {"",
                           "2024",
                           "1.5",
                           "1234",
                           "2024-1-2",
                           "2024-01-2",
                           "2024-01-02 03:04",
                           "2024-01-02 ",
                           "2024-01-02T03:04:05Z",
                           "2024-01-02 03:04:05+00:00",
                           "2 Jan 2024 03:04:05",
                           "2023-02-29",
                           "2024-13-01",
                           "2024-00-10",
                           "0000-01-01",
                           "+12345",
                           "12345x",
                           "12345e3",
                           "9223372036854775808",
                           "2024-01-02 03:04 pm"}) {
    EXPECT_FALSE(read(text).good) << text;
  }
}

}  // namespace
}  // namespace cphost::columns
