// SPDX-License-Identifier: Apache-2.0
// Records out of librdkafka, as batches of one partition each.
//
// All partitions are forwarded into one queue that lives as long as their assignment. librdkafka
// limits what it fetches ahead by the length of the queue that a partition is forwarded to, so one
// queue is one limit, however many partitions there are; and what an earlier assignment left behind
// goes with its queue. Each poll takes what there is, sorts it by partition, and copies each
// payload once, into the batch.
#pragma once

#include <cphost/source.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "client.hpp"
#include "errors.hpp"
#include "record_builder.hpp"
#include "streams.hpp"

namespace kafka {

class Fetcher {
 public:
  Fetcher(Client& client, bool with_headers, size_t pool_bytes);
  ~Fetcher() { forget(); }
  Fetcher(const Fetcher&) = delete;
  Fetcher& operator=(const Fetcher&) = delete;

  /// Reads all streams that are ready, each from its next record. What was fetched ahead before is
  /// fetched again.
  void assign(const Streams& streams);

  /// Delivers at most `limits` of what was fetched, without waiting. True if something was told.
  bool fetch(const cphost::Limits& limits, cphost::Events& out);

  /// When fetch() is to be called again even if nothing has come; the epoch of the clock: no need.
  Wakeup::Clock::time_point next_wake() const { return next_wake_; }

  /// Nothing of a stream that is paused is delivered, and nothing is thrown away.
  void pause(Stream& stream, bool on);

  /// The end of a bounded run: tells it, and stops reading the partition.
  void finish(Stream& stream, cphost::Events& out);

  /// The host has released the stream.
  void drop(const Stream& stream);

  /// The assignment is over.
  void forget();

 private:
  struct Topic {
    std::string name;
    const rd_kafka_topic_t* handle = nullptr;  // known once a message has come
    std::vector<Stream*> partitions;
  };

  void unassign();
  bool has_readers();
  void take();
  Stream* find(const rd_kafka_message_t& message);
  Topic& topic_of(const std::string& name);
  void forward(const Stream& stream, rd_kafka_queue_t* to);
  void stop_reading(const Stream& stream);
  void deliver_touched(cphost::Events& out);
  void deliver(Stream& stream, cphost::Events& out);
  void flush(const Stream& stream, cphost::Events& out);
  void on_error(Stream& stream, const rd_kafka_message_t& message, cphost::Events& out);
  void leave_log(Stream& stream, const rd_kafka_message_t& message);
  void reach(Stream& stream, int64_t offset, cphost::Events& out);

  Client& client_;
  RecordBuilder builder_;
  QueuePtr queue_;
  std::vector<Topic> topics_;
  size_t last_topic_ = 0;
  bool is_assigned_ = false;         // librdkafka has what assign() gave it
  std::vector<Stream*> reading_;     // what assign() was given
  std::optional<bool> has_readers_;  // unknown after a change
  std::vector<Stream*> touched_;     // those with waiting messages
  std::vector<rd_kafka_message_t*> taken_;
  uint64_t mean_size_ = 256;  // of a message, to ask for as many as will fit
  std::optional<Diagnosis> failure_;
  Wakeup::Clock::time_point next_wake_{};

  // Of the poll under way.
  uint64_t records_left_ = 0;
  uint64_t bytes_left_ = 0;
  bool told_ = false;
};

}  // namespace kafka
