// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cphost/testing.hpp>
#include <string>
#include <thread>
#include <vector>

#include "source_test.hpp"

namespace kafka {
namespace {

using cphost::testing::EventLog;

TEST_F(KafkaSource, DeliversEachPartitionInOrder) {
  cluster_.produce("t", 0, 1000);
  cluster_.produce("t", 1, 500, 5000);
  Member member(share());
  member.poll_until_records(1500);
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 1000));
  EXPECT_EQ(member.partition("t/1").values, numbers(5000, 500));
  EXPECT_EQ(member.reader().lag(), 0);
}

TEST_F(KafkaSource, DeliversNothingBeforeTheHostHasSought) {
  cluster_.produce("t", 0, 10);
  Member member(share());
  member.seeks = false;
  member.poll_until_assigned(2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(member.step(), cphost::again);
  member.seeks = true;
  member.poll_until_records(10);
}

TEST_F(KafkaSource, ReadsAStreamThatIsSoughtLaterToo) {
  cluster_.produce("t", 0, 100);
  cluster_.produce("t", 1, 100, 100);
  Member member(share());
  member.seeks = false;
  member.poll_until_assigned(2);
  member.reader().seek(member.id_of("t/0"), "");
  member.poll_until_records(100);
  member.reader().seek(member.id_of("t/1"), "49");
  member.poll_until_records(150);
  // The first one goes on as well.
  cluster_.produce("t", 0, 10, 200);
  member.poll_until_records(160);
  auto values = numbers(0, 100);
  for (const auto& value : numbers(200, 10)) values.push_back(value);
  EXPECT_EQ(member.partition("t/0").values, values);
  EXPECT_EQ(member.partition("t/1").values, numbers(150, 50));
}

TEST_F(KafkaSource, GivesBackWhatWasCommittedWithItsNote) {
  cluster_.produce("t", 0, 10);
  auto& shared = share();
  {
    Member member(shared);
    member.poll_until_records(10);
    ASSERT_EQ(member.commit(member.id_of("t/0"), "cp1 note"), CPHOST_OK);
  }
  cluster_.produce("t", 0, 5, 10);
  Member member(shared);
  member.poll_until_records(5);
  EXPECT_EQ(member.partition("t/0").note, "cp1 note");
  EXPECT_EQ(member.partition("t/0").values, numbers(10, 5));
  EXPECT_EQ(member.partition("t/1").position, "");
}

TEST_F(KafkaSource, ClosesWithoutACommit) {
  cluster_.produce("t", 0, 10);
  auto& shared = share();
  {
    Member member(shared);
    member.poll_until_records(10);
  }
  Member member(shared);
  member.poll_until_records(10);
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 10));
}

TEST_F(KafkaSource, TellsWhereLatestIsBeforeTheFirstRecord) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"start", "latest"}}));
  member.poll_until_assigned(2);
  member.poll_until([&] { return !member.partition("t/0").reached.empty(); });
  EXPECT_EQ(member.partition("t/0").reached, std::vector<std::string>{"9"});
  cluster_.produce("t", 0, 3, 10);
  member.poll_until_records(3);
  EXPECT_EQ(member.partition("t/0").values, numbers(10, 3));
}

TEST_F(KafkaSource, DoesNotResolveLatestAgainForAPartitionThatWasEmpty) {
  auto& shared = share({{"start", "latest"}});
  {
    Member member(shared);
    member.poll_until_assigned(2);
    // The poll after the seeks has resolved the starts, and committed those that no position can
    // tell.
    static_cast<void>(member.step());
  }
  cluster_.produce("t", 0, 3);
  Member member(shared);
  member.poll_until_records(3);
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 3));
}

TEST_F(KafkaSource, EndsABoundedRunAtTheEndsOfItsBeginning) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"stop", "end"}}));
  cluster_.produce("t", 0, 5, 10);
  member.finish();
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 10));
  EXPECT_TRUE(member.partition("t/1").is_ended);
  member.close();

  // The next run begins where this one stopped.
  Member second(share({{"stop", "end"}}));
  second.finish();
  EXPECT_EQ(second.partition("t/0").values, numbers(10, 5));
}

