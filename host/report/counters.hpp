// SPDX-License-Identifier: Apache-2.0
// What a pipe counts. Records are counted at four different places and nothing is computed by
// subtraction, so that in = inserted + rejected + filtered proves something at the end. Written
// once a batch or block, read by progress and summary.
#pragma once

#include <atomic>
#include <cstdint>

namespace cphost::host {

struct Counters {
  std::atomic<int64_t> in{0};        ///< Records delivered by the source.
  std::atomic<int64_t> inserted{0};  ///< Records all of whose rows are durable in the target.
  std::atomic<int64_t> rejected{0};  ///< Records durable in the error table.
  std::atomic<int64_t> filtered{0};  ///< Records that became zero rows.
  std::atomic<int64_t> dropped{
      0};  ///< Records of a stream that was lost or not drained in time; they come again elsewhere.
  std::atomic<int64_t> rows{0};      ///< Rows durable in the target.
  std::atomic<int64_t> bytes_in{0};  ///< Payload bytes delivered by the source.
  std::atomic<int64_t> blocks{0};    ///< Blocks durable in the target.
  std::atomic<int64_t> retries{0};   ///< Calls that were repeated after an outage.
  std::atomic<int64_t> commits{0};   ///< Commits that the source acknowledged.
  std::atomic<int64_t> lag{-1};      ///< Records known to wait at the source; -1: not known.
  std::atomic<int64_t> memory{0};    ///< Bytes charged to the budget now.
};

}  // namespace cphost::host
