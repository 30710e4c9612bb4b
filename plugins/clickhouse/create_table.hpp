// SPDX-License-Identifier: Apache-2.0
// The text of CREATE TABLE for rows that want a table. Pure functions; any thread.
#pragma once

#include <cphost/arrow_c_data.h>

#include <cstdint>
#include <string>

#include "target_table.hpp"

namespace clickhouse {

struct TableShape {
  std::string engine = "MergeTree";
  std::string order_by;      ///< "": tuple(), no order.
  std::string partition_by;  ///< "": none.
  std::string ttl;           ///< An expression, "": none.
};

/// The shape of a table that keeps rejects for `ttl_ms` (0: for ever), beside a target with
/// `engine_of_target`.
TableShape error_table_shape(const std::string& engine_of_target, int64_t ttl_ms);

/// Types are the fields' `clickhouse.type`, else what their Arrow types suggest; a field's metadata
/// `cphost.default_expression` becomes its DEFAULT. Throws std::invalid_argument for a field that
/// has no type.
std::string create_table_sql(const TableName& name, const ArrowSchema& wanted,
                             const TableShape& shape);

}  // namespace clickhouse
