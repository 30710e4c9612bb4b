// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "config.hpp"
#include "source_test.hpp"

namespace kafka {
namespace {

using KafkaClient = KafkaSource;

TEST_F(KafkaClient, CommitsNothingOnceTheGroupHasGivenItsPartitionsAway) {
  const Reader::Shared& shared = share();
  Wakeup wakeup;
  Client client(make_config(shared.options, 1 << 20), shared.options, env_.env(), wakeup);
  const auto wait_for = [&wakeup](auto is_met) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_met() && std::chrono::steady_clock::now() < deadline) {
      wakeup.wait_until(std::chrono::steady_clock::now() + std::chrono::milliseconds(10));
    }
  };
  const PartitionsPtr topics = make_partitions(1);
  rd_kafka_topic_partition_list_add(topics.get(), "t", RD_KAFKA_PARTITION_UA);
  ASSERT_EQ(rd_kafka_subscribe(client.get(), topics.get()), RD_KAFKA_RESP_ERR_NO_ERROR);
  EventPtr assigned;
  wait_for([&] { return (assigned = client.next_rebalance()) != nullptr; });
  ASSERT_TRUE(assigned);
  const auto* const partitions = rd_kafka_event_topic_partition_list(assigned.get());
  ASSERT_EQ(rd_kafka_assign(client.get(), partitions), RD_KAFKA_RESP_ERR_NO_ERROR);

  constexpr int16_t kHeartbeat = 12;
  rd_kafka_mock_push_request_errors(cluster_.get(), kHeartbeat, 1,
                                    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
  wait_for([&] { return rd_kafka_assignment_lost(client.get()) != 0; });
  const PartitionsPtr list = make_partitions(1);
  rd_kafka_topic_partition_list_add(list.get(), "t", 0)->offset = 7;
  client.commit(*list);
  EXPECT_EQ(list->elems[0].err, RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST);
  const std::string text =
      expect_error(cphost::retry, "COMMIT", [&] { client.commit_now(*list, "the start"); });
  EXPECT_NE(text.find("the start of t/0"), std::string::npos) << text;
  EXPECT_LT(cluster_.committed("g", "t", 0).first, 0);
}

}  // namespace
}  // namespace kafka
