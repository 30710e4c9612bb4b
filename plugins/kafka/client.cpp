// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "stream.hpp"

namespace kafka {
namespace {

using std::chrono::milliseconds;

// How long a question to the brokers may take before the host is told to ask again later.
constexpr int kAnswerTimeoutMs = 3000;
constexpr int kMetadataTimeoutMs = 10'000;
constexpr int kMetadataSliceMs = 500;
constexpr int kLeaveTimeoutMs = 2000;
constexpr int kMaxCommitTimeoutMs = 5000;
// A broker that goes down, too, may cut a connection that was just made, but not for so long.
constexpr auto kSuspicion = std::chrono::seconds(5);
constexpr auto kErrorLogInterval = std::chrono::minutes(1);
constexpr auto kWakeInterval = milliseconds(10);

// What comes as an event too, which is told in better words, and what belongs to it.
bool is_told_by_event(std::string_view facility) {
  return facility == "FAIL" || facility == "ERROR" || facility.starts_with("SSL") ||
         facility.starts_with("CERT");
}

std::string_view without_thread(std::string_view text) {
  const size_t end = text.starts_with("[thrd:") ? text.find("]: ") : text.npos;
  return end == text.npos ? text : text.substr(end + 3);
}

// librdkafka's own levels are those of syslog. What it calls an error is mostly a connection that
// it opens again.
void log_line(const rd_kafka_t* rk, int level, const char* facility, const char* text) {
  auto& client = *static_cast<Client*>(rd_kafka_opaque(rk));
  if (std::string_view(facility) == "FAIL") client.note_closed(without_thread(text));
  const std::string line = std::string("librdkafka ") + facility + ": " + text;
  if (is_told_by_event(facility)) {
    client.env().debug(line);
  } else if (level <= 4) {
    client.env().warn(line);
  } else if (level <= 6) {
    client.env().info(line);
  } else {
    client.env().debug(line);
  }
}

// OpenSSL's verdict stands: nothing is accepted here.
int verify_certificate(rd_kafka_t*, const char* broker, int32_t, int* error, int, const char* der,
                       size_t size, char* reason, size_t reason_size, void* client) {
  if (*error == 0) return 1;
  static_cast<Client*>(client)->certificate_check().note(broker, *error, {der, size});
  std::snprintf(reason, reason_size, "refused by OpenSSL");
  return 0;
}

void refresh_token(rd_kafka_t* rk, const char*, void* client) {
  static_cast<Client*>(client)->oauth_login().refresh(rk);
}

// Answers come in the order of the question, mostly.
const rd_kafka_topic_partition_t* find_partition(const rd_kafka_topic_partition_list_t& list,
                                                 int expected,
                                                 const rd_kafka_topic_partition_t& wanted) {
  const auto is_wanted = [&wanted](const rd_kafka_topic_partition_t& item) {
    return item.partition == wanted.partition && std::strcmp(item.topic, wanted.topic) == 0;
  };
  if (expected < list.cnt && is_wanted(list.elems[expected])) return &list.elems[expected];
  const auto* const end = list.elems + list.cnt;
  const auto* const found = std::find_if(list.elems, list.elems + list.cnt, is_wanted);
  return found == end ? nullptr : found;
}

}  // namespace

Client::Client(ConfigPtr config, const Options& options, cphost::Env env, Wakeup& wakeup)
    : options_(options),
      env_(env),
      wakeup_(wakeup),
      certificate_check_(options.ssl_ca_location),
      oauth_login_(options, env_) {
  rd_kafka_conf_set_opaque(config.get(), this);
  rd_kafka_conf_set_log_cb(config.get(), log_line);
  rd_kafka_conf_set_ssl_cert_verify_cb(config.get(), verify_certificate);
  if (oauth_login_.is_wanted()) {
    OauthLogin::prepare(config.get());
    rd_kafka_conf_set_oauthbearer_token_refresh_cb(config.get(), refresh_token);
  }
  rd_kafka_conf_set_events(
      config.get(), RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_OFFSET_COMMIT);
  char error[512];
  rk_ = rd_kafka_new(RD_KAFKA_CONSUMER, config.get(), error, sizeof error);
  if (!rk_) {
    throw cphost::Error(cphost::config, "LIBRDKAFKA_OPTION",
                        std::string("librdkafka ") + rd_kafka_version_str() +
                            " refuses the configuration: " + error);
  }
  static_cast<void>(config.release());  // rd_kafka_new has taken it
  if (oauth_login_.is_wanted()) OauthLogin::start(rk_);
  rd_kafka_poll_set_consumer(rk_);
  main_queue_.reset(rd_kafka_queue_get_consumer(rk_));
  watch(main_queue_.get());
}

Client::~Client() {
  oauth_login_.stop();
  leave_group();
  kept_rebalance_.reset();
  ignore(main_queue_.get());
  main_queue_.reset();
  rd_kafka_destroy_flags(rk_, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
}

// Without a commit: what was not committed by the host comes again.
void Client::leave_group() {
  const QueuePtr queue = make_queue();
  // A revoke that the host has not answered keeps the member in the group. Only before closing: a
  // group that is closed answers nothing, and this call waits for it without a limit.
  rd_kafka_assign(rk_, nullptr);
  if (const ErrorPtr error{rd_kafka_consumer_close_queue(rk_, queue.get())}) return;
  const auto deadline = Wakeup::Clock::now() + milliseconds(kLeaveTimeoutMs);
  while (!rd_kafka_consumer_closed(rk_) && Wakeup::Clock::now() < deadline) {
    const EventPtr event(rd_kafka_queue_poll(queue.get(), 20));
    if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
      rd_kafka_assign(rk_, nullptr);
    }
  }
}

void Client::watch(rd_kafka_queue_t* queue) {
  rd_kafka_queue_cb_event_enable(
      queue, [](rd_kafka_t*, void* wakeup) { static_cast<Wakeup*>(wakeup)->notify(); }, &wakeup_);
}

EventPtr Client::next_rebalance() {
  if (kept_rebalance_) return std::move(kept_rebalance_);
  while (EventPtr event{rd_kafka_queue_poll(main_queue_.get(), 0)}) {
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) return event;
    if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
      on_error(rd_kafka_event_error(event.get()), rd_kafka_event_error_string(event.get()),
               rd_kafka_event_error_is_fatal(event.get()) != 0);
    }
  }
  return nullptr;
}

