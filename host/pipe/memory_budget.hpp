// SPDX-License-Identifier: Apache-2.0
// One worker's part of the pipe's memory budget: what its record batches hold until they are
// resolved. Charged and released by the worker's own thread; the total of all workers is a counter,
// for the reader of metrics only.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace cphost::host {

class MemoryBudget {
 public:
  MemoryBudget(int64_t limit, std::atomic<int64_t>& total) : limit_(limit), total_(total) {}
  MemoryBudget(const MemoryBudget&) = delete;
  MemoryBudget& operator=(const MemoryBudget&) = delete;
  ~MemoryBudget() { total_ -= used_; }

  void charge(int64_t bytes) {
    used_ += bytes;
    total_.fetch_add(bytes, std::memory_order_relaxed);
  }
  void release(int64_t bytes) { charge(-bytes); }

  int64_t used() const { return used_; }
  int64_t limit() const { return limit_; }

  /// What may still be asked of the source in one poll.
  int64_t left() const { return std::max<int64_t>(0, limit_ - used_); }

  /// True from the moment the budget is spent until half of it is free again: a source that is
  /// paused and resumed for every batch would lose its read-ahead each time.
  bool exhausted() {
    if (used_ >= limit_) full_ = true;
    if (used_ <= limit_ / 2) full_ = false;
    return full_;
  }

 private:
  int64_t limit_;
  int64_t used_ = 0;
  bool full_ = false;
  std::atomic<int64_t>& total_;
};

}  // namespace cphost::host
