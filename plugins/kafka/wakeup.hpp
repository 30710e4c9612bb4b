// SPDX-License-Identifier: Apache-2.0
// What a waiting reader is woken by: something in one of its queues, or an interrupt.
//
//     loop { take_interrupt(); look into the queues; wait_until(deadline) }
//
// notify() and interrupt() come from any thread. A notification between looking and waiting is not
// lost: it makes the wait return at once.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace kafka {

class Wakeup {
 public:
  using Clock = std::chrono::steady_clock;

  /// Something is in a queue. Called by librdkafka's threads, which hold the lock of that queue.
  void notify() {
    const std::lock_guard lock(mutex_);
    notified_ = true;
    condition_.notify_one();
  }

  void interrupt() {
    const std::lock_guard lock(mutex_);
    interrupted_ = true;
    condition_.notify_one();
  }

  /// Whether there was an interrupt since the last call.
  bool take_interrupt() {
    const std::lock_guard lock(mutex_);
    return std::exchange(interrupted_, false);
  }

  /// False when `deadline` has passed and nothing has happened since the last wait.
  bool wait_until(Clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    const bool woken =
        condition_.wait_until(lock, deadline, [this] { return notified_ || interrupted_; });
    notified_ = false;
    return woken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable condition_;
  bool notified_ = false;
  bool interrupted_ = false;
};

}  // namespace kafka
