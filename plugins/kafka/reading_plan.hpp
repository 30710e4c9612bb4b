// SPDX-License-Identifier: Apache-2.0
// From where to where the partitions are read: what the options of start and stop say together.
//
// Made once a process, so that a time which is relative to now means one time.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "options.hpp"

namespace kafka {

/// By topic and number of the partition.
using PartitionOffsets = std::map<std::pair<std::string, int32_t>, int64_t>;

struct ReadingPlan {
  /// As Client::read_offsets takes it: Client::kEarliest, Client::kLatest or a time.
  int64_t start = 0;
  PartitionOffsets start_offsets;  ///< Go before `start`.

  bool is_bounded = false;
  int64_t stop = 0;               ///< Client::kLatest or a time.
  PartitionOffsets stop_offsets;  ///< Go before `stop`; the first that is not read.
};

/// As ReadingPlan::start. CONFIG for what is neither a word nor a time.
int64_t parse_start(const std::string& text, int64_t now_ms);

/// CONFIG for what is no time or no partition, and for options that contradict each other.
ReadingPlan make_reading_plan(const Options& options, int64_t now_ms);

}  // namespace kafka
