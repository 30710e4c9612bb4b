// SPDX-License-Identifier: Apache-2.0
#include "rejects.hpp"

#include <cphost/batch.hpp>
#include <cphost/rejects.hpp>

#include <algorithm>

#include "row_binary.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

using C = cphost::RejectColumn;

// A payload has 64 MiB at most, and its key and headers are not counted.
constexpr size_t kAnswerBytesMax = 512 << 20;

// What is under way has a time that no replay ever has.
constexpr const char* kIsOpen = "isNull(replayed_at)";
constexpr const char* kIsUnderWay = "ifNull(toUnixTimestamp64Milli(replayed_at), 0) = 1";
static_assert(CPHOST_REJECT_UNDER_WAY == 1);

// Names a record, not a row: one that was rejected twice is one record. The same position may hold
// another record after a topic was made anew, so the payload is a part of the name.
constexpr const char* kId = "lower(hex(sipHash128(stream, position, raw)))";

std::string read_sql(const TableName& name, const cphost_rejects_query& query) {
  std::string where = "pipe = " + quote_string(cphost::view(query.pipe)) + " AND " +
                      (query.state == CPHOST_REJECT_OPEN ? kIsOpen : kIsUnderWay) +
                      " AND toUnixTimestamp64Micro(ts) >= " + std::to_string(query.since_us);
  if (query.code.size > 0) where += " AND code = " + quote_string(cphost::view(query.code));
  if (query.after_id.size > 0) {
    where += " AND (toUnixTimestamp64Micro(ts), cphost_id) > (" + std::to_string(query.after_us) +
             ", " + quote_string(cphost::view(query.after_id)) + ")";
  }
  // Cut off where the payloads have enough bytes; the rest is read next time.
  const std::string page =
      std::string("SELECT *, ") + kId +
      " AS cphost_id, if(raw_truncated != 0, 0, length(raw)) AS cphost_size FROM " + name.sql() +
      " WHERE " + where + " ORDER BY ts, cphost_id LIMIT 1 BY cphost_id LIMIT " +
      std::to_string(query.rows_max);
  const std::string summed =
      "SELECT *, sum(cphost_size) OVER (ORDER BY ts, cphost_id ROWS BETWEEN "
      "UNBOUNDED PRECEDING AND CURRENT ROW) AS cphost_sum FROM (" +
      page + ")";
  return "SELECT cphost_id, toUnixTimestamp64Micro(ts), CAST(code, 'String'), position, "
         "CAST(topic, 'String'), partition, offset, toUnixTimestamp64Milli(record_ts), key, "
         "headers, if(raw_truncated != 0, '', raw), toUInt8(raw_truncated) FROM (" +
         summed + ") WHERE cphost_sum - cphost_size < " +
         std::to_string(std::max<uint64_t>(query.bytes_max, 1)) +
         " ORDER BY ts, cphost_id FORMAT RowBinary";
}

template <class T>
void add_nullable(RowBinaryReader& reader, cphost::ColumnBuilder& column) {
  if (reader.number<uint8_t>() != 0) return column.add_null();
  column.push(reader.number<T>());
}

void add_reject(RowBinaryReader& reader, cphost::BatchBuilder& batch) {
  const auto at = [&](C column) -> cphost::ColumnBuilder& {
    return batch[static_cast<size_t>(column)];
  };
  at(C::kId).add(reader.text());
  at(C::kTs).push(reader.number<int64_t>());
  at(C::kCode).add(reader.text());
  at(C::kPosition).add(reader.text());
  at(C::kTopic).add(reader.text());
  add_nullable<int32_t>(reader, at(C::kPartition));
  add_nullable<int64_t>(reader, at(C::kOffset));
  add_nullable<int64_t>(reader, at(C::kRecordTs));
  if (reader.number<uint8_t>() != 0) {
    at(C::kKey).add_null();
  } else {
    at(C::kKey).add(reader.text());
  }
  for (uint64_t entries = reader.varint(); entries > 0; --entries) {
    const std::string_view key = reader.text();
    at(C::kHeaders).add_entry(key, reader.text());
  }
  at(C::kHeaders).end();
  at(C::kRaw).add(reader.text());
  at(C::kTruncated).push(reader.number<uint8_t>());
}

}  // namespace

bool tell_rejects(Server& server, const TableName& name, const cphost_rejects_query& query,
                  const cphost::ArrowRows& out) {
  if (server.query("EXISTS TABLE " + name.sql() + " FORMAT TSV").starts_with('0')) return false;
  const std::string answer = server.query(read_sql(name, query), kAnswerBytesMax);
  RowBinaryReader reader(answer);
  cphost::BatchBuilder batch(cphost::rejects_schema());
  while (!reader.at_end()) add_reject(reader, batch);
  if (!batch.empty()) out(batch.finish());
  return true;
}

void mark_rejects(Server& server, const TableName& name, std::string_view pipe,
                  std::span<const cphost_str> ids, int64_t mark) {
  std::string list;
  for (const cphost_str& id : ids)
    list += (list.empty() ? "" : ", ") + quote_string(cphost::view(id));
  const std::string which = list.empty() ? "0"
                                         : std::string(kId) + " IN (" + list + ") AND (" + kIsOpen +
                                               " OR " + kIsUnderWay + ")";
  const std::string value = mark == CPHOST_REJECT_OPEN
                                ? "NULL"
                                : "fromUnixTimestamp64Milli(" + std::to_string(mark) + ")";
  server.query("ALTER TABLE " + name.sql() + " UPDATE replayed_at = " + value + " WHERE pipe = " +
               quote_string(pipe) + " AND " + which + " SETTINGS mutations_sync = 1");
}

}  // namespace clickhouse
