// SPDX-License-Identifier: Apache-2.0
// What the log of a partition holds, and the option `on_out_of_range`: what becomes of an offset
// that it does not hold. Pure, but for the line that is logged.
//
// Retention deletes records from the front. A log ends before an offset that was read once when it
// was truncated (a leader that had not all of it) or when its topic was deleted and made again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kafka {

struct LogRange {
  int64_t first = 0;  ///< Offset of the first record that is kept.
  int64_t end = 0;    ///< Offset of the next record to be written.

  bool holds(int64_t offset) const { return first <= offset && offset <= end; }
};

/// What the log does: "holds offsets 3 to 7", "is empty at offset 3".
std::string content(const LogRange& log);

/// Where a partition goes on whose next record was to be the one at `wanted`.
struct Resumption {
  int64_t next = 0;
  std::string text;  ///< For the log: what is skipped, or read again.
};

/// `policy` is the option's value: "stop" throws HALT, which names what there is and what to do.
Resumption resume_elsewhere(const std::string& policy, const std::string& partition, int64_t wanted,
                            const LogRange& log);

/// The same where the log was truncated: from `kept` on it holds other records than those that were
/// read up to `wanted`. Where no broker says from where, -1, every policy throws HALT.
Resumption resume_truncated(const std::string& policy, const std::string& partition, int64_t wanted,
                            const LogRange& log, int64_t kept);

/// `kept` out of librdkafka's sentence on a truncation, -1 where it names none.
int64_t parse_truncation(std::string_view reason);

}  // namespace kafka
