// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/retry.hpp"

#include <algorithm>
#include <chrono>

namespace cphost::host {

int64_t monotonic_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

int64_t Backoff::next_ms(int64_t floor_ms) {
  // 2^20 times any sensible minimum is beyond any sensible maximum; more would overflow.
  const int64_t ceiling = std::min(max_ms_, min_ms_ << std::min(attempt_, 20u));
  ++attempt_;
  return std::max(floor_ms, std::uniform_int_distribution<int64_t>(0, ceiling)(random_));
}

void OutageLog::failed(const Failure& failure) {
  const int64_t now = monotonic_ms();
  ++failures_;
  if (began_ms_ == 0) {
    began_ms_ = now;
  } else if (now - logged_ms_ < kRepeatMs) {
    return;
  }
  logged_ms_ = now;
  log_.warning(what_ + " failed, will be tried again: " + failure.text,
               {{"code", failure.code}, {"failures", std::to_string(failures_)}});
}

void OutageLog::recovered() {
  if (began_ms_ == 0) return;
  log_.info(
      what_ + " works again after " + std::to_string((monotonic_ms() - began_ms_) / 1000) + " s",
      {{"failures", std::to_string(failures_)}});
  began_ms_ = 0;
  failures_ = 0;
}

}  // namespace cphost::host
