// SPDX-License-Identifier: Apache-2.0
#include "start.hpp"

#include <gtest/gtest.h>

#include "source_test.hpp"

namespace kafka {
namespace {

using KafkaStart = KafkaSource;

TEST_F(KafkaStart, TakesOffsetsOfSinglePartitionsAndTheStartForTheOthers) {
  cluster_.produce("t", 0, 100);
  cluster_.produce("t", 1, 10);
  Member member(share({{"start_offsets", "{t/0 = 95}"}}));
  member.poll_until_records(15);
  EXPECT_EQ(member.partition("t/0").values, numbers(95, 5));
  EXPECT_EQ(member.partition("t/1").values, numbers(0, 10));
  EXPECT_EQ(cluster_.committed("g", "t", 0).first, 95) << "before the first record";
}

TEST_F(KafkaStart, DoesNotCommitAnOffsetThatTheLogDoesNotHold) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"start_offsets", "{t/0 = 11}"}, {"isolation_level", "read_uncommitted"}}));
  const std::string text = expect_error(cphost::halt, "OFFSET_OUT_OF_RANGE",
                                        [&] { member.poll_until([] { return false; }); });
  EXPECT_EQ(text.find("start_offsets: \"t/0\" = 11 is not in the log, which holds offsets 0 to 9"),
            0u)
      << text;
  EXPECT_EQ(text.find("positions set"), std::string::npos) << "there is none to be set: " << text;
  EXPECT_LT(cluster_.committed("g", "t", 0).first, 0);
}

TEST_F(KafkaStart, LeavesItToTheBrokerWhetherThereIsAnOffsetBehindATransaction) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"start_offsets", "{t/0 = 11}"}}));
  // The end that is told is that of what is committed; the offset may lie behind it.
  member.poll_until(
      [&] { return !member.partitions().empty() && member.partition("t/0").position == "10"; });
  expect_error(cphost::halt, "OFFSET_OUT_OF_RANGE",
               [&] { member.poll_until([] { return false; }); });
}

TEST_F(KafkaStart, EndsWhereSinglePartitionsAreToEnd) {
  cluster_.produce("t", 0, 100);
  cluster_.produce("t", 1, 10);
  Member member(share({{"stop", "end"}, {"stop_offsets", "{t/0 = 7}"}}));
  member.finish();
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 7));
  EXPECT_EQ(member.partition("t/1").values, numbers(0, 10));
}

TEST_F(KafkaStart, ReadsPartitionsThatCameWhileItWasDownFromTheirBeginning) {
  cluster_.produce("t", 0, 10);
  cluster_.produce("t", 1, 10);
  cluster_.commit("g", "t", 0, 10);
  Member member(share({{"start", "latest"}}));
  member.poll_until_records(10);
  EXPECT_EQ(member.partition("t/1").values, numbers(0, 10));
}

TEST_F(KafkaStart, IsOfTheOptionWhereTheGroupHasNeverBegun) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 1, 0);
  Member member(share({{"start", "latest"}}));
  member.poll_until_assigned(2);
  member.poll_until([&] { return !member.partition("t/0").reached.empty(); });
  EXPECT_TRUE(member.partition("t/0").values.empty());
}

}  // namespace
}  // namespace kafka
