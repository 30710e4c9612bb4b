// SPDX-License-Identifier: Apache-2.0
#include "host/cli/point_in_time.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(PointInTime, IsADateATimeOrADurationAgo) {
  constexpr int64_t kNow = 1'800'000'000'000'000;
  EXPECT_EQ(parse_point_in_time("2026-01-31", kNow), 1'769'817'600'000'000);
  EXPECT_EQ(parse_point_in_time("2026-01-31 12:30:01", kNow), 1'769'862'601'000'000);
  EXPECT_EQ(parse_point_in_time("2026-01-31T12:30:01", kNow), 1'769'862'601'000'000);
  EXPECT_EQ(parse_point_in_time("2026-01-31T12:30:01Z", kNow), 1'769'862'601'000'000);
  EXPECT_EQ(parse_point_in_time("2h", kNow), kNow - 7'200'000'000);
}

TEST(PointInTime, IsNothingElse) {
  for (const char* text : {"", "yesterday", "2026-13-01", "2026-02-30", "2026-01-31T25:00:00",
                           "2026-01-31T12:30:01+02:00", "12:30"}) {
    EXPECT_FALSE(parse_point_in_time(text, 0)) << text;
  }
}

}  // namespace
}  // namespace cphost::host
