// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include "handles.hpp"

namespace kafka {
namespace {

std::string scram_hint(const Options& options) {
  if (!options.sasl_mechanism.starts_with("SCRAM") || is_at_least(kVersionScramNonce)) return "";
  return " If user and password are right: librdkafka " + std::string(rd_kafka_version_str()) +
         " can't log in with SCRAM to Kafka 3.8.1 or newer; build the plugin with librdkafka 2.6.1 "
         "or newer, or use sasl_mechanism = \"PLAIN\" over TLS.";
}

std::string login_hint(const Options& options) {
  return ": the broker refuses the login (security_protocol = \"" + options.security_protocol +
         "\", sasl_mechanism = \"" + options.sasl_mechanism + "\", sasl_username = \"" +
         options.sasl_username + "\"). Check user, password and mechanism." + scram_hint(options);
}

const char* tls_hint() {
  return ": check ssl_ca_location (the authority that signed the brokers' certificates), the host "
         "names in `brokers`, and ssl_certificate_location with ssl_key_location where the brokers "
         "ask for a client certificate";
}

Diagnosis configure(const char* code, std::string text) {
  return {Remedy::kConfigure, code, std::move(text)};
}

}  // namespace

Diagnosis diagnose(rd_kafka_resp_err_t error, std::string_view reason, const Options& options,
                   bool fatal) {
  std::string text(reason.empty() ? rd_kafka_err2str(error) : reason);
  switch (error) {
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
      return configure("AUTHENTICATION", text + login_hint(options));
    case RD_KAFKA_RESP_ERR__SSL:
      return configure("TLS", text + tls_hint());
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return configure(
          "TOPIC_AUTHORIZATION",
          text + ": the user may not read the topic; it needs READ and DESCRIBE on it");
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return configure("GROUP_AUTHORIZATION", text + ": the user may not use group_id = \"" +
                                                  options.group_id + "\"; it needs READ on it");
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return configure("CLUSTER_AUTHORIZATION", text + ": the user lacks rights on the cluster");
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
      return configure("TOPIC_MISSING",
                       text + ": check the names in `topics`; the plugin creates none");
    case RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL:
      return configure("GROUP_PROTOCOL",
                       text + ": other members of group_id = \"" + options.group_id +
                           "\" assign partitions by another strategy than `range`; give this pipe "
                           "a group of its own");
    case RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT:
      return configure("SESSION_TIMEOUT",
                       text +
                           ": the brokers allow session_timeout only between their "
                           "group.min.session.timeout.ms and "
                           "group.max.session.timeout.ms (6 s and 30 min by default)");
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID:
      return configure("GROUP_ID", text + ": check group_id = \"" + options.group_id + "\"");
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
      return configure("FENCED", text + ": another member runs with the same group_instance_id");
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE:
      return configure(
          "OFFSET_OUT_OF_RANGE",
          text + ": the log does not hold the next offset; see the option on_out_of_range");
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED:
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
      return configure("UNSUPPORTED", text + ": this build of librdkafka (" +
                                          rd_kafka_version_str() + ") can't do that");
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
      return {Remedy::kReopen, "CORRUPT_BATCH",
              text + ": the records are read again, none is stepped over"};
    default:
      return {fatal ? Remedy::kReopen : Remedy::kWait, fatal ? "FATAL" : "BROKER", std::move(text)};
  }
}

void raise(const Diagnosis& diagnosis) {
  cphost::Status status = cphost::retry;
  if (diagnosis.remedy == Remedy::kReopen) status = cphost::reopen;
  if (diagnosis.remedy == Remedy::kConfigure) status = cphost::config;
  throw cphost::Error(status, diagnosis.code, diagnosis.text);
}

bool is_out_of_group(rd_kafka_resp_err_t error) {
  switch (error) {
    case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
    case RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST:
      return true;
    default:
      return false;
  }
}

}  // namespace kafka
