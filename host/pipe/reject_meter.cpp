// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/reject_meter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/config/units.hpp"

namespace cphost::host {

void RejectMeter::count(int64_t decoded_ms, int64_t records, int64_t rejects,
                        const std::string& why) {
  if (limit_.window_ms == 0) return;
  const int64_t number = decoded_ms / std::max<int64_t>(limit_.window_ms / kParts, 1);
  const std::lock_guard lock(mutex_);
  latest_ = std::max(latest_, number);
  if (number <= latest_ - kParts) return;  // too long ago to be counted with what is there
  Part& part = parts_[static_cast<size_t>(number % kParts)];
  if (part.number != number) part = Part{number, 0, 0};
  part.records += records;
  part.rejects += rejects;
  if (rejects == 0 || !verdict_.empty()) return;
  int64_t all = 0, refused = 0;
  for (const Part& each : parts_) {
    if (each.number <= latest_ - kParts) continue;
    all += each.records;
    refused += each.rejects;
  }
  const bool many = limit_.share > 0
                        ? refused >= limit_.count &&
                              static_cast<double>(refused) > limit_.share * static_cast<double>(all)
                        : refused > limit_.count;
  if (!many) return;
  verdict_ = fmt::format(
      "{} records were rejected in {} while {} were read, which is over stop_at = \"{}\": this "
      "looks like a wrong schema or format. Mend the pipe file, the table or the producer and "
      "start again; what was read and is not committed is read again then. The last one: {}",
      refused, format_duration(limit_.window_ms), all, limit_.text, why);
  tripped_ = true;
}

std::string RejectMeter::verdict() const {
  const std::lock_guard lock(mutex_);
  return verdict_;
}

}  // namespace cphost::host
