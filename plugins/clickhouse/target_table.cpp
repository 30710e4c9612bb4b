// SPDX-License-Identifier: Apache-2.0
#include "target_table.hpp"

#include <cphost/columns/carrier.hpp>

#include <stdexcept>

#include "json_answer.hpp"
#include "sql_text.hpp"

namespace clickhouse {

TableName TableName::from_options(const std::string& database, const std::string& table) {
  const size_t dot = table.find('.');
  if (!database.empty() || dot == table.npos) return {database, table};
  return {table.substr(0, dot), table.substr(dot + 1)};
}

std::string TableName::sql() const {
  return (database.empty() ? "" : quote_identifier(database) + ".") + quote_identifier(table);
}

std::string TableName::display() const {
  return database.empty() ? table : database + "." + table;
}

namespace {

// What no builder can fill is there all the same: who asks for it is told why it is refused, and
// who leaves it out is not bothered.
cphost::Field field_of(const TargetColumn& column) {
  try {
    const Type type = cphost::columns::TypeParser::parse(column.type);
    return cphost::columns::carrier(type, column.name, type.nullable);
  } catch (const cphost::columns::TypeError&) {
    cphost::Field field{column.name, "z", {}, {}, false};
    cphost::set_clickhouse_type(field, column.type);
    return field;
  }
}

}  // namespace

std::vector<TargetColumn> parse_description(const std::string& json) {
  std::vector<TargetColumn> columns;
  for (const Json::Value& row : rows_of_answer(json)) {
    if (!row.isObject() || !row["name"].isString() || !row["type"].isString()) {
      throw std::runtime_error("the answer to DESCRIBE TABLE has a column without name or type");
    }
    TargetColumn column{row["name"].asString(), row["type"].asString(),
                        row["default_type"].asString(), row["default_expression"].asString()};
    if (column.default_kind == "MATERIALIZED" || column.default_kind == "ALIAS") continue;
    columns.push_back(std::move(column));
  }
  return columns;
}

std::optional<std::vector<TargetColumn>> describe_table(Server& server, const TableName& name) {
  // Asked first, because a failed DESCRIBE would stand in the server's log as an error.
  if (server.query("EXISTS TABLE " + name.sql() + " FORMAT TSV").starts_with('0'))
    return std::nullopt;
  return describe_existing_table(server, name);
}

std::vector<TargetColumn> describe_existing_table(Server& server, const TableName& name) {
  return ask_in_json(server, "DESCRIBE TABLE " + name.sql(), parse_description);
}

void export_columns(const std::vector<TargetColumn>& columns, ArrowSchema* out) {
  cphost::Schema schema;
  for (const TargetColumn& column : columns) {
    cphost::Field field = field_of(column);
    if (!column.default_kind.empty()) field.set("cphost.default", "1");
    schema.add(std::move(field));
  }
  schema.export_to(out);
}

}  // namespace clickhouse
