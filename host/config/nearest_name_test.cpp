// SPDX-License-Identifier: Apache-2.0
#include "host/config/nearest_name.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(NearestName, CountsEdits) {
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kafka", "kafka"), 0u);
  EXPECT_EQ(edit_distance("kafak", "kafka"), 1u);  // neighbours swapped
  EXPECT_EQ(edit_distance("topic", "topics"), 1u);
  EXPECT_EQ(edit_distance("sunday", "saturday"), 3u);
}

TEST(NearestName, FindsTheMistypedOne) {
  EXPECT_EQ(nearest_name("topcis", {"brokers", "topics", "start"}), "topics");
  EXPECT_EQ(did_you_mean("topic", {"topics"}), "; did you mean \"topics\"?");
}

TEST(NearestName, DoesNotGuessWildly) {
  EXPECT_EQ(nearest_name("colour", {"brokers", "topics"}), "");
  EXPECT_EQ(nearest_name("xy", {"ab"}), "");
  EXPECT_EQ(nearest_name(std::string(100'000, 'x'), {"topics"}), "");
  EXPECT_EQ(did_you_mean("colour", {}), "");
}

}  // namespace
}  // namespace cphost::host
