// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/error_schema.hpp"

#include <cphost/schema.hpp>

namespace cphost::host {
namespace {

Field column(const char* name, const char* format, const char* clickhouse_type,
             bool nullable = false) {
  Field field{name, format, {}, {}, nullable};
  set_clickhouse_type(field, clickhouse_type);
  return field;
}

Field headers_column() {
  Field key{"key", "z", {}, {}, false}, value{"value", "z", {}, {}, false};
  Field entries{"entries", "+s", {}, {key, value}, false};
  Field map{"headers", "+m", {}, {entries}, false};
  set_clickhouse_type(map, "Map(String, String)");
  return map;
}

}  // namespace

UniqueSchema error_schema() {
  return Schema{
      column("ts", "tsu:UTC", "DateTime64(6, 'UTC')"),
      column("pipe", "z", "LowCardinality(String)"),
      column("host", "z", "LowCardinality(String)"),
      column("stage", "c", "Enum8('source' = 1, 'format' = 2, 'sink' = 3)"),
      column("code", "z", "LowCardinality(String)"),
      column("message", "z", "String"),
      column("hint", "z", "String"),
      column("plugin", "z", "LowCardinality(String)"),
      column("stream", "z", "String"),
      column("position", "z", "String"),
      column("topic", "z", "LowCardinality(String)"),
      column("partition", "i", "Nullable(Int32)", true),
      column("offset", "l", "Nullable(Int64)", true),
      column("record_ts", "tsm:UTC", "Nullable(DateTime64(3, 'UTC'))", true),
      column("key", "z", "Nullable(String)", true),
      headers_column(),
      column("column", "z", "String"),
      column("byte_offset", "L", "Nullable(UInt64)", true),
      column("raw", "z", "String"),
      column("raw_size", "L", "UInt64"),
      column("raw_truncated", "C", "UInt8"),
      column("replayed_at", "tsm:UTC", "Nullable(DateTime64(3, 'UTC'))", true),
  }
      .to_arrow();
}

UniqueSchema schema_of_mappings(const PipeConfig& config) {
  std::vector<Field> fields;
  for (const ColumnMapping& mapping : config.columns) {
    if (mapping.type.empty()) continue;
    Field field{mapping.column, "z", {}, {}, mapping.type.starts_with("Nullable(")};
    set_clickhouse_type(field, mapping.type);
    if (!mapping.default_value.empty())
      field.set("cphost.default_expression", mapping.default_value);
    fields.push_back(std::move(field));
  }
  return Schema(std::move(fields)).to_arrow();
}

}  // namespace cphost::host
