// SPDX-License-Identifier: Apache-2.0
// A source of consecutive numbers, dealt out to streams: with 2 streams, the first has 0, 2, 4, ...
// and the second 1, 3, 5, ...
//
// It emits rows itself, so its pipes have no format. A number is also its position, so that a pipe
// goes on where it stopped.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include <cphost/source.hpp>

#include "options.hpp"

namespace numbers {

// What the workers of a pipe share; thread-safe because nothing in it changes.
struct Shared {
  Shared(Options parsed, cphost::Env) : options(parsed) { check(options); }
  const Options options;
};

// One a worker. The streams of worker i of n are those whose number modulo n is i.
class Reader {
 public:
  using Shared = numbers::Shared;

  Reader(Shared& shared, cphost::Env env);

  static cphost::Schema schema();
  cphost::Status poll(const cphost::Limits& limits, cphost::Events& out);
  void seek(uint64_t stream, std::string_view after);
  void release(uint64_t stream);
  void pause(uint64_t stream, bool on);
  void interrupt();
  int64_t lag() const;

 private:
  struct Stream {
    uint64_t id;
    std::string name;
    int64_t next = 0;
    bool seeked = false;
    bool paused = false;
  };

  Stream& find(uint64_t stream);
  // The next stream in turn that may deliver, or null.
  Stream* ready();
  void read(Stream& stream, const cphost::Limits& limits, cphost::Events& out);
  void wait(uint32_t timeout_ms);

  const Options& options_;
  const int64_t end_;
  std::vector<Stream> streams_;
  bool announced_ = false;
  size_t turn_ = 0;
  cphost::BatchBuilder batch_;

  std::mutex mutex_;
  std::condition_variable wakeup_;
  bool interrupted_ = false;
};

}  // namespace numbers
