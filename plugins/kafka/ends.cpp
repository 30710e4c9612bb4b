// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

#include <algorithm>
#include <cphost/status.hpp>
#include <string>
#include <utility>

#include "stream.hpp"

namespace kafka {

namespace {

void check_exists(const TopicSizes& topics, const std::string& topic, int32_t partition) {
  const auto found = topics.find(topic);
  const int32_t size = found == topics.end() ? 0 : found->second;
  if (partition < size) return;
  throw cphost::Error(
      cphost::config, "OPTIONS",
      "stop_offsets: \"" + topic + "/" + std::to_string(partition) + "\": " +
          (size == 0 ? "there is no such topic"
                     : "the topic has " + std::to_string(size) + " partitions, from 0 on") +
          "; the run would wait for it for ever");
}

// A list of partitions with how far they are, which stays short in a log.
class Awaited {
 public:
  void add(const std::string& name, int64_t next, int64_t end) {
    if (++count_ > kMaxNames) return;
    text_ += (text_.empty() ? "" : ", ") + name;
    text_ += " (at " + (next < 0 ? "its start" : std::to_string(next)) + ", ends at " +
             std::to_string(end) + ")";
  }
  std::string text() && {
    if (count_ > kMaxNames) text_ += ", ...";
    return std::move(text_);
  }

 private:
  static constexpr int kMaxNames = 10;
  int count_ = 0;
  std::string text_;
};

}  // namespace

std::string awaited(const Streams& streams) {
  Awaited list;
  for (const auto& stream : streams) {
    if (stream->state == Stream::State::kEnded) continue;
    list.add(stream_name(stream->topic, stream->partition), stream->next, stream->end);
  }
  return std::move(list).text();
}

void Ends::note(Client& client, const TopicSizes& topics, const ReadingPlan& plan) {
  const std::lock_guard lock(mutex_);
  if (noted_) return;
  for (const auto& [partition, end] : plan.stop_offsets) {
    check_exists(topics, partition.first, partition.second);
  }
  const PartitionsPtr partitions = make_partitions(64);
  for (const auto& [topic, size] : topics) {
    for (int32_t i = 0; i < size; ++i) {
      rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), i)->offset = plan.stop;
    }
  }
  client.read_offsets(*partitions);
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    ends_[{item.topic, item.partition}] = item.offset;
  }
  for (const auto& [partition, end] : plan.stop_offsets) ends_[partition] = end;
  noted_ = true;
}

int64_t Ends::end_of(const std::string& topic, int32_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = ends_.find({topic, partition});
  return found == ends_.end() ? 0 : found->second;
}

void Ends::lower(const std::string& topic, int32_t partition, int64_t end) {
  const std::lock_guard lock(mutex_);
  const auto found = ends_.find({topic, partition});
  if (found != ends_.end()) found->second = std::min(found->second, end);
}

std::string Ends::awaited(Client& client) const {
  const PartitionsPtr partitions = make_partitions(64);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, end] : ends_) {
      rd_kafka_topic_partition_list_add(partitions.get(), name.first.c_str(), name.second);
    }
  }
  if (partitions->cnt == 0) return "";
  client.read_committed(*partitions);
  Awaited list;
  const PartitionsPtr beyond = make_partitions(0);
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    const int64_t end = end_of(item.topic, item.partition);
    // Nothing is to be read of an empty partition, and so nothing to be committed.
    if (item.offset < end && end > 0) {
      list.add(stream_name(item.topic, item.partition), item.offset, end);
    }
    if (item.offset > end) {
      rd_kafka_topic_partition_list_add(beyond.get(), item.topic, item.partition)->offset =
          Client::kLatest;
    }
  }
  // A position that the log does not reach is of other records: whoever has the partition decides.
  client.read_offsets(*beyond);
  for (int i = 0; i < beyond->cnt; ++i) {
    const auto& item = beyond->elems[i];
    const auto* const committed =
        rd_kafka_topic_partition_list_find(partitions.get(), item.topic, item.partition);
    if (item.offset >= committed->offset) continue;
    list.add(stream_name(item.topic, item.partition), committed->offset,
             end_of(item.topic, item.partition));
  }
  return std::move(list).text();
}

}  // namespace kafka