TEST_F(KafkaSource, IsNotDoneWhileTheGroupHasNotCommittedTheEnds) {
  cluster_.produce("t", 0, 10);
  Member member(share({{"stop", "end"}}));
  member.poll_until_assigned(2);
  member.poll_until([&] { return member.partition("t/0").is_ended; });
  const uint64_t id = member.id_of("t/0");
  for (const auto& [stream, partition] : member.partitions()) member.release(stream);
  // Released without a commit, as a host does that dies: others could not tell that the run is
  // over.
  for (int i = 0; i < 8; ++i) EXPECT_EQ(member.step(), cphost::again);
  EXPECT_NE(member.commit(id), CPHOST_OK);
}

TEST_F(KafkaSource, DeliversNothingOfAPausedStreamWhileOthersGoOn) {
  Member member(share());
  member.poll_until_assigned(2);
  member.reader().pause(member.id_of("t/0"), true);
  cluster_.produce("t", 0, 200);
  cluster_.produce("t", 1, 100, 1000);
  member.poll_until_records(100);
  for (int i = 0; i < 5; ++i) static_cast<void>(member.step());
  EXPECT_EQ(member.partition("t/0").values.size(), 0u);
  cluster_.produce("t", 0, 200, 200);
  member.reader().pause(member.id_of("t/0"), false);
  member.poll_until_records(500);
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 400));
  EXPECT_EQ(member.partition("t/1").values, numbers(1000, 100));
}

TEST_F(KafkaSource, KeepsToTheLimitsOfAPoll) {
  cluster_.produce("t", 0, 1000);
  Member member(share());
  for (size_t before = 0; member.record_count() < 500; before = member.record_count()) {
    static_cast<void>(member.step({7, 4 << 20, 50}));
    ASSERT_LE(member.record_count(), before + 7);
  }
  // 50 bytes hold at least 12 of these records, and at most 25.
  for (size_t before = member.record_count(); member.record_count() < 1000;
       before = member.record_count()) {
    static_cast<void>(member.step({8192, 50, 50}));
    ASSERT_LE(member.record_count(), before + 25);
  }
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 1000));
}

TEST_F(KafkaSource, FillsTheColumnsOfARecord) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(2);
  rd_kafka_header_add(headers, "trace", -1, "x1", 2);
  rd_kafka_header_add(headers, "empty", -1, nullptr, 0);
  cluster_.produce_tombstone("t", "key", headers);
  auto& shared = share({{"headers", "true"}});
  ASSERT_EQ(shared.records_schema().size(), 7u);
  EXPECT_EQ(shared.records_schema()[5].get("cphost.role"), "position");
  Reader reader(shared, env_.env());
  EventLog log;
  while (!log.find(EventLog::Kind::kRecords)) {
    static_cast<void>(reader.poll({100, 1 << 20, 50}, log.out()));
    for (const auto& event : log.events()) {
      if (event.kind == EventLog::Kind::kAssigned) reader.seek(event.stream, "");
    }
  }
  const ArrowArray& records = *log.find(EventLog::Kind::kRecords)->records;
  ASSERT_EQ(records.length, 1);
  EXPECT_TRUE(cphost::is_null(*records.children[0], 0));
  EXPECT_EQ(cphost::bytes_at(*records.children[1], 0), "key");
  EXPECT_EQ(cphost::value_at<int64_t>(*records.children[2], 0), 1'700'000'000'123);
  EXPECT_EQ(cphost::bytes_at(*records.children[3], 0), "t");
  EXPECT_EQ(cphost::value_at<int32_t>(*records.children[4], 0), 0);
  EXPECT_EQ(cphost::value_at<int64_t>(*records.children[5], 0), 0);
  const cphost::ListColumn map(*records.children[6]);
  ASSERT_EQ(map.end(0) - map.begin(0), 2);
  const ArrowArray& keys = *map.elements().children[0];
  const ArrowArray& values = *map.elements().children[1];
  EXPECT_EQ(cphost::bytes_at(keys, 0), "trace");
  EXPECT_EQ(cphost::bytes_at(values, 0), "x1");
  EXPECT_EQ(cphost::bytes_at(keys, 1), "empty");
}

