// SPDX-License-Identifier: Apache-2.0
// Turns SIGTERM, SIGINT and SIGHUP into calls on a thread of its own. The signals are blocked in
// all threads, so no system call of a plugin is ever interrupted by them.
#pragma once

#include <functional>
#include <thread>

namespace cphost::host {

/// Blocks the signals in the calling thread and in those that are made after it; they wait for a
/// StopSignals. Call it first.
void block_stop_signals();

class StopSignals {
 public:
  /// Calls `on_signal` with the number of each signal, of those too that came since they were
  /// blocked, until it is destroyed.
  explicit StopSignals(std::function<void(int signal)> on_signal);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void wait();

  const std::function<void(int)> on_signal_;
  int signal_fd_ = -1;
  int wake_fd_ = -1;
  std::thread thread_;
};

}  // namespace cphost::host
