// SPDX-License-Identifier: Apache-2.0
// Messages of one partition that were taken from librdkafka and are not delivered yet, in order.
// Owns them.
//
// The array is kept when it runs empty, so that a busy partition allocates nothing.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cstddef>
#include <vector>

namespace kafka {

class MessageList {
 public:
  MessageList() = default;
  ~MessageList() { clear(); }
  MessageList(const MessageList&) = delete;
  MessageList& operator=(const MessageList&) = delete;

  bool empty() const { return first_ == messages_.size(); }
  const rd_kafka_message_t& front() const { return *messages_[first_]; }
  void push(rd_kafka_message_t* message) { messages_.push_back(message); }

  void pop() {
    rd_kafka_message_destroy(messages_[first_]);
    if (++first_ < messages_.size()) return;
    messages_.clear();
    first_ = 0;
  }

  void clear() {
    while (!empty()) pop();
  }

 private:
  std::vector<rd_kafka_message_t*> messages_;
  size_t first_ = 0;
};

}  // namespace kafka