void Client::serve_errors() {
  if (!kept_rebalance_) kept_rebalance_ = next_rebalance();
}

void Client::on_error(rd_kafka_resp_err_t error, const char* reason, bool fatal) {
  if (error == RD_KAFKA_RESP_ERR__FATAL) {
    char text[512];
    error = rd_kafka_fatal_error(rk_, text, sizeof text);
    raise(diagnose(error, text, options_, true));
  }
  Diagnosis diagnosis =
      diagnose(error, reason ? reason : "", options_, fatal, certificate_check_.fault());
  // The same code stands for a broker that refuses a token and for one that never was.
  if (error == RD_KAFKA_RESP_ERR__AUTHENTICATION) {
    if (auto token = oauth_login_.failure()) diagnosis = std::move(*token);
    // A token that comes too late, or ends while it travels, is no reason to end a pipe that has
    // been at work: the next reader's login shows whether the user must act.
    if (has_answered_group_ && oauth_login_.is_wanted() && diagnosis.remedy == Remedy::kConfigure) {
      diagnosis.remedy = Remedy::kReopen;
    }
  }
  if (diagnosis.remedy != Remedy::kWait && diagnosis.remedy != Remedy::kSuspect) raise(diagnosis);
  // That all are down says nothing of the cause; that one closed an idle connection is no news.
  if (error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) return;
  note_failure(diagnosis);
  const auto now = Wakeup::Clock::now();
  if (now < next_error_log_) return;
  next_error_log_ = now + kErrorLogInterval;
  env_.warn(diagnosis.text + " (librdkafka tries again by itself)");
}

