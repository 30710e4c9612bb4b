// SPDX-License-Identifier: Apache-2.0
// Tells when a pipe rejects so much that it looks like a wrong schema. One a pipe, shared by its
// workers, called once a batch. [any]
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "host/config/reject_limit.hpp"

namespace cphost::host {

class RejectMeter {
 public:
  explicit RejectMeter(const RejectLimit& limit) : limit_(limit) {}

  /// So many more records were decoded at that time, and so many of those of that time refused,
  /// then or since; `why` says why the last one was.
  void count(int64_t decoded_ms, int64_t records, int64_t rejects, const std::string& why);

  /// There have once been too many: the pipe is to end as at a stop.
  bool tripped() const { return tripped_; }

  /// What to tell then; "" before.
  std::string verdict() const;

 private:
  // The window moves on by one of these.
  static constexpr int64_t kParts = 60;
  struct Part {
    int64_t number = -1;  // of the time since the clock began
    int64_t records = 0;
    int64_t rejects = 0;
  };

  const RejectLimit limit_;
  mutable std::mutex mutex_;
  std::array<Part, kParts> parts_{};
  int64_t latest_ = 0;  // number of a part
  std::string verdict_;
  std::atomic<bool> tripped_{false};
};

}  // namespace cphost::host
