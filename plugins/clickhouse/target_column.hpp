// SPDX-License-Identifier: Apache-2.0
// A column of the target, and how the rows' columns find theirs. Values; pure functions.
#pragma once

#include <cphost/arrow_c_data.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clickhouse {

/// A column of the target, as DESCRIBE TABLE tells it.
struct TargetColumn {
  std::string name;
  std::string type;
  std::string default_kind;  ///< "", "DEFAULT", "EPHEMERAL".
  std::string default_expression;
};

/// A value that does not fit its column.
struct RowFault {
  int64_t row;
  std::string column;
  std::string text;
  const char* code = "VALUE_OUT_OF_RANGE";  ///< Stable, static.
};

/// nullptr where the target has none of that name.
const TargetColumn* find_column(const std::vector<TargetColumn>& target, std::string_view name);

/// The column of the rows that marks where column `name` was absent, or -1.
int64_t absent_column(const ArrowSchema& rows, std::string_view name);

/// Whether a column of the rows is such a one itself.
bool marks_absent(const ArrowSchema& field);

}  // namespace clickhouse
