// SPDX-License-Identifier: Apache-2.0
// How outages are waited out: full-jitter back-off, and a log that says once a minute what is
// wrong.
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include "host/plugins/object_env.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

int64_t monotonic_ms();

/// Delays with full jitter: uniform in [0, min(max, min * 2^n)], so that many pipes do not return
/// in step.
class Backoff {
 public:
  Backoff(int64_t min_ms, int64_t max_ms, uint64_t seed = std::random_device{}())
      : min_ms_(min_ms), max_ms_(max_ms), random_(seed) {}

  /// The next delay, at least `floor_ms` (what the other side asked for).
  int64_t next_ms(int64_t floor_ms = 0);
  void reset() { attempt_ = 0; }
  uint32_t attempts() const { return attempt_; }

 private:
  int64_t min_ms_;
  int64_t max_ms_;
  uint32_t attempt_ = 0;
  std::mt19937_64 random_;
};

/// Tells the log about one outage: at once when it begins, once a minute while it lasts, and when
/// it is over.
class OutageLog {
 public:
  OutageLog(Log log, std::string what) : log_(std::move(log)), what_(std::move(what)) {}

  void failed(const Failure& failure);
  void recovered();
  bool active() const { return began_ms_ != 0; }

 private:
  static constexpr int64_t kRepeatMs = 60'000;
  Log log_;
  std::string what_;
  int64_t began_ms_ = 0;
  int64_t logged_ms_ = 0;
  int64_t failures_ = 0;
};

}  // namespace cphost::host
