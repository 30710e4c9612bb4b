// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include "connection_errors.hpp"
#include "handles.hpp"

namespace kafka {
namespace {

// Whose rights are at stake.
std::string user_of(const Options& options) {
  if (!options.sasl_username.empty()) return "the user \"" + options.sasl_username + "\"";
  if (options.sasl_mechanism == "OAUTHBEARER") return "the user of the token";
  if (!options.ssl_certificate_location.empty()) {
    return "the user of ssl_certificate_location = \"" + options.ssl_certificate_location + "\"";
  }
  return "a client that does not log in (security_protocol = \"" + options.security_protocol +
         "\")";
}

// librdkafka reports a pattern that matches nothing as it does a name without a topic. No name of a
// topic has a '^', so a text that holds a pattern speaks of it.
const std::string* find_pattern(const Options& options, std::string_view text) {
  for (const auto& topic : options.topics) {
    if (topic.starts_with('^') && text.find(topic) != text.npos) return &topic;
  }
  return nullptr;
}

Diagnosis configure(const char* code, std::string text) {
  return {Remedy::kConfigure, code, std::move(text)};
}

}  // namespace

Diagnosis diagnose(rd_kafka_resp_err_t error, std::string_view reason, const Options& options,
                   bool fatal, std::string_view certificate_fault) {
  std::string text(reason.empty() ? rd_kafka_err2str(error) : reason);
  if (auto connection = diagnose_connection(error, text, options, certificate_fault)) {
    if (fatal && connection->remedy != Remedy::kConfigure) connection->remedy = Remedy::kReopen;
    return *connection;
  }
  if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART) {
    if (const std::string* const pattern = find_pattern(options, text)) {
      return {Remedy::kWait, "TOPIC_MISSING", "topics: nothing matches \"" + *pattern + "\" yet"};
    }
  }
  switch (error) {
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      return configure("TOPIC_AUTHORIZATION", text + ": " + user_of(options) +
                                                  " may not read the topic; give it READ and "
                                                  "DESCRIBE on it (kafka-acls)");
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
      return configure("GROUP_AUTHORIZATION", text + ": " + user_of(options) +
                                                  " may not use group_id = \"" + options.group_id +
                                                  "\"; give it READ on it (kafka-acls)");
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
      return configure("CLUSTER_AUTHORIZATION",
                       text + ": " + user_of(options) + " lacks rights on the cluster");
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
      return {Remedy::kHalt, "FENCED",
              text + ": another member runs with group_instance_id = \"" +
                  options.group_instance_id +
                  "\"; give each host a name of its own, then start this one again"};
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
  if (diagnosis.remedy == Remedy::kHalt) status = cphost::halt;
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
