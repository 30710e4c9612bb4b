// SPDX-License-Identifier: Apache-2.0
// A running pipe: creates the shared objects, binds schemas, starts the workers, waits for the end.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "host/config/pipe_config.hpp"
#include "host/report/counters.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

/// How a pipe ended: the exit code of the process and, unless it is 0, why.
struct Outcome {
  int exit_code = 0;
  std::string reason;    ///< One sentence with what to do; "" when all went well.
  bool stopped = false;  ///< Ended because it was asked to, not because its source was done.
};

class Pipe {
 public:
  /// `state_dir` keeps the journal; made when needed.
  Pipe(const PipeConfig& config, Log log, std::string state_dir);
  ~Pipe();

  /// [main] Runs until the source is done, stop() was called, or the user must act.
  Outcome run();

  /// [any] Stops gracefully: drains within config.drain_timeout_ms. A second call ends sooner:
  /// nothing more is drained.
  void stop();

  const Counters& counters() const { return counters_; }

 private:
  class Run;
  void wait_stop(int64_t timeout_ms);

  const PipeConfig& config_;
  Log log_;
  std::string state_dir_;
  Counters counters_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  std::atomic<int> stop_requests_{0};
};

}  // namespace cphost::host
