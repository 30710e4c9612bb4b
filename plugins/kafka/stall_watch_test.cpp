// SPDX-License-Identifier: Apache-2.0
#include "stall_watch.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "source_test.hpp"

namespace kafka {
namespace {

class KafkaStall : public KafkaSource {
 protected:
  /// From now on each answer to a fetch is an error that librdkafka takes for a passing one.
  void fail_fetches() {
    constexpr int16_t kFetch = 1;
    std::vector<rd_kafka_resp_err_t> errors(1000, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION);
    rd_kafka_mock_push_request_errors_array(cluster_.get(), kFetch, errors.size(), errors.data());
  }

  static void poll_for(Member& member, std::chrono::milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) static_cast<void>(member.step());
  }
};

TEST_F(KafkaStall, OpensAReaderAgainThatDeliversNothingThoughThereIsSomething) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"stall_timeout", "1s"}}));
  member.poll_until_records(10);
  fail_fetches();
  cluster_.produce("t", 0, 5, 10);
  const std::string text =
      expect_error(cphost::reopen, "STALLED", [&] { member.poll_until([] { return false; }); });
  EXPECT_NE(text.find("t/0: up to 5 records wait from offset 10 on"), std::string::npos) << text;
}

TEST_F(KafkaStall, LeavesStreamsAloneThatHaveNothingOrArePaused) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"stall_timeout", "1s"}}));
  member.poll_until_records(10);
  member.reader().pause(member.id_of("t/1"), true);
  cluster_.produce("t", 1, 10);
  poll_for(member, std::chrono::milliseconds(2500));
  member.reader().pause(member.id_of("t/1"), false);
  member.poll_until_records(20);
}

}  // namespace
}  // namespace kafka
