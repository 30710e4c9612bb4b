// SPDX-License-Identifier: Apache-2.0
#include "ends.hpp"

namespace kafka {

void Ends::note(Client& client, const TopicSizes& topics, const ReadingPlan& plan) {
  const std::lock_guard lock(mutex_);
  if (noted_) return;
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

bool Ends::are_committed(Client& client) const {
  const PartitionsPtr partitions = make_partitions(64);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, end] : ends_) {
      // Nothing is to be read of an empty partition, and so nothing to be committed.
      if (end > 0) {
        rd_kafka_topic_partition_list_add(partitions.get(), name.first.c_str(), name.second);
      }
    }
  }
  if (partitions->cnt == 0) return true;
  client.read_committed(*partitions);
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    if (item.offset < end_of(item.topic, item.partition)) return false;
  }
  return true;
}

}  // namespace kafka
