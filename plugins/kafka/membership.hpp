// SPDX-License-Identifier: Apache-2.0
// A reader's part in its consumer group: which partitions it is given, and how it lets go of them.
//
//     join --> assigned (told to the host, with committed positions) --> Fetcher::assign once the
//     host has sought
//          --> revoking (told) --> the host commits and releases each stream --> the answer to the
//          group
//          --> lost (told): others may have the partitions already, so nothing is committed
//
// Assignment is eager (range): a rebalance takes everything back, then gives anew. The group waits
// for the answer to a revoke as long as the member polls; a commit is accepted until then.
#pragma once

#include <cphost/source.hpp>

#include "client.hpp"
#include "ends.hpp"
#include "fetcher.hpp"
#include "streams.hpp"
#include "topics.hpp"

namespace kafka {

class Membership {
 public:
  /// `ends` is null unless the run is bounded.
  Membership(Client& client, Streams& streams, Fetcher& fetcher, const Ends* ends);

  /// Joins the group.
  void join();

  /// Takes all partitions of `topics` without joining, for a sample.
  void take_all(const TopicSizes& topics);

  /// Tells what the group wants. True if something was told. RETRY while committed positions can't
  /// be read.
  bool serve(cphost::Events& out);

  /// Whether the group has given this member its part, be it nothing. While it rebalances, the
  /// brokers answer nothing else.
  bool is_settled() const { return is_settled_; }

  /// The host has released a stream: answers the group when it was the last one.
  void on_release();

 private:
  bool on_rebalance(rd_kafka_event_t& event, cphost::Events& out);
  bool announce(cphost::Events& out);
  bool revoke(cphost::Events& out);
  bool lose(cphost::Events& out);
  void let_go();

  Client& client_;
  Streams& streams_;
  Fetcher& fetcher_;
  const Ends* ends_;
  bool has_group_ = false;
  bool is_revoking_ = false;
  bool is_settled_ = false;
  PartitionsPtr assigned_;  // not told yet
};

}  // namespace kafka
