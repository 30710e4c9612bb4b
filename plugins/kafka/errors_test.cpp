// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>
#include <string>
#include <string_view>

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
        RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL}) {
    EXPECT_EQ(diagnose(error, "", Options{}).remedy, Remedy::kConfigure)
        << rd_kafka_err2name(error);
  }
}

TEST(Errors, WaitForTheTopicsOfAPattern) {
  Options options;
  options.topics = {"orders", "^logs-"};
  const auto remedy_of = [&options](const char* reason) {
    return diagnose(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, reason, options).remedy;
  };
  const std::string missing = ": Broker: Unknown topic or partition";
  const std::string text = "Subscribed topic not available: ";
  EXPECT_EQ(remedy_of((text + "^logs-" + missing).c_str()), Remedy::kWait);
  EXPECT_EQ(remedy_of((text + "orders" + missing).c_str()), Remedy::kConfigure);
}

TEST(Errors, OfLoginsNameTheMechanismsThatAreOffered) {
  const Diagnosis other = diagnose(
      RD_KAFKA_RESP_ERR__AUTHENTICATION,
      "sasl_ssl://b:1/bootstrap: SASL SCRAM-SHA-512 mechanism handshake failed: Broker: "
      "Unsupported "
      "SASL mechanism: broker's supported mechanisms: PLAIN,OAUTHBEARER (after 3ms in state "
      "AUTH_HANDSHAKE)",
      scram());
  EXPECT_STREQ(other.code, "SASL_MECHANISM");
  EXPECT_EQ(other.text,
            "b:1: the listener at this port does not offer sasl_mechanism = \"SCRAM-SHA-512\"; it "
            "offers PLAIN,OAUTHBEARER");
}

TEST(Errors, OfRequestsThatMeetTheRenewalOfALoginAreWaitedOut) {
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE, "", scram()).remedy, Remedy::kWait);
}

TEST(Errors, TellTheBrokersCertificateFromTheClients) {
  Options options;
  options.security_protocol = "ssl";
  const Diagnosis theirs =
      diagnose(RD_KAFKA_RESP_ERR__SSL,
               "ssl://b:1/2: SSL handshake failed: certificate verify failed (after 3ms in state "
               "SSL_HANDSHAKE)",
               options, false, "it ended");
  EXPECT_STREQ(theirs.code, "TLS_CERTIFICATE");
  EXPECT_EQ(theirs.text, "b:1: the broker's certificate is not accepted: it ended");
  const Diagnosis ours = diagnose(RD_KAFKA_RESP_ERR__TRANSPORT,
                                  "ssl://b:1/2: Receive failed: SSL alert number 42", options);
  EXPECT_STREQ(ours.code, "TLS_CLIENT_CERTIFICATE");
  EXPECT_EQ(ours.remedy, Remedy::kConfigure);
}

TEST(Errors, SuspectTheProtocolWhereAConnectionIsClosedAtOnce) {
  const auto code_of = [](const char* protocol, const char* reason) {
    Options options;
    options.security_protocol = protocol;
    const Diagnosis diagnosis = diagnose(RD_KAFKA_RESP_ERR__TRANSPORT, reason, options);
    EXPECT_EQ(diagnosis.remedy == Remedy::kSuspect, std::string_view(diagnosis.code) == "PROTOCOL");
    return std::string(diagnosis.code);
  };
  EXPECT_EQ(code_of("plaintext", "b:1/1: Disconnected (after 2ms in state APIVERSION_QUERY)"),
            "PROTOCOL");
  EXPECT_EQ(code_of("ssl", "ssl://b:1/1: Disconnected (after 2ms in state SSL_HANDSHAKE)"),
            "PROTOCOL");
  EXPECT_EQ(code_of("plaintext", "b:1/1: Disconnected (after 2ms in state UP)"), "PROTOCOL");
  // A broker that closes an idle connection.
  EXPECT_EQ(code_of("plaintext", "b:1/1: Disconnected (after 600000ms in state UP)"), "BROKER");
  EXPECT_EQ(code_of("sasl_ssl", "b:1/1: Disconnected (after 2ms in state UP)"), "BROKER");
}

TEST(Errors, SayWhereAnAddressComesFrom) {
  const auto text_of = [](rd_kafka_resp_err_t error, const char* reason) {
    return diagnose(error, reason, Options{}).text;
  };
  EXPECT_NE(text_of(RD_KAFKA_RESP_ERR__RESOLVE,
                    "b:1/bootstrap: Failed to resolve 'b:1': unknown (after 2ms in state CONNECT)")
                .find("check `brokers`"),
            std::string::npos);
  EXPECT_NE(text_of(RD_KAFKA_RESP_ERR__TRANSPORT, "b:1/7: Connect failed: Connection refused")
                .find("advertised.listeners"),
            std::string::npos);
}

TEST(Errors, NeverStepOverRecordsThatAreCorrupt) {
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR__BAD_MSG, "", Options{}).remedy, Remedy::kReopen);
}

TEST(Errors, ReopenAfterAFatalError) {
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR_UNKNOWN, "", Options{}, true).remedy, Remedy::kReopen);
  EXPECT_EQ(diagnose(RD_KAFKA_RESP_ERR_UNKNOWN, "", Options{}, false).remedy, Remedy::kWait);
}

TEST(Errors, HaltAHostThatAnotherOneHasTakenTheNameOf) {
  Options options;
  options.group_instance_id = "host-a";
  const Diagnosis fenced = diagnose(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID, "fenced", options, true);
  EXPECT_NE(fenced.text.find("group_instance_id = \"host-a\""), std::string::npos);
  try {
    raise(fenced);
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::halt);
  }
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