TEST_F(KafkaSource, LetsGoOfARevokedStreamWhenTheHostHasReleasedIt) {
  cluster_.produce("t", 0, 10);
  cluster_.produce("t", 1, 10, 10);
  auto& shared = share();
  Member first(shared);
  first.poll_until_records(20);
  Member second(shared);
  first.poll_until([&] { return first.partitions().begin()->second.is_revoking; });
  // The group waits for the release, as long as it takes.
  for (int i = 0; i < 5; ++i) {
    static_cast<void>(second.step());
    static_cast<void>(first.step());
  }
  EXPECT_TRUE(second.partitions().empty());
  EXPECT_EQ(first.partitions().size(), 2u);
  const std::vector<uint64_t> old{first.id_of("t/0"), first.id_of("t/1")};
  for (const uint64_t id : old) EXPECT_TRUE(first.partitions().at(id).is_revoking);
  second.poll_until([&] {
    first.let_go();
    second.let_go();
    static_cast<void>(first.step());
    return first.held() == 1 && second.held() == 1;
  });
  for (const uint64_t id : old) EXPECT_EQ(first.commit(id), CPHOST_REJECT) << "an old number";
}

TEST_F(KafkaSource, TellsThatStreamsAreLostWhenTheGroupHasForgottenTheMember) {
  cluster_.produce("t", 0, 10);
  Member member(share());
  member.poll_until_records(10);
  const uint64_t id = member.id_of("t/0");
  constexpr int16_t kHeartbeat = 12;
  rd_kafka_mock_push_request_errors(cluster_.get(), kHeartbeat, 1,
                                    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
  member.poll_until([&] { return member.partitions().at(id).is_lost; });
  EXPECT_EQ(member.commit(id), CPHOST_REJECT);
  member.release(id);
  // It joins again, and is given the partition under a new number.
  member.poll_until([&] { return member.id_of("t/0") != id; });
  member.poll_until_records(20);
  EXPECT_EQ(member.partition("t/0").values, numbers(0, 10));
}

TEST_F(KafkaSource, CommitsNothingOnceTheGroupHasForgottenTheMember) {
  cluster_.produce("t", 0, 10);
  Member member(share());
  member.poll_until_records(10);
  const uint64_t id = member.id_of("t/0");
  constexpr int16_t kHeartbeat = 12;
  rd_kafka_mock_push_request_errors(cluster_.get(), kHeartbeat, 1,
                                    RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID);
  // The event is not served meanwhile: only librdkafka knows.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  int32_t status = CPHOST_OK;
  while (status != CPHOST_REJECT && std::chrono::steady_clock::now() < deadline) {
    status = member.commit(id);
  }
  EXPECT_EQ(status, CPHOST_REJECT);
  EXPECT_FALSE(member.partitions().at(id).is_lost);
  member.poll_until([&] { return member.partitions().at(id).is_lost; });
  member.let_go();
}

TEST_F(KafkaSource, RefusesATopicThatDoesNotExist) {
  rd_kafka_mock_topic_set_error(cluster_.get(), "missing", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
  auto& shared = share({{"topics", "missing"}});
  expect_error(cphost::config, "TOPIC_MISSING", [&] { Member{shared}; });
}

TEST_F(KafkaSource, AsksAgainLaterWhenNoBrokerAnswers) {
  auto& shared = share({{"brokers", "127.0.0.1:1"}});
  try {
    Member member(shared);
    FAIL() << "something answers on port 1";
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::retry);
    EXPECT_NE(error.text().find("127.0.0.1:1"), std::string::npos);
  }
}

TEST_F(KafkaSource, ServesASampleWithoutJoiningTheGroup) {
  cluster_.produce("t", 0, 10);
  auto& shared = share();
  Member sample(shared, 0);
  sample.poll_until_records(10);
  EXPECT_EQ(sample.partitions().size(), 2u);
  EXPECT_EQ(sample.reader().commit({}), cphost::unsupported);
  // A member is given everything, as if the sample were not there.
  Member member(shared);
  member.poll_until_records(10);
  EXPECT_EQ(member.partitions().size(), 2u);
}

TEST_F(KafkaSource, ReturnsAtOnceWhenInterrupted) {
  Member member(share());
  member.poll_until_assigned(2);
  std::thread other([&member] { member.reader().interrupt(); });
  cphost::Status status = cphost::ok;
  // What was still to be told comes first.
  while (status == cphost::ok) status = member.step({100, 1 << 20, 60'000});
  EXPECT_EQ(status, cphost::again);
  other.join();
}

}  // namespace
}  // namespace kafka
