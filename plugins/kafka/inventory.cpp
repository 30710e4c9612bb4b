// SPDX-License-Identifier: Apache-2.0
#include "inventory.hpp"

#include <algorithm>

namespace kafka {

void Inventory::note(Client& client, const TopicSizes& topics) {
  const std::lock_guard lock(mutex_);
  if (noted_) return;
  const PartitionsPtr partitions = make_partitions(64);
  for (const auto& [topic, size] : topics) {
    topics_[topic].size = size;
    for (int32_t i = 0; i < size; ++i) {
      rd_kafka_topic_partition_list_add(partitions.get(), topic.c_str(), i);
    }
  }
  if (partitions->cnt > 0) client.read_committed(*partitions);
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    if (item.offset < 0) continue;
    has_commits_ = true;
    Topic& topic = topics_[item.topic];
    topic.last_committed = std::max(topic.last_committed, item.partition);
    topic.seen.insert(item.partition);
  }
  noted_ = true;
}

void Inventory::saw_position(const std::string& topic, int32_t partition) {
  const std::lock_guard lock(mutex_);
  topics_[topic].seen.insert(partition);
}

bool Inventory::is_new(const std::vector<std::string>& selection, const std::string& topic,
                       int32_t partition) const {
  const std::lock_guard lock(mutex_);
  const auto found = topics_.find(topic);
  if (found == topics_.end() || partition >= found->second.size) return true;
  if (found->second.seen.count(partition) != 0) return true;
  if (found->second.last_committed >= 0) return partition > found->second.last_committed;
  const bool named = std::find(selection.begin(), selection.end(), topic) != selection.end();
  return has_commits_ && !named;
}

}  // namespace kafka
