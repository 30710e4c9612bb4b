// SPDX-License-Identifier: Apache-2.0
#include <cphost/plugin.hpp>

#include "metrics.hpp"
#include "options.hpp"
#include "sink.hpp"

namespace clickhouse {

CPHOST_SINK("clickhouse", Sink, kOptions,
            "Tables of a ClickHouse server or of the embedded engine.", kMetrics)

}  // namespace clickhouse

CPHOST_PLUGIN(&clickhouse::cphost_component_Sink)
