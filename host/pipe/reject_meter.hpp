// SPDX-License-Identifier: Apache-2.0
// Tells when a pipe rejects so much that it looks like a wrong schema. One a pipe, shared by its
// workers, called once a batch. [any]
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <string>

#include "host/config/reject_limit.hpp"

namespace cphost::host {

class RejectMeter {
 public:
  explicit RejectMeter(const RejectLimit& limit) : limit_(limit) {}

  /// So many more records were looked at, and so many of these or of earlier ones refused; `why`
  /// says why the last one was.
  void count(int64_t now_ms, int64_t records, int64_t rejects, const std::string& why);

  /// What to tell when there have once been too many; "" before.
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
  std::string verdict_;
};

}  // namespace cphost::host
