// SPDX-License-Identifier: Apache-2.0
#include "host/config/reject_limit.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(RejectLimit, IsAShareOrACountWithinATime) {
  const auto share = parse_reject_limit("12.5%/2m");
  ASSERT_TRUE(share);
  EXPECT_DOUBLE_EQ(share->share, 0.125);
  EXPECT_EQ(share->count, kRejectsMin);
  EXPECT_EQ(share->window_ms, 120'000);
  EXPECT_EQ(share->text, "12.5%/2m");
  const auto count = parse_reject_limit("1000/1s");
  ASSERT_TRUE(count);
  EXPECT_EQ(count->share, 0);
  EXPECT_EQ(count->count, 1000);
  EXPECT_EQ(count->window_ms, 1'000);
  ASSERT_TRUE(parse_reject_limit("never"));
  EXPECT_EQ(parse_reject_limit("never")->window_ms, 0);
}

TEST(RejectLimit, IsNothingElse) {
  for (const char* text :
       {"", "10%", "10", "/1m", "%/1m", "0%/1m", "100%/1m", "-1%/1m", "nan%/1m", "0/1m", "-5/1m",
        "1.5/1m", "10%/", "10%/1", "10%/10ms", "10%/2d", "10%/1m/1m", "10 %/1m", "Never"}) {
    EXPECT_FALSE(parse_reject_limit(text)) << text;
  }
}

}  // namespace
}  // namespace cphost::host
