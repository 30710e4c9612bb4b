// SPDX-License-Identifier: Apache-2.0
#include "runs.hpp"

#include <cphost/batch.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "row_binary.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

constexpr int64_t kRunsPerBatch = 8'192;

// The names of a few streams and three numbers; what is longer than this on average is refused.
constexpr size_t kAnswerBytesPerRun = 512;
constexpr size_t kAnswerBytesMin = 1 << 20;
constexpr size_t kAnswerBytesMax = size_t{1} << 30;

// From here on the server sorts and groups on its disk.
constexpr const char* kSpillSettings =
    " SETTINGS max_bytes_before_external_group_by = 1073741824, max_bytes_before_external_sort = "
    "1073741824";

std::string conditions_sql(const cphost_runs_query& query) {
  std::string sql =
      " WHERE isNotNull(" + quote_identifier(cphost::view(query.position_column)) + ")";
  for (uint32_t i = 0; i < query.condition_count; ++i) {
    const cphost_condition& condition = query.conditions[i];
    const std::string column = quote_identifier(cphost::view(condition.column));
    sql += condition.value.data == nullptr
               ? " AND isNull(" + column + ")"
               : " AND " + column + " = " + quote_string(cphost::view(condition.value));
  }
  return sql;
}

cphost::Schema runs_schema(uint32_t stream_columns) {
  cphost::Schema schema;
  for (uint32_t i = 0; i < stream_columns; ++i) schema.add({"stream" + std::to_string(i), "z"});
  schema.add({"first", "l"});
  schema.add({"last", "l"});
  schema.add({"times", "L"});
  return schema;
}

}  // namespace

// The rows of a position are counted; positions that follow each other and have the same count keep
// their distance to their number among all of that count, and by that distance they become a run.
std::string runs_sql(const TableName& name, const cphost_runs_query& query) {
  std::string columns, names, texts;
  for (uint32_t i = 0; i < query.stream_column_count; ++i) {
    const std::string alias = "cphost_s" + std::to_string(i);
    columns += quote_identifier(cphost::view(query.stream_columns[i])) + " AS " + alias + ", ";
    names += alias + ", ";
    texts += "CAST(ifNull(toString(" + alias + "), ''), 'String'), ";
  }
  const std::string position = quote_identifier(cphost::view(query.position_column));
  const std::string counted = "SELECT " + columns + "assumeNotNull(toInt64(" + position +
                              ")) AS cphost_p, count() AS cphost_times FROM " + name.sql() +
                              conditions_sql(query) + " GROUP BY " + names + "cphost_p";
  const std::string placed = "SELECT " + names +
                             "cphost_p, cphost_times, cphost_p - toInt64(row_number() OVER "
                             "(PARTITION BY " +
                             names + "cphost_times ORDER BY cphost_p)) AS cphost_run FROM (" +
                             counted + ")";
  return "SELECT " + texts + "min(cphost_p) AS cphost_first, max(cphost_p), cphost_times FROM (" +
         placed + ") GROUP BY " + names + "cphost_times, cphost_run ORDER BY " + names +
         "cphost_first LIMIT " + std::to_string(query.runs_max) + kSpillSettings +
         " FORMAT RowBinary";
}

bool tell_runs(Server& server, const TableName& name, const cphost_runs_query& query,
               const cphost::ArrowRows& out) {
  if (server.query("EXISTS TABLE " + name.sql() + " FORMAT TSV").starts_with('0')) return false;
  const uint64_t runs_max = std::min<uint64_t>(query.runs_max, kAnswerBytesMax);
  const size_t answer_max = std::clamp(static_cast<size_t>(runs_max) * kAnswerBytesPerRun,
                                       kAnswerBytesMin, kAnswerBytesMax);
  const std::string answer = server.query(runs_sql(name, query), answer_max);
  RowBinaryReader reader(answer);
  cphost::BatchBuilder batch(runs_schema(query.stream_column_count));
  const size_t streams = query.stream_column_count;
  while (!reader.at_end()) {
    for (size_t i = 0; i < streams; ++i) batch[i].add(reader.text());
    batch[streams].push(reader.number<int64_t>());
    batch[streams + 1].push(reader.number<int64_t>());
    batch[streams + 2].push(reader.number<uint64_t>());
    if (batch.rows() == kRunsPerBatch) out(batch.finish());
  }
  if (!batch.empty()) out(batch.finish());
  return true;
}

}  // namespace clickhouse
