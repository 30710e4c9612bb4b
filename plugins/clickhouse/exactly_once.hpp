// SPDX-License-Identifier: Apache-2.0
// What exactly-once delivery needs of a target: that the server remembers the tokens of its blocks,
// for long enough, in the table itself and in every table that a materialized view fills from it.
#pragma once

#include <string>

#include "server.hpp"
#include "target_table.hpp"

namespace clickhouse {

/// What is missing, in a sentence with what to do; "" when nothing is. The table exists. Throws
/// ServerError.
std::string exactly_once_fault(Server& server, const TableName& name);

}  // namespace clickhouse
