// SPDX-License-Identifier: Apache-2.0
#include "out_of_range.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "source_test.hpp"

namespace kafka {
namespace {

class OutOfRange : public KafkaSource {
 protected:
  /// More than the mock cluster keeps of a partition, 5 MiB: its first records are deleted.
  void produce_beyond_retention() {
    constexpr int kCount = 80;
    const std::string padding(100'000, 'x');
    for (int i = 0; i < kCount; ++i) cluster_.produce_value("t", 0, padding);
  }
};

TEST_F(OutOfRange, StopsWhereWhatComesNextWasDeleted) {
  auto& shared = share();
  cluster_.commit("g", "t", 0, 4);
  produce_beyond_retention();
  Member member(shared);
  const std::string text = expect_error(cphost::halt, "OFFSET_OUT_OF_RANGE",
                                        [&] { member.poll_until([] { return false; }); });
  EXPECT_NE(text.find("t/0: offset 4 is not in the log"), std::string::npos) << text;
  EXPECT_EQ(member.record_count(), 0u);
}

TEST_F(OutOfRange, SaysWhatItSkipsToTheFirstRecordThatThereIs) {
  auto& shared = share({{"on_out_of_range", "earliest"}});
  cluster_.commit("g", "t", 0, 4, "a note");
  produce_beyond_retention();
  Member member(shared);
  member.poll_until_records(1);
  EXPECT_TRUE(member.warned("t/0: offset 4 is not in the log"));
  auto& partition = member.partition("t/0");
  EXPECT_EQ(partition.note, "a note") << "what is pending may still be replayed in part";
  ASSERT_EQ(partition.reached.size(), 1u);
  const int first = std::stoi(partition.reached[0]) + 1;
  EXPECT_GT(first, 4);
  member.poll_until([&] { return member.reader().lag() == 0; });
  EXPECT_EQ(partition.values.size(), static_cast<size_t>(80 - first));
}

TEST_F(OutOfRange, GoesOnWithWhatIsNewWhereThatIsAskedFor) {
  auto& shared = share({{"on_out_of_range", "latest"}});
  cluster_.commit("g", "t", 0, 4);
  produce_beyond_retention();
  Member member(shared);
  member.poll_until(
      [&] { return !member.partitions().empty() && member.warned("records are skipped"); });
  cluster_.produce("t", 0, 1, 7);
  member.poll_until_records(1);
  EXPECT_EQ(member.partition("t/0").values, numbers(7, 1));
}

TEST_F(OutOfRange, StopsWhereTheLogEndsBeforeThePosition) {
  cluster_.produce("t", 0, 10);
  auto& shared = share();
  cluster_.commit("g", "t", 0, 999);
  Member member(shared);
  const std::string text = expect_error(cphost::halt, "OFFSET_OUT_OF_RANGE",
                                        [&] { member.poll_until([] { return false; }); });
  EXPECT_NE(text.find("made again"), std::string::npos) << text;
}

TEST_F(OutOfRange, BeginsANewStreamWhereTheLogWasMadeAgain) {
  cluster_.produce("t", 0, 10);
  auto& shared = share({{"on_out_of_range", "earliest"}});
  cluster_.commit("g", "t", 0, 999, "a note of records that are gone");
  Member member(shared);
  member.poll_until_assigned(2);
  const uint64_t old = member.id_of("t/0");
  EXPECT_EQ(member.partition("t/0").position, "998");
  member.poll_until_records(10);
  EXPECT_TRUE(member.partitions().at(old).is_lost);
  EXPECT_EQ(member.commit(old), CPHOST_REJECT);
  EXPECT_NE(member.id_of("t/0"), old);
  EXPECT_EQ(member.partition("t/0").note, "");
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 10));
  // So that a crash before the first commit does not find the old position in a log that has grown.
  EXPECT_EQ(cluster_.committed("g", "t", 0), std::make_pair(int64_t{0}, std::string()));
}

TEST_F(OutOfRange, IsNotTheEndOfABoundedRun) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 0, 999);
  Member member(share({{"stop", "end"}}));
  expect_error(cphost::halt, "OFFSET_OUT_OF_RANGE", [&] { member.finish(); });
  member.close();
  Member again(share({{"stop", "end"}, {"on_out_of_range", "earliest"}}));
  again.finish();
  EXPECT_EQ(again.partition("t/0").values, numbers(0, 10));
}

TEST_F(OutOfRange, EndsABoundedRunWithTheLogThatWasMadeAgain) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 0, 999);
  Member member(
      share({{"stop", "end"}, {"stop_offsets", "{t/0 = 1000}"}, {"on_out_of_range", "earliest"}}));
  member.finish();
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 10));
}

TEST_F(OutOfRange, IsNothingToARunWhoseEndWasReadBefore) {
  auto& shared = share({{"stop", "end"}, {"stop_offsets", "{t/0 = 2}"}});
  cluster_.commit("g", "t", 0, 4);
  produce_beyond_retention();
  Member member(shared);
  member.finish();
  EXPECT_TRUE(member.partition("t/0").is_ended);
  EXPECT_EQ(member.record_count(), 0u);
  EXPECT_EQ(cluster_.committed("g", "t", 0).first, 4);
}

}  // namespace
}  // namespace kafka
