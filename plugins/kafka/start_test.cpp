// SPDX-License-Identifier: Apache-2.0
#include "start.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>

namespace kafka {
namespace {

TEST(Start, IsAWordOrATime) {
  EXPECT_EQ(parse_start("earliest"), Client::kEarliest);
  EXPECT_EQ(parse_start("latest"), Client::kLatest);
  EXPECT_EQ(parse_start("1700000000000"), 1'700'000'000'000);
  EXPECT_EQ(parse_start("2023-11-14T22:13:20Z"), 1'700'000'000'000);
  EXPECT_EQ(parse_start("2023-11-14t22:13:20.5z"), 1'700'000'000'500);
  EXPECT_EQ(parse_start("2023-11-15 00:13:20.123456+02:00"), 1'700'000'000'123);
  EXPECT_EQ(parse_start("1970-01-01T00:00:00-00:00"), 0);
}

TEST(Start, RefusesATimeThatDoesNotExistOrHasNoZone) {
  for (const char* text :
       {"", "newest", "-5", "2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-11-14T24:00:00Z",
        "2023-11-14T22:13:20", "2023-11-14T22:13:20.Z", "2023-11-14T22:13:20+2:00",
        "1960-01-01T00:00:00Z", "99999999999999999999"}) {
    try {
      parse_start(text);
      ADD_FAILURE() << text << " was taken";
    } catch (const cphost::Error& error) {
      EXPECT_EQ(error.status(), cphost::config) << text;
    }
  }
}

}  // namespace
}  // namespace kafka
