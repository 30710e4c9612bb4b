// SPDX-License-Identifier: Apache-2.0
// The target table: its name, and its columns as the server describes them. Values; no threads of
// their own.
#pragma once

#include <cphost/arrow_c_data.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "native_encoder.hpp"
#include "server.hpp"

namespace clickhouse {

struct TableName {
  std::string database;  ///< "": the user's default database.
  std::string table;

  /// `database` and `table` as the options give them; without a database, "db.table" names both.
  static TableName from_options(const std::string& database, const std::string& table);

  std::string sql() const;      ///< "`db`.`table`"
  std::string display() const;  ///< "db.table"
};

/// The columns that can be inserted into, in order: MATERIALIZED and ALIAS columns can't. Nothing
/// when the table does not exist. Throws ServerError, also where something else than ClickHouse
/// answered: BAD_ANSWER, an outage.
std::optional<std::vector<TargetColumn>> describe_table(Server& server, const TableName& name);

/// The same of a table that exists, in one question; where it does not, a ServerError says so.
std::vector<TargetColumn> describe_existing_table(Server& server, const TableName& name);

/// The columns of an answer to DESCRIBE TABLE ... FORMAT JSON. Throws std::runtime_error where it
/// is none.
std::vector<TargetColumn> parse_description(const std::string& json);

/// A struct of the columns: Arrow types, clickhouse.type, and `cphost.default = 1` where the server
/// fills an absent value.
void export_columns(const std::vector<TargetColumn>& columns, ArrowSchema* out);

}  // namespace clickhouse
