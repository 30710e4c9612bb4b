// SPDX-License-Identifier: Apache-2.0
#include "time_text.hpp"

#include <gtest/gtest.h>

namespace kafka {
namespace {

constexpr int64_t kNow = 1'700'000'000'000;  // 2023-11-14T22:13:20Z

TEST(TimeText, IsAbsoluteOrRelative) {
  EXPECT_EQ(parse_time("1700000000000", 0), kNow);
  EXPECT_EQ(parse_time("2023-11-14T22:13:20Z", 0), kNow);
  EXPECT_EQ(parse_time("2023-11-14t22:13:20.5z", 0), kNow + 500);
  EXPECT_EQ(parse_time("2023-11-15 00:13:20.123456+02:00", 0), kNow + 123);
  EXPECT_EQ(parse_time("1970-01-01T00:00:00-00:00", 0), 0);
  EXPECT_EQ(parse_time("-2h", kNow), kNow - 7'200'000);
  EXPECT_EQ(parse_time("-7d", kNow), kNow - 7 * 86'400'000);
  EXPECT_EQ(parse_time("-90s", kNow), kNow - 90'000);
  EXPECT_EQ(parse_time("-15m", kNow), kNow - 900'000);
  EXPECT_EQ(parse_time("-5ms", kNow), kNow - 5);
}

TEST(TimeText, RefusesATimeThatDoesNotExistOrHasNoZoneOrNoUnit) {
  for (const char* text :
       {"", "newest", "-5", "-h", "--2h", "-2 h", "-2w", "2h", "2023-02-29T00:00:00Z",
        "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z", "2023-11-14T22:13:20",
        "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20+2:00", "1960-01-01T00:00:00Z",
        "99999999999999999999", "-99999999999d", "-99999d"}) {
    EXPECT_EQ(parse_time(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace kafka
