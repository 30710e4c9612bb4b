// SPDX-License-Identifier: Apache-2.0
#include "topics.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>

#include "source_test.hpp"

namespace kafka {
namespace {

TEST(Topics, AreNamesAndPatterns) {
  const std::vector<std::string> topics{"plain", "^orders-.*$", "^logs"};
  EXPECT_TRUE(selects(topics, "plain"));
  EXPECT_FALSE(selects(topics, "plain2"));
  EXPECT_TRUE(selects(topics, "orders-eu"));
  EXPECT_FALSE(selects(topics, "my-orders-eu"));
  EXPECT_TRUE(selects(topics, "logs-of-today")) << "as librdkafka does: a pattern is searched for";
}

TEST(Topics, LeaveTheBrokersOwnToPatternsThatNameThem) {
  EXPECT_FALSE(selects({"^.*"}, "__consumer_offsets"));
  EXPECT_TRUE(selects({"^__consumer"}, "__consumer_offsets"));
  EXPECT_TRUE(selects({"__consumer_offsets"}, "__consumer_offsets"));
  EXPECT_FALSE(selects({"^__a", "^."}, "__b")) << "another pattern does not open it";
}

TEST(Topics, RefuseWhatIsNoNameAndNoPattern) {
  for (const std::vector<std::string>& topics :
       {std::vector<std::string>{}, {""}, {"t", "^("}, {"^["}}) {
    try {
      check_topics(topics);
      ADD_FAILURE() << "taken";
    } catch (const cphost::Error& error) {
      EXPECT_EQ(error.status(), cphost::config);
    }
  }
}

TEST(Topics, RefuseTheBrokersOwnBesideAPatternForOthers) {
  check_topics({"__a", "orders", "^__b"});
  for (const std::string internal : {"__a", "^__a"}) {
    try {
      check_topics({"orders", internal, "^logs-"});
      ADD_FAILURE() << internal << " is taken";
    } catch (const cphost::Error& error) {
      EXPECT_EQ(error.status(), cphost::config);
      EXPECT_NE(error.text().find("\"" + internal + "\" and the pattern \"^logs-\""),
                std::string::npos);
    }
  }
}

using KafkaTopics = KafkaSource;

TEST_F(KafkaTopics, ThatMatchAPatternAreFoundWhileItRuns) {
  cluster_.create_topic("orders-eu", 1);
  cluster_.produce("orders-eu", 0, 5);
  cluster_.produce("t", 0, 5);
  Member member(share({{"topics", "^orders-"}, {"start", "latest"}, {"metadata_refresh", "1s"}}));
  member.poll_until_assigned(1);
  member.poll_until([&] { return !member.partition("orders-eu/0").reached.empty(); });
  cluster_.create_topic("orders-us", 1);
  cluster_.produce("orders-us", 0, 5, 100);
  member.poll_until([&] {
    member.let_go();
    return member.id_of("orders-us/0") != 0 && member.partition("orders-us/0").values.size() == 5;
  });
  EXPECT_EQ(member.partition("orders-us/0").values, numbers(100, 5)) << "whatever start says";
  EXPECT_TRUE(member.partition("orders-eu/0").values.empty());
}

TEST_F(KafkaTopics, OfTheBrokersAreReadWhereTheyAreNamed) {
  cluster_.create_topic("__heartbeat", 1);
  cluster_.produce("__heartbeat", 0, 5);
  Member member(share({{"topics", "__heartbeat"}, {"stop", "end"}}));
  member.finish();
  EXPECT_EQ(member.partition("__heartbeat/0").values, numbers(0, 5));
}

TEST_F(KafkaTopics, ThatAPatternDoesNotFindYetAreWaitedFor) {
  cluster_.produce("t", 0, 5);
  for (const std::string topic : {"logs-a", "logs-b"}) {
    const bool is_alone = topic == "logs-a";
    const std::string pattern = "^" + topic;
    Member member(share({{"topics", is_alone ? pattern : "[t, " + pattern + "]"},
                         {"metadata_refresh", "1s"},
                         {"group_id", topic}}));
    member.poll_until([&] { return member.warned("nothing matches \"" + pattern + "\""); });
    cluster_.create_topic(topic, 1);
    cluster_.produce(topic, 0, 5, 100);
    const auto has_all_of = [&](const std::string& name) {
      return member.id_of(name) != 0 && member.partition(name).values.size() == 5;
    };
    member.poll_until([&] {
      member.let_go();
      return has_all_of(topic + "/0") && (is_alone || has_all_of("t/0"));
    });
  }
}

TEST_F(KafkaTopics, ThatAPatternDoesNotFindEndABoundedRunAtItsStart) {
  auto& shared = share({{"topics", "^nothing"}, {"stop", "end"}});
  const std::string text = expect_error(cphost::config, "TOPIC_MISSING", [&] { Member{shared}; });
  EXPECT_NE(text.find("^nothing"), std::string::npos);
}

}  // namespace
}  // namespace kafka
