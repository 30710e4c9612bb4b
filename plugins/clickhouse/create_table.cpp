// SPDX-License-Identifier: Apache-2.0
#include "create_table.hpp"

#include <cphost/columns/carrier.hpp>

#include <stdexcept>

#include "sql_text.hpp"

namespace clickhouse {
namespace {

using cphost::metadata;

// Blocks whose tokens a table without replicas remembers: without it a repeated insert would double
// its rows.
constexpr const char* kDeduplicationWindow = "10000";

std::string engine_name(const std::string& engine) {
  return engine.substr(0, engine.find_first_of(" ("));
}

bool is_merge_tree(const std::string& engine) {
  return engine_name(engine).ends_with("MergeTree");
}

bool has_replicas(const std::string& engine) {
  return engine.starts_with("Replicated") || engine.starts_with("Shared");
}

std::string column_type(const ArrowSchema& field) {
  const Type type = cphost::columns::type_of_field(field);
  const bool declared = !cphost::clickhouse_type(field).empty();
  const bool wrap = !declared && (field.flags & ARROW_FLAG_NULLABLE) && !is_container(type.kind);
  return wrap ? "Nullable(" + type.text + ")" : type.text;
}

std::string column_sql(const ArrowSchema& field) {
  std::string sql = quote_identifier(field.name) + " " + column_type(field);
  const std::string_view expression = metadata(field, "cphost.default_expression");
  if (!expression.empty()) sql.append(" DEFAULT ").append(expression);
  return sql;
}

// "a, b" needs brackets, "(a, b)" and "tuple()" have theirs.
std::string key_sql(const std::string& order_by) {
  if (order_by.empty()) return "tuple()";
  return order_by.starts_with('(') || order_by.find(',') == order_by.npos ? order_by
                                                                          : "(" + order_by + ")";
}

}  // namespace

TableShape error_table_shape(const std::string& engine_of_target, int64_t ttl_ms) {
  TableShape shape;
  shape.engine = engine_of_target.starts_with("Replicated") ? "ReplicatedMergeTree" : "MergeTree";
  shape.order_by = "pipe, ts";
  if (ttl_ms > 0)
    shape.ttl = "toDateTime(ts) + INTERVAL " + std::to_string(ttl_ms / 1000) + " SECOND";
  return shape;
}

std::string create_table_sql(const TableName& name, const ArrowSchema& wanted,
                             const TableShape& shape) {
  std::string sql = "CREATE TABLE IF NOT EXISTS " + name.sql() + "\n(\n";
  bool first = true;
  for (int64_t i = 0; i < wanted.n_children; ++i) {
    const ArrowSchema& field = *wanted.children[i];
    if (!metadata(field, "cphost.absent").empty() && std::string_view(field.format) == "b")
      continue;
    sql += first ? "    " : ",\n    ";
    sql += column_sql(field);
    first = false;
  }
  if (first)
    throw std::invalid_argument("table " + name.display() + " cannot be created without a column");
  sql += "\n)\nENGINE = " + shape.engine;
  if (!shape.partition_by.empty()) sql += "\nPARTITION BY " + shape.partition_by;
  if (!is_merge_tree(shape.engine)) return sql;
  sql += "\nORDER BY " + key_sql(shape.order_by);
  if (!shape.ttl.empty()) sql += "\nTTL " + shape.ttl;
  if (!has_replicas(shape.engine))
    sql += std::string("\nSETTINGS non_replicated_deduplication_window = ") + kDeduplicationWindow;
  return sql;
}

}  // namespace clickhouse
