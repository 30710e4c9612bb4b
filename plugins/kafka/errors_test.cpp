// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <gtest/gtest.h>

#include "handles.hpp"

namespace kafka {
namespace {

Options scram() {
  Options options;
  options.security_protocol = "sasl_ssl";
  options.sasl_mechanism = "SCRAM-SHA-512";
  options.sasl_username = "app";
  options.sasl_password = "hidden-secret";
  return options;
}

TEST(Errors, WaitForBrokersThatAreAway) {
  for (const auto error : {RD_KAFKA_RESP_ERR__TRANSPORT, RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
                           RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED, RD_KAFKA_RESP_ERR__RESOLVE}) {
    EXPECT_EQ(diagnose(error, "", Options{}).remedy, Remedy::kWait) << rd_kafka_err2name(error);
  }
}

TEST(Errors, AskTheUserWhereOnlyTheUserCanAct) {
  for (const auto error :
       {RD_KAFKA_RESP_ERR__AUTHENTICATION, RD_KAFKA_RESP_ERR__SSL,
        RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET,
        RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL}) {
    EXPECT_EQ(diagnose(error, "", Options{}).remedy, Remedy::kConfigure)
        << rd_kafka_err2name(error);
  }
}

TEST(Errors, NeverStepOverRecordsThatAreCorrupt) {
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR__BAD_MSG, "", Options{}).remedy, Remedy::kReopen);
}

TEST(Errors, ReopenAfterAFatalError) {
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR_UNKNOWN, "", Options{}, true).remedy, Remedy::kReopen);
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR_UNKNOWN, "", Options{}, false).remedy, Remedy::kWait);
}

TEST(Errors, NameTheUserAndNeverThePassword) {
  const std::string text = diagnose(RD_KAFKA_RESP_ERR__AUTHENTICATION, "refused", scram()).text;
  EXPECT_NE(text.find("\"app\""), std::string::npos);
  EXPECT_EQ(text.find("hidden-secret"), std::string::npos);
}

TEST(Errors, SayThatAnOldLibrdkafkaCannotUseScram) {
  const std::string text = diagnose(RD_KAFKA_RESP_ERR__AUTHENTICATION, "refused", scram()).text;
  EXPECT_EQ(text.find("can't log in with SCRAM") == std::string::npos,
            is_at_least(kVersionScramNonce));
}

}  // namespace
}  // namespace kafka
