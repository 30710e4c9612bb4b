// SPDX-License-Identifier: Apache-2.0
// Rejects out of an error table, and the mark on those that were replayed. Extension
// "cphost.rejects/1" (cphost/rejects.h).
#pragma once

#include <cphost/rejects.h>
#include <cphost/sink.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server.hpp"
#include "target_table.hpp"

namespace clickhouse {

/// False: the table does not exist. Throws ServerError.
bool tell_rejects(Server& server, const TableName& name, const cphost_rejects_query& query,
                  const cphost::ArrowRows& out);

/// Returns when the server has done it.
void mark_rejects(Server& server, const TableName& name, std::string_view pipe,
                  std::span<const cphost_str> ids, int64_t mark);

}  // namespace clickhouse