void Client::note_failure(const Diagnosis& diagnosis) {
  const bool was_suspect = last_failure_ && last_failure_->remedy == Remedy::kSuspect;
  if (diagnosis.remedy == Remedy::kSuspect && !was_suspect) suspect_since_ = Wakeup::Clock::now();
  last_failure_ = diagnosis;
}

void Client::note_closed(std::string_view reason) {
  if (reason.find("Disconnected") == reason.npos) return;
  const std::lock_guard lock(closed_mutex_);
  closed_ = reason;
}

// A connection that is closed again and again, and nothing else, is no outage.
void Client::check_suspicion() {
  std::string closed;
  {
    const std::lock_guard lock(closed_mutex_);
    closed = std::exchange(closed_, {});
  }
  if (!closed.empty()) note_failure(diagnose(RD_KAFKA_RESP_ERR__TRANSPORT, closed, options_));
  if (last_failure_ && last_failure_->remedy == Remedy::kSuspect &&
      Wakeup::Clock::now() >= suspect_since_ + kSuspicion) {
    throw cphost::Error(cphost::config, last_failure_->code, last_failure_->text);
  }
}

int32_t Client::count_partitions(const std::string& topic) {
  const TopicPtr handle(rd_kafka_topic_new(rk_, topic.c_str(), nullptr));
  if (!handle) raise(diagnose(rd_kafka_last_error(), "topic \"" + topic + "\"", options_));
  const MetadataPtr metadata = ask_metadata(handle.get());
  if (const auto error = metadata->topics[0].err) {
    raise(diagnose(error, "topic \"" + topic + "\": " + rd_kafka_err2str(error), options_));
  }
  return metadata->topics[0].partition_cnt;
}

std::map<std::string, int32_t> Client::list_topics() {
  const MetadataPtr metadata = ask_metadata(nullptr);
  std::map<std::string, int32_t> topics;
  for (int i = 0; i < metadata->topic_cnt; ++i) {
    const auto& topic = metadata->topics[i];
    if (!topic.err) topics[topic.topic] = topic.partition_cnt;
  }
  return topics;
}

// Of one topic, or of all.
MetadataPtr Client::ask_metadata(rd_kafka_topic_t* topic) {
  const auto deadline = Wakeup::Clock::now() + milliseconds(kMetadataTimeoutMs);
  while (true) {
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto error = rd_kafka_metadata(rk_, topic ? 0 : 1, topic, &metadata, kMetadataSliceMs);
    if (!error) {
      last_failure_.reset();
      return MetadataPtr(metadata);
    }
    serve_errors();  // throws when it is the login, not the network
    check_suspicion();
    if (Wakeup::Clock::now() >= deadline) {
      throw cphost::Error(cphost::retry, "UNREACHABLE",
                          "no broker of brokers = \"" + options_.brokers + "\" answers: " +
                              (last_failure_ ? last_failure_->text : rd_kafka_err2str(error)));
    }
  }
}

void Client::read_committed(rd_kafka_topic_partition_list_t& partitions) {
  auto error = rd_kafka_committed(rk_, &partitions, kAnswerTimeoutMs);
  for (int i = 0; i < partitions.cnt && !error; ++i) error = partitions.elems[i].err;
  if (!error) {
    has_answered_group_ = true;
    return;
  }
  serve_errors();  // no coordinator answers where the user has no right to the group
  const Diagnosis diagnosis = diagnose(error,
                                       "can't read the committed offsets of group_id = \"" +
                                           options_.group_id + "\": " + rd_kafka_err2str(error),
                                       options_);
  raise(diagnosis);
}

