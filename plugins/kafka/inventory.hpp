// SPDX-License-Identifier: Apache-2.0
// The partitions that there were when the process began, and how far the group had come with them:
// what tells a partition that is new from one that the group has never begun.
//
// A new partition is read from its beginning, whatever `start` says: what was produced before it
// was found would be lost otherwise. It is new when it came while the process runs, when the group
// had a position in an earlier partition of its topic and in none from it on (partitions are only
// ever added at the end), when a pattern finds its topic and the group had read others, or when the
// group has lost a position that this process has seen: brokers forget it with a topic that is
// deleted, which was made again then.
//
// It is noted before this process joins the group, so that starts which its members are about to
// commit are not taken for an earlier run's.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "client.hpp"
#include "topics.hpp"

namespace kafka {

class Inventory {
 public:
  /// Notes what there is, unless that has been done. Waits. RETRY. [any]
  void note(Client& client, const TopicSizes& topics);

  /// The group has a position in the partition. [any]
  void saw_position(const std::string& topic, int32_t partition);

  /// Of a partition without a committed position. [any]
  bool is_new(const std::vector<std::string>& selection, const std::string& topic,
              int32_t partition) const;

 private:
  struct Topic {
    int32_t size = 0;
    int32_t last_committed = -1;  // partition, at the beginning
    std::set<int32_t> seen;       // partitions with a position
  };

  mutable std::mutex mutex_;
  bool noted_ = false;
  bool has_commits_ = false;
  std::map<std::string, Topic> topics_;
};

}  // namespace kafka
