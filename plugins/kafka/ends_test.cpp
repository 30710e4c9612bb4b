// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

#include <gtest/gtest.h>

#include "config.hpp"
#include "source_test.hpp"

namespace kafka {
namespace {

class KafkaEnds : public KafkaSource {
 protected:
  /// Of the topic "t", as a process notes them that has a client and no member yet.
  void note(Reader::Shared& shared) {
    client_ = std::make_unique<Client>(make_config(shared.options, 1 << 20), shared.options,
                                       env_.env(), wakeup_);
    shared.ends.note(*client_, {{"t", 2}}, shared.plan);
  }

  Wakeup wakeup_;
  std::unique_ptr<Client> client_;
};

TEST_F(KafkaEnds, AreOfPartitionsThatThereAre) {
  auto& shared = share({{"stop", "end"}, {"stop_offsets", "{t/2 = 5}"}});
  const std::string text = expect_error(cphost::config, "OPTIONS", [&] { note(shared); });
  EXPECT_NE(text.find("\"t/2\": the topic has 2 partitions"), std::string::npos) << text;
}

TEST_F(KafkaEnds, AreCommittedByAPositionThatTheLogReaches) {
  cluster_.produce("t", 0, 10);
  auto& shared = share({{"stop", "end"}, {"stop_offsets", "{t/0 = 5}"}});
  note(shared);
  EXPECT_EQ(shared.ends.awaited(*client_), "t/0 (at its start, ends at 5)");
  cluster_.commit("g", "t", 0, 5);
  EXPECT_EQ(shared.ends.awaited(*client_), "");
  cluster_.commit("g", "t", 0, 10);
  EXPECT_EQ(shared.ends.awaited(*client_), "");
  cluster_.commit("g", "t", 0, 11);
  EXPECT_EQ(shared.ends.awaited(*client_), "t/0 (at 11, ends at 5)")
      << "it is of records that are gone";
}

TEST(Ends, AreAwaitedInFewWordsOfStreamsThatAreNotThere) {
  Streams streams;
  for (int i = 0; i < 12; ++i) streams.add("t", i).end = 10;
  (*streams.begin())->state = Stream::State::kEnded;
  streams.find(2)->next = 5;
  const std::string text = awaited(streams);
  EXPECT_EQ(text.find("t/1 (at 5, ends at 10), t/2 (at its start, ends at 10), t/3"), 0u) << text;
  EXPECT_NE(text.find("t/10 (at its start, ends at 10), ..."), std::string::npos) << text;
  EXPECT_EQ(text.find("t/11"), std::string::npos) << text;
}

TEST_F(KafkaEnds, OfALogThatWasMadeAgainOnlyComeDown) {
  cluster_.produce("t", 0, 10);
  auto& shared = share({{"stop", "end"}});
  note(shared);
  shared.ends.lower("t", 0, 7);
  EXPECT_EQ(shared.ends.end_of("t", 0), 7);
  shared.ends.lower("t", 0, 9);
  EXPECT_EQ(shared.ends.end_of("t", 0), 7);
}

}  // namespace
}  // namespace kafka
