// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

#include <algorithm>
#include <cphost/status.hpp>
#include <string>

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

}  // namespace

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

bool Ends::are_committed(Client& client) const {
  const PartitionsPtr partitions = make_partitions(64);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, end] : ends_) {
      rd_kafka_topic_partition_list_add(partitions.get(), name.first.c_str(), name.second);
    }
  }
  if (partitions->cnt == 0) return true;
  client.read_committed(*partitions);
  const PartitionsPtr beyond = make_partitions(0);
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    const int64_t end = end_of(item.topic, item.partition);
    // Nothing is to be read of an empty partition, and so nothing to be committed.
    if (item.offset < end && end > 0) return false;
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
    if (item.offset < committed->offset) return false;
  }
  return true;
}

}  // namespace kafka
