// SPDX-License-Identifier: Apache-2.0
// Where a bounded run ends: the ends of all partitions, noted once a process, when its first reader
// opens.
//
// The run is over when the group has committed all of them, whichever member got there.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "client.hpp"
#include "reading_plan.hpp"
#include "streams.hpp"
#include "topics.hpp"

namespace kafka {

class Ends {
 public:
  /// Notes the ends of `topics` unless that has been done. CONFIG for an end of a partition that
  /// they do not have. Waits. RETRY. [any]
  void note(Client& client, const TopicSizes& topics, const ReadingPlan& plan);

  /// The offset of the first record that is not part of the run. A partition that is newer than the
  /// run has none of it: 0.
  int64_t end_of(const std::string& topic, int32_t partition) const;

  /// The partition's log was made again, or truncated, and ends at `end`: no more is to come of it.
  void lower(const std::string& topic, int32_t partition, int64_t end);

  /// Asks the brokers which ends the group has not committed: "t/0 (at 5, ends at 10)", for the
  /// log. "" when the run is over. RETRY.
  std::string awaited(Client& client) const;

 private:
  mutable std::mutex mutex_;
  bool noted_ = false;
  std::map<std::pair<std::string, int32_t>, int64_t> ends_;
};

/// The streams that have not come to their ends, as Ends::awaited writes them.
std::string awaited(const Streams& streams);

}  // namespace kafka
