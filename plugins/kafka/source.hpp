// SPDX-License-Identifier: Apache-2.0
// The Kafka source as the host sees it: one Reader a worker, each a member of the consumer group.
//
// All calls come from the worker's thread, interrupt() aside. poll() serves the group, resolves
// starts, then delivers what was fetched; it waits only when there is nothing of these.
#pragma once

#include <cphost/source.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "client.hpp"
#include "ends.hpp"
#include "fetcher.hpp"
#include "inventory.hpp"
#include "membership.hpp"
#include "options.hpp"
#include "reading_plan.hpp"
#include "stall_watch.hpp"
#include "streams.hpp"
#include "wakeup.hpp"

namespace kafka {

class Reader {
 public:
  /// What the readers of a pipe share.
  struct Shared {
    Shared(Options parsed, cphost::Env env);
    cphost::Schema records_schema() const { return kafka::records_schema(options.headers); }

    // The positions of the group while it has no members; see cphost/positions.h.
    void list_positions(std::string_view to, cphost::KeptStreams& out);
    void set_positions(std::span<const cphost_position_change> changes);

    const Options options;
    const cphost::Env env;
    const ReadingPlan plan;
    Ends ends;
    Inventory inventory;
  };

  Reader(Shared& shared, cphost::Env env);

  cphost::Status poll(const cphost::Limits& limits, cphost::Events& out);
  void seek(uint64_t stream, std::string_view after);
  cphost::Status commit(std::span<cphost_commit> items);
  void release(uint64_t stream);
  void pause(uint64_t stream, bool on);
  void interrupt() { wakeup_.interrupt(); }
  int64_t lag();

 private:
  void on_no_topic() const;
  bool begin_reading(cphost::Events& out);
  bool is_over();
  template <class Text>
  void log_awaited(Wakeup::Clock::time_point now, Text&& text);
  Wakeup::Clock::time_point wait_limit(Wakeup::Clock::time_point deadline) const;

  Shared& shared_;
  const bool is_sample_;
  Wakeup wakeup_;
  Client client_;
  Streams streams_;  // behind the client: messages that wait must be gone before it is
  Fetcher fetcher_;
  Membership membership_;
  StallWatch stall_watch_;
  Wakeup::Clock::time_point next_end_check_{};
  Wakeup::Clock::time_point next_awaited_log_{};  // the epoch: something came meanwhile
};

}  // namespace kafka