void Client::read_offsets(rd_kafka_topic_partition_list_t& partitions) {
  if (partitions.cnt == 0) return;
  auto error = rd_kafka_offsets_for_times(rk_, &partitions, kAnswerTimeoutMs);
  for (int i = 0; i < partitions.cnt && !error; ++i) error = partitions.elems[i].err;
  if (error) {
    raise(diagnose(error,
                   std::string("can't read the offsets of the topics: ") + rd_kafka_err2str(error),
                   options_));
  }
  // No record is as late as the time that was asked for: the end.
  const PartitionsPtr ends = make_partitions(0);
  for (int i = 0; i < partitions.cnt; ++i) {
    const auto& item = partitions.elems[i];
    if (item.offset < 0) {
      rd_kafka_topic_partition_list_add(ends.get(), item.topic, item.partition)->offset = kLatest;
    }
  }
  if (ends->cnt == 0) return;
  error = rd_kafka_offsets_for_times(rk_, ends.get(), kAnswerTimeoutMs);
  for (int i = 0; i < ends->cnt; ++i) {
    const auto& end = ends->elems[i];
    if (!error) error = end.err ? end.err : (end.offset < 0 ? RD_KAFKA_RESP_ERR__NO_OFFSET : error);
    rd_kafka_topic_partition_list_set_offset(&partitions, end.topic, end.partition, end.offset);
  }
  if (error) {
    raise(diagnose(error,
                   std::string("can't read the ends of the topics: ") + rd_kafka_err2str(error),
                   options_));
  }
}

LogRange Client::read_range(const std::string& topic, int32_t partition) {
  const PartitionsPtr one = make_partitions(1);
  auto* const item = rd_kafka_topic_partition_list_add(one.get(), topic.c_str(), partition);
  LogRange log;
  item->offset = kEarliest;
  read_offsets(*one);
  log.first = item->offset;
  item->offset = kLatest;
  read_offsets(*one);
  log.end = item->offset;
  return log;
}

void Client::commit(rd_kafka_topic_partition_list_t& partitions) {
  // The group has thrown this member out and the event is not served yet: a broker would take the
  // commit while the group is empty, and move a successor's position back.
  if (rd_kafka_assignment_lost(rk_)) {
    for (int i = 0; i < partitions.cnt; ++i) {
      partitions.elems[i].err = RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST;
    }
    return;
  }
  // A queue of its own: an answer that comes too late finds nobody.
  const QueuePtr answers = make_queue();
  const auto timeout = static_cast<int>(
      std::min<int64_t>(options_.session_timeout.count() / 3, kMaxCommitTimeoutMs));
  auto error = rd_kafka_commit_queue(rk_, &partitions, answers.get(), nullptr, nullptr);
  EventPtr answer;
  if (!error) {
    answer.reset(rd_kafka_queue_poll(answers.get(), timeout));
    error = answer ? rd_kafka_event_error(answer.get()) : RD_KAFKA_RESP_ERR__TIMED_OUT;
  }
  const rd_kafka_topic_partition_list_t* results =
      answer ? rd_kafka_event_topic_partition_list(answer.get()) : nullptr;
  for (int i = 0; i < partitions.cnt; ++i) {
    auto& item = partitions.elems[i];
    const auto* result = results ? find_partition(*results, i, item) : nullptr;
    item.err = result && result->err ? result->err : error;
  }
}

void Client::commit_now(rd_kafka_topic_partition_list_t& partitions, const char* what) {
  commit(partitions);
  for (int i = 0; i < partitions.cnt; ++i) {
    const auto& item = partitions.elems[i];
    if (!item.err) continue;
    throw cphost::Error(cphost::retry, "COMMIT",
                        std::string("can't commit ") + what + " of " +
                            stream_name(item.topic, item.partition) + ": " +
                            rd_kafka_err2str(item.err));
  }
}

Wakeup::Clock::time_point Client::wake_fetcher() {
  if (is_at_least(kVersionQueueBackoff)) return {};
  const auto now = Wakeup::Clock::now();
  if (now < next_wake_) return next_wake_;
  next_wake_ = now + kWakeInterval;
  // Setting the same credentials again is the one public call that wakes the threads of the
  // brokers.
  const char* const user = options_.sasl_username.empty() ? "none" : options_.sasl_username.c_str();
  const char* const password =
      options_.sasl_password.empty() ? "none" : options_.sasl_password.c_str();
  const ErrorPtr ignored(rd_kafka_sasl_set_credentials(rk_, user, password));
  return {};
}

}  // namespace kafka
