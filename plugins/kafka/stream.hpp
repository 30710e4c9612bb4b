// SPDX-License-Identifier: Apache-2.0
// One partition from the moment it is assigned until the host releases it. Owned by Streams, used
// by the worker's thread.
//
//     kAssigned --seek--> kSought --start resolved--> kReady --handed to the fetcher--> kReading
//     kReading --end of a bounded run--> kEnded        any --rebalance--> kRevoking or kLost
//     kReading --the log has no such offset--> kOutOfRange --> kReady or kLost (out_of_range.hpp)
//
// A partition that comes back after a rebalance is a new stream with a new number.
#pragma once

#include <cstdint>
#include <string>

#include "message_list.hpp"

namespace kafka {

/// An offset that is not known, and the end of a run that has none.
inline constexpr int64_t kNoOffset = -1;

struct Stream {
  enum class State { kAssigned, kSought, kReady, kReading, kOutOfRange, kEnded, kRevoking, kLost };

  bool delivers() const { return state == State::kReady || state == State::kReading; }
  bool is_past_end() const { return end != kNoOffset && next >= end; }

  uint64_t id = 0;
  std::string topic;
  int32_t partition = 0;
  State state = State::kAssigned;

  int64_t committed = kNoOffset;  // As Kafka counts: the offset of the next record.
  int64_t next = kNoOffset;       // Offset of the next record to deliver.
  int64_t end = kNoOffset;        // Bounded run: records from here on are not delivered.
  bool paused = false;
  bool detached = false;   // Paused alone: what is fetched stays in the partition's own queue.
  bool truncated = false;  // Out of range although the log holds such an offset: of other records.
  int64_t kept = kNoOffset;  // With it: the first offset of those, where a broker says it.
  bool broken = false;       // What follows can't be read; nothing may be delivered beyond it.

  /// Taken from librdkafka's queue and not delivered yet: there was no room left, or the stream was
  /// paused meanwhile.
  MessageList waiting;
};

/// "topic/partition": the stream's name, unique and stable.
inline std::string stream_name(const std::string& topic, int32_t partition) {
  return topic + "/" + std::to_string(partition);
}

}  // namespace kafka
