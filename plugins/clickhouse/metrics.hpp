// SPDX-License-Identifier: Apache-2.0
// What the sink counts; the numbers are indexes into the table.
#pragma once

#include <cphost/metrics.hpp>

namespace clickhouse {

enum Metric : uint32_t { kInserts, kInsertFailures, kNativeBytes, kSentBytes, kJsonBytes };

inline constexpr auto kMetrics = cphost::metrics(
    cphost::counter("inserts", "inserts", "Blocks that the server took."),
    cphost::counter("insert_failures", "inserts",
                    "Attempts to insert a block that failed or got no answer."),
    cphost::counter("native_bytes", "bytes",
                    "Size of the blocks before compression, of those in Native."),
    cphost::counter("sent_bytes", "bytes", "Size of the blocks as they were sent."),
    cphost::counter("json_bytes", "bytes",
                    "Size of the blocks before compression, of those in JSONEachRow."));

}  // namespace clickhouse
