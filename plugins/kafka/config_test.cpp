// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <gtest/gtest.h>

#include <cphost/testing.hpp>
#include <string>

namespace kafka {
namespace {

using cphost::testing::GivenOptions;

Options options(GivenOptions more = {}) {
  GivenOptions given{{"brokers", "b:9092"}, {"topics", "t"}, {"group_id", "g"}};
  for (auto& option : more) given.push_back(option);
  return cphost::testing::parse(kOptions, given);
}

std::string property(const rd_kafka_conf_t* config, const char* name) {
  char value[256];
  size_t size = sizeof value;
  if (rd_kafka_conf_get(config, name, value, &size) != RD_KAFKA_CONF_OK) return "?";
  return value;
}

std::string refusal(GivenOptions more) {
  try {
    make_config(options(more), 32 << 20);
    return "";
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::config);
    return error.text();
  }
}

TEST(Config, LeavesNothingToLibrdkafkaThatCouldLoseRecords) {
  const auto config = make_config(options(), 32 << 20);
  EXPECT_EQ(property(config.get(), "enable.auto.commit"), "false");
  EXPECT_EQ(property(config.get(), "enable.auto.offset.store"), "false");
  EXPECT_EQ(property(config.get(), "auto.offset.reset"), "error");
  EXPECT_EQ(property(config.get(), "check.crcs"), "true");
  EXPECT_EQ(property(config.get(), "allow.auto.create.topics"), "false");
  EXPECT_EQ(property(config.get(), "partition.assignment.strategy"), "range");
}

TEST(Config, PassesPropertiesOn) {
  const auto config =
      make_config(options({{"librdkafka", "{socket.keepalive.enable = true}"}}), 32 << 20);
  EXPECT_EQ(property(config.get(), "socket.keepalive.enable"), "true");
}

TEST(Config, NamesEachWorkerOfAStaticMember) {
  const Options given = options({{"group_instance_id", "host-a"}, {"client_rack", "zone-1"}});
  EXPECT_EQ(property(make_config(given, 32 << 20, 3).get(), "group.instance.id"), "host-a-3");
  EXPECT_EQ(property(make_config(given, 32 << 20).get(), "client.rack"), "zone-1");
  EXPECT_NE(refusal({{"librdkafka", "{group.instance.id = x}"}}).find("`group_instance_id`"),
            std::string::npos);
}

TEST(Config, LooksForTopicsAndLeavesTheBrokersOwnOut) {
  EXPECT_EQ(property(make_config(options(), 32 << 20).get(), "topic.blacklist"), "^__");
  EXPECT_NE(property(make_config(options({{"topics", "^__x"}}), 32 << 20).get(), "topic.blacklist"),
            "^__");
  const auto config = make_config(options({{"metadata_refresh", "7s"}}), 32 << 20);
  EXPECT_EQ(property(config.get(), "topic.metadata.refresh.interval.ms"), "7000");
}

TEST(Config, ReadsUncommittedRecordsOnlyWhereThatIsAskedFor) {
  EXPECT_EQ(property(make_config(options(), 32 << 20).get(), "isolation.level"), "read_committed");
  const auto config = make_config(options({{"isolation_level", "read_uncommitted"}}), 32 << 20);
  EXPECT_EQ(property(config.get(), "isolation.level"), "read_uncommitted");
}

TEST(Config, RefusesPropertiesThatLoadCodeOrRunCommands) {
  for (const char* name : {"plugin.library.paths", "sasl.kerberos.kinit.cmd", "ssl.engine.location",
                           "oauthbearer_token_refresh_cb", "opaque"}) {
    EXPECT_NE(
        refusal({{"librdkafka", "{" + std::string(name) + " = x}"}}).find("can't be set here"),
        std::string::npos)
        << name;
  }
}

TEST(Config, RefusesPropertiesThatItOwnsAndNamesTheOption) {
  EXPECT_NE(refusal({{"librdkafka", "{enable.auto.commit = true}"}}), "");
  EXPECT_NE(refusal({{"librdkafka", "{group.id = x}"}}).find("`group_id`"), std::string::npos);
  EXPECT_NE(refusal({{"librdkafka", "{sasl.password = x}"}}).find("`sasl_password`"),
            std::string::npos);
}

TEST(Config, SaysWhatLibrdkafkaDoesNotKnow) {
  const std::string text = refusal({{"librdkafka", "{no.such.thing = 1}"}});
  EXPECT_NE(text.find("no.such.thing"), std::string::npos);
}

TEST(Config, RefusesSecurityOptionsThatContradictEachOther) {
  EXPECT_NE(refusal({{"sasl_mechanism", "PLAIN"}}).find("sasl_ssl"), std::string::npos);
  EXPECT_NE(refusal({{"security_protocol", "sasl_ssl"}}).find("sasl_mechanism"), std::string::npos);
  EXPECT_NE(refusal({{"security_protocol", "sasl_ssl"}, {"sasl_mechanism", "PLAIN"}})
                .find("sasl_password"),
            std::string::npos);
  EXPECT_NE(refusal({{"ssl_ca_location", "/ca.pem"}}).find("\"ssl\""), std::string::npos);
  EXPECT_NE(refusal({{"security_protocol", "ssl"}, {"ssl_key_location", "/key.pem"}})
                .find("ssl_certificate_location"),
            std::string::npos);
}

TEST(Config, VerifiesTheNamesOfBrokersUnlessToldOtherwise) {
  const char* const name = "ssl.endpoint.identification.algorithm";
  EXPECT_EQ(property(make_config(options({{"security_protocol", "ssl"}}), 1 << 20).get(), name),
            "https");
  const auto given = make_config(
      options({{"security_protocol", "ssl"}, {"librdkafka", "{" + std::string(name) + " = none}"}}),
      1 << 20);
  EXPECT_EQ(property(given.get(), name), "none");
}

TEST(Config, WantsOneSourceOfTokens) {
  const GivenOptions oauth{{"security_protocol", "sasl_ssl"}, {"sasl_mechanism", "OAUTHBEARER"}};
  const auto with = [&oauth](GivenOptions more) {
    more.insert(more.begin(), oauth.begin(), oauth.end());
    return refusal(std::move(more));
  };
  EXPECT_NE(with({}).find("sasl_oauthbearer_token_file"), std::string::npos);
  EXPECT_EQ(with({{"sasl_oauthbearer_token_file", "/token"}}), "");
  EXPECT_NE(with({{"sasl_oauthbearer_token_file", "/token"},
                  {"sasl_oauthbearer_token_endpoint_url", "https://i/t"}})
                .find("exclude"),
            std::string::npos);
  EXPECT_NE(with({{"sasl_oauthbearer_token_endpoint_url", "https://i/t"}}).find("client_secret"),
            std::string::npos);
  const auto at = [&with](const char* url) {
    return with({{"sasl_oauthbearer_token_endpoint_url", url},
                 {"sasl_oauthbearer_client_id", "id"},
                 {"sasl_oauthbearer_client_secret", "hidden-secret"}});
  };
  EXPECT_EQ(at("https://issuer/token"), "");
  for (const char* url : {"issuer", "ftp://issuer/token", "https://user:hidden-secret@issuer/"}) {
    EXPECT_NE(at(url), "") << url;
    EXPECT_EQ(at(url).find("hidden-secret"), std::string::npos) << url;
  }
  EXPECT_NE(refusal({{"sasl_oauthbearer_token_file", "/token"}}).find("OAUTHBEARER"),
            std::string::npos);
}

TEST(Config, SaysWhichFileCanNotBeRead) {
  const std::string text =
      refusal({{"security_protocol", "ssl"}, {"ssl_ca_location", "/no/such/ca.pem"}});
  EXPECT_EQ(text, "ssl_ca_location = \"/no/such/ca.pem\" can't be read: No such file or directory");
}

TEST(Config, NeverNamesAPassword) {
  const std::string text = refusal({{"security_protocol", "sasl_plaintext"},
                                    {"sasl_mechanism", "OAUTHBEARER"},
                                    {"sasl_password", "hidden-secret"}});
  EXPECT_NE(text, "");
  EXPECT_EQ(text.find("hidden-secret"), std::string::npos);
}

TEST(Config, KeepsWhatIsFetchedAheadWithinItsMemory) {
  for (const int64_t memory : {1 << 20, 32 << 20, 1 << 30}) {
    const auto config = make_config(options(), memory);
    const int64_t queue = std::stoll(property(config.get(), "queued.max.messages.kbytes")) * 1024;
    const int64_t messages = std::stoll(property(config.get(), "queued.min.messages"));
    EXPECT_LE(queue, memory);
    EXPECT_LE(messages * 512, memory);
    EXPECT_GE(messages, 100);
  }
}

}  // namespace
}  // namespace kafka
