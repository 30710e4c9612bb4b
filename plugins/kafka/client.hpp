// SPDX-License-Identifier: Apache-2.0
// One consumer of librdkafka: its life, its events and the questions that wait for an answer.
//
// Used by the worker's thread alone; librdkafka's own threads only log and wake. Every wait is
// bounded. Whatever came from a client (queues, messages, topics) is destroyed before it.
#pragma once

#include <cphost/env.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "certificate_check.hpp"
#include "errors.hpp"
#include "handles.hpp"
#include "log_range.hpp"
#include "oauth_login.hpp"
#include "options.hpp"
#include "wakeup.hpp"

namespace kafka {

class Client {
 public:
  /// Connects in the background. `env`, `options` and `wakeup` must outlive the client.
  Client(ConfigPtr config, const Options& options, cphost::Env env, Wakeup& wakeup);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  rd_kafka_t* get() const { return rk_; }
  const Options& options() const { return options_; }
  const cphost::Env& env() const { return env_; }

  /// [librdkafka's threads]
  CertificateCheck& certificate_check() { return certificate_check_; }
  OauthLogin& oauth_login() { return oauth_login_; }
  /// A connection that was closed: librdkafka logs it and makes no event of it.
  void note_closed(std::string_view reason);

  /// The next rebalance or nothing. Throws for errors that librdkafka does not recover from by
  /// itself; logs the others.
  EventPtr next_rebalance();

  /// Partitions of `topic`. CONFIG when it does not exist or may not be read, RETRY when no broker
  /// answers in time.
  int32_t count_partitions(const std::string& topic);

  /// All topics that the user may see, with how many partitions they have. RETRY.
  std::map<std::string, int32_t> list_topics();

  /// Fills offsets and metadata with what the group has committed; offsets are negative where it
  /// has not. RETRY.
  void read_committed(rd_kafka_topic_partition_list_t& partitions);

  /// Replaces each offset, a time in milliseconds since 1970 or one of the two below, by the offset
  /// of the first record at or after it, or by that of the end. RETRY.
  void read_offsets(rd_kafka_topic_partition_list_t& partitions);
  /// What the log holds. With isolation_level = "read_committed" it ends where a transaction is
  /// open. RETRY.
  LogRange read_range(const std::string& topic, int32_t partition);
  static constexpr int64_t kEarliest = -2;
  static constexpr int64_t kLatest = -1;

  /// Commits offsets and metadata; each partition gets its own `err`. Nothing is sent once the
  /// group has given the partitions away.
  void commit(rd_kafka_topic_partition_list_t& partitions);
  /// The same, all or RETRY; `what` is committed, for the message.
  void commit_now(rd_kafka_topic_partition_list_t& partitions, const char* what);

  QueuePtr make_queue() const { return QueuePtr(rd_kafka_queue_new(rk_)); }
  /// Makes whatever arrives in `queue` wake the reader, until ignore().
  void watch(rd_kafka_queue_t* queue);
  static void ignore(rd_kafka_queue_t* queue) {
    rd_kafka_queue_cb_event_enable(queue, nullptr, nullptr);
  }

  /// librdkafka before 2.2 stops fetching for up to a second when its queue is full. Wakes it, at
  /// most every 10 ms: returns when to call again if it is too early, the clock's epoch otherwise.
  Wakeup::Clock::time_point wake_fetcher();

 private:
  MetadataPtr ask_metadata(rd_kafka_topic_t* topic);
  void on_error(rd_kafka_resp_err_t error, const char* reason, bool fatal);
  void serve_errors();
  void note_failure(const Diagnosis& diagnosis);
  void check_suspicion();
  void leave_group();

  const Options& options_;
  cphost::Env env_;
  Wakeup& wakeup_;
  rd_kafka_t* rk_ = nullptr;
  QueuePtr main_queue_;
  EventPtr kept_rebalance_;  // came while something else was waited for
  CertificateCheck certificate_check_;
  OauthLogin oauth_login_;
  bool has_answered_group_ = false;
  std::optional<Diagnosis> last_failure_;  // why no broker answers
  Wakeup::Clock::time_point suspect_since_{};
  std::mutex closed_mutex_;
  std::string closed_;  // why the last connection was closed; "" once it is taken
  Wakeup::Clock::time_point next_error_log_{};
  Wakeup::Clock::time_point next_wake_{};
};

}  // namespace kafka
