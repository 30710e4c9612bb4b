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

// Positions are sorted in arrays of a part of a stream each, which takes a fraction of what
// counting each position by itself does. A stretch without a gap is a run unless a position in it
// comes twice; then it is cut where the count changes. Runs that touch are joined: they keep their
// distance to the number of positions so far.
std::string runs_sql(const TableName& name, const cphost_runs_query& query) {
  std::string columns, names, texts;
  for (uint32_t i = 0; i < query.stream_column_count; ++i) {
    const std::string alias = "cphost_s" + std::to_string(i);
    columns += quote_identifier(cphost::view(query.stream_columns[i])) + " AS " + alias + ", ";
    names += alias + ", ";
    texts += "CAST(ifNull(toString(" + alias + "), ''), 'String'), ";
  }
  const std::string position =
      "assumeNotNull(toInt64(" + quote_identifier(cphost::view(query.position_column)) + "))";
  const std::string sorted = "SELECT " + columns + "intDiv(" + position +
                             ", 65536) AS cphost_part, arraySort(groupArray(" + position +
                             ")) AS cphost_all FROM " + name.sql() + conditions_sql(query) +
                             " GROUP BY " + names + "cphost_part";
  const std::string stretches = "SELECT " + names +
                                "cphost_x, if(length(cphost_x) = cphost_x[-1] - cphost_x[1] + 1, "
                                "[], cphost_x) AS cphost_y FROM (" +
                                sorted +
                                ") ARRAY JOIN arraySplit((v, d) -> d > 1, cphost_all, "
                                "arrayDifference(cphost_all)) AS cphost_x";
  const std::string counted =
      "SELECT " + names +
      "cphost_x, arrayMap(g -> (g[1], toUInt64(length(g))), arraySplit((v, d) -> d != 0, cphost_y, "
      "arrayDifference(cphost_y))) AS cphost_pairs FROM (" +
      stretches + ")";
  const std::string runs =
      "SELECT " + names +
      "cphost_run.1 AS cphost_f, cphost_run.2 AS cphost_l, cphost_run.3 AS cphost_times FROM (" +
      counted +
      ") ARRAY JOIN if(empty(cphost_pairs), [(cphost_x[1], cphost_x[-1], toUInt64(1))], "
      "arrayMap(z -> (z[1].1, z[-1].1, z[1].2), arraySplit((v, d) -> d != 0, cphost_pairs, "
      "arrayDifference(cphost_pairs.2)))) AS cphost_run";
  const std::string placed = "SELECT " + names +
                             "cphost_f, cphost_l, cphost_times, cphost_l - sum(cphost_l - cphost_f "
                             "+ 1) OVER (PARTITION BY " +
                             names +
                             "cphost_times ORDER BY cphost_f ROWS BETWEEN UNBOUNDED PRECEDING AND "
                             "CURRENT ROW) AS cphost_island FROM (" +
                             runs + ")";
  return "SELECT " + texts + "min(cphost_f) AS cphost_first, max(cphost_l), cphost_times FROM (" +
         placed + ") GROUP BY " + names + "cphost_times, cphost_island ORDER BY " + names +
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
