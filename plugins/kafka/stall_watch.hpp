// SPDX-License-Identifier: Apache-2.0
// Notices a partition that has records and delivers none, which no error tells: a fetcher that was
// forgotten, a connection that hangs. Used by the worker's thread.
//
// It costs nothing a record: it looks at where the streams stand a few times within
// `stall_timeout`, and asks the brokers only about those that have not moved for so long.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "client.hpp"
#include "streams.hpp"

namespace kafka {

class StallWatch {
 public:
  using Clock = Wakeup::Clock;

  /// Looks when it is time. Throws REOPEN when a stream is stuck.
  void look(Client& client, const Streams& streams);

 private:
  struct Place {
    int64_t next = kNoOffset;
    Clock::time_point since;
  };

  void ask(Client& client, const std::vector<const Stream*>& still, Clock::time_point now);

  std::map<uint64_t, Place> places_;  // by stream
  Clock::time_point last_look_{};
};

}  // namespace kafka
