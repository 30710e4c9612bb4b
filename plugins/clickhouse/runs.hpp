// SPDX-License-Identifier: Apache-2.0
// Which positions a table holds, and how often: the server counts the rows of each position and
// joins neighbours to runs, so that only runs travel. Extension "cphost.runs/1" (cphost/runs.h).
#pragma once

#include <cphost/runs.h>
#include <cphost/sink.hpp>

#include <string>

#include "server.hpp"
#include "target_table.hpp"

namespace clickhouse {

/// The question: text columns, then first, last (Int64) and times (UInt64), in RowBinary.
std::string runs_sql(const TableName& name, const cphost_runs_query& query);

/// Asks it. False: the table does not exist. Throws ServerError.
bool tell_runs(Server& server, const TableName& name, const cphost_runs_query& query,
               const cphost::ArrowRows& out);

}  // namespace clickhouse
