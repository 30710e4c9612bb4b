// SPDX-License-Identifier: Apache-2.0
//
// Writes records to one topic. Call order: produce() and poll() as often as wanted, then flush().
// Every failure is thrown as ClientError. Threads: one, in which delivery is reported too.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "client.hpp"

namespace rows {

class Producer {
 public:
  // Called from produce() and flush() with every record that the cluster has acknowledged.
  // `tag` is what produce() was given.
  using Delivered = std::function<void(std::int32_t partition, std::int64_t offset, void* tag)>;

  Producer(const Properties& properties, const std::string& topic, Delivered delivered);
  ~Producer();
  Producer(const Producer&) = delete;
  Producer& operator=(const Producer&) = delete;

  // Copies key and value. Waits while librdkafka's queue is full.
  void produce(std::int32_t partition, std::string_view key, std::string_view value, void* tag);

  // Serves delivery reports without waiting.
  void poll();

  // Returns when every record is acknowledged; throws when one failed or the time is over.
  void flush(double timeout_seconds);

  // For a producer with a transactional.id: all that is produced between the two.
  void begin_transaction(double timeout_seconds);
  void end_transaction(bool commit, double timeout_seconds);

 private:
  static void on_delivery(rd_kafka_t*, const rd_kafka_message_t* message, void* self);
  void check_failed() const;

  Delivered delivered_;
  Handle handle_;
  rd_kafka_topic_t* topic_ = nullptr;
  std::string first_failure_;
  std::uint64_t failed_ = 0;
};

}  // namespace rows
