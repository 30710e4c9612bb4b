// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include <algorithm>
#include <chrono>

namespace chdb {
namespace {

constexpr size_t kPieceBytes = 256 * 1024;
/// An answer of this size is held back: if the query fails meanwhile, its status can still say so.
constexpr size_t kHeldBytes = size_t{1} << 20;
/// With wait_end_of_query=1; a larger answer streams, and is cut short if the query fails.
constexpr size_t kHeldBytesMax = size_t{64} << 20;

std::string content_type(std::string_view format) {
  const auto begins = [&](std::string_view prefix) {
    return format.substr(0, prefix.size()) == prefix;
  };
  if (begins("JSONEachRow") || begins("JSONCompactEachRow") || begins("JSONStringsEachRow") ||
      begins("NDJSON") || begins("JSONLines")) {
    return "application/x-ndjson; charset=UTF-8";
  }
  if (begins("JSON")) return "application/json; charset=UTF-8";
  if (begins("TabSeparated") || begins("TSV")) return "text/tab-separated-values; charset=UTF-8";
  if (begins("CSV")) return "text/csv; charset=UTF-8; header=absent";
  if (begins("XML")) return "application/xml; charset=UTF-8";
  if (begins("Pretty") || begins("Vertical") || begins("Values")) {
    return "text/plain; charset=UTF-8";
  }
  return "application/octet-stream";
}

std::string summary(const Counts& counts, Clock::time_point begin) {
  const auto elapsed =
      std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now() - begin).count();
  std::string text = "{";
  const auto add = [&](std::string_view name, uint64_t value) {
    if (text.size() > 1) text += ',';
    text.append("\"").append(name).append("\":\"").append(std::to_string(value)).append("\"");
  };
  add("read_rows", counts.read_rows);
  add("read_bytes", counts.read_bytes);
  add("written_rows", counts.written_rows);
  add("written_bytes", counts.written_bytes);
  add("total_rows_to_read", 0);
  add("result_rows", counts.result_rows);
  add("result_bytes", counts.result_bytes);
  add("elapsed_ns", static_cast<uint64_t>(elapsed));
  return text + "}";
}

}  // namespace

void Exchange::open_body() {
  const uint64_t limit = options_.body_bytes_max;
  if (connection_.announced_body_size() > limit) {
    throw Failure(kBadArguments,
                  "The request's body of " + std::to_string(connection_.announced_body_size()) +
                      " bytes is larger than " + std::to_string(limit) +
                      ": send smaller batches or raise --max-body",
                  413);
  }
  BodyReader* top = &connection_.body();
  content_ = decode_content(connection_.head().header("Content-Encoding"), *top);
  if (content_ != nullptr) top = content_.get();
  if (request_.decompress) {
    frames_ = std::make_unique<FrameReader>(*top, request_.verify_checksums);
    top = frames_.get();
  }
  body_ = std::make_unique<LimitedReader>(*top, limit);
}

void Exchange::run() {
  open_body();
  if (!request_.query.empty()) {
    const auto insert = split_insert(request_.query, true);
    if (insert) {
      run_insert(*insert, *body_);
      return;
    }
  }
  std::string sql = request_.query;
  const std::string head = read_text(*body_, request_.query_bytes_max + 1);
  const bool complete = head.size() <= request_.query_bytes_max;
  if (!sql.empty() && !head.empty()) sql += '\n';
  sql += head;
  const auto insert = split_insert(sql, complete);
  if (insert) {
    run_insert(*insert, *body_);
    return;
  }
  if (!complete) {
    throw Failure(kQueryIsTooLarge,
                  "The statement is longer than " + std::to_string(request_.query_bytes_max) +
                      " bytes (max_query_size): only the rows of an INSERT may be, after FORMAT");
  }
  run_statement(sql);
}

void Exchange::prepare(Session& session) {
  const std::string settings = request_.settings_sql();
  if (!settings.empty()) session.query(settings, "Null");
  const std::string use = request_.use_sql();
  if (!use.empty()) session.query(use, "Null");
  // 2: settings may still be changed, as a server lets a GET do.
  if (request_.read_only) session.query("SET readonly = 2", "Null");
}

void Exchange::run_insert(const InsertStatement& insert, BodyReader& body) {
  Session session(engine_);
  prepare(session);
  // The engine appends its own clause: a comment at the end must not swallow it.
  const auto stream = session.insert(insert.sql + "\n", insert.format, request_.parameters);
  bool wanted = stream->append(insert.data);
  if (wanted && !insert.data.empty() && insert.data.back() != '\n' && !request_.query.empty()) {
    wanted = stream->append("\n");
  }
  std::string piece(kPieceBytes, '\0');
  while (wanted) {
    const size_t count = body.read(piece.data(), piece.size());
    if (count == 0) break;
    bytes_ += count;
    wanted = stream->append({piece.data(), count});
  }
  const Result result = stream->finish();
  Counts counts = result.counts();
  counts.read_rows = counts.result_rows = counts.written_rows;
  counts.read_bytes = counts.result_bytes = counts.written_bytes;
  send_whole("", "", counts);
}

void Exchange::run_statement(const std::string& sql) {
  if (is_empty(sql)) throw Failure(kSyntaxError, "Syntax error: Empty query");
  Session session(engine_);
  prepare(session);
  const uint32_t statements = session.statement_count(sql);
  if (statements > 1) {
    throw Failure(kSyntaxError,
                  "Syntax error (Multi-statements are not allowed): send one statement a request");
  }
  if (is_kill_sync(sql)) {
    throw Failure(kNotImplemented,
                  "KILL ... SYNC never returns in the embedded engine: leave SYNC out");
  }
  const std::string format(output_format(sql, request_.default_format));
  if (is_select(sql) && is_concatenable(format) && statements == 1) {
    run_select(session, sql, format);
    return;
  }
  const Result result = session.query(sql, request_.default_format, request_.parameters);
  send_whole(format, result.data(), result.counts());
}

void Exchange::run_select(Session& session, const std::string& sql, std::string_view format) {
  const size_t held_max = request_.wait_end_of_query
                              ? kHeldBytesMax
                              : std::min(request_.buffer_size.value_or(kHeldBytes), kHeldBytesMax);
  const auto stream = session.select(sql, request_.default_format, request_.parameters);
  std::string held;
  Counts counts;
  while (true) {
    const Result piece = stream->next();
    if (piece.data().empty()) break;
    counts += piece.counts();
    bytes_ += piece.data().size();
    if (!begun_ && held.size() + piece.data().size() <= held_max) {
      held += piece.data();
      continue;
    }
    if (!begun_) {
      Headers all = headers(format);
      all.emplace_back("X-ClickHouse-Summary", summary(counts, begin_));
      connection_.begin(200, all);
      begun_ = true;
      connection_.write(packed(held));
      held.clear();
    }
    connection_.write(packed(piece.data()));
  }
  if (begun_) {
    connection_.end();
  } else {
    send_whole(format, held, counts);
  }
}

Headers Exchange::headers(std::string_view format) const {
  const std::string& zone = request_.time_zone.empty() ? engine_.time_zone() : request_.time_zone;
  Headers all = {
      {"Content-Type", format.empty() ? "text/plain; charset=UTF-8" : content_type(format)},
      {"X-ClickHouse-Server-Display-Name", options_.display_name},
      {"X-ClickHouse-Query-Id", request_.query_id},
      {"X-ClickHouse-Timezone", zone},
  };
  if (!format.empty()) all.emplace_back("X-ClickHouse-Format", std::string(format));
  return all;
}

void Exchange::send_whole(std::string_view format, std::string_view data, const Counts& counts) {
  Headers all = headers(format);
  all.emplace_back("X-ClickHouse-Summary", summary(counts, begin_));
  begun_ = true;
  connection_.send(200, all, packed(data));
}

std::string_view Exchange::packed(std::string_view data) {
  if (!request_.compress) return data;
  packed_.clear();
  append_lz4_frames(data, packed_);
  return packed_;
}

void Exchange::fail(const Failure& failure) {
  std::string text(failure.text());
  text += '\n';
  if (begun_) {
    // Too late for a status: the text ends the body, and the body ends without its last chunk.
    connection_.write(packed(text));
    connection_.abort();
    return;
  }
  Headers all = headers("");
  all.emplace_back("X-ClickHouse-Exception-Code", std::to_string(failure.code()));
  if (failure.status() == 401) all.emplace_back("WWW-Authenticate", "Basic realm=\"ClickHouse\"");
  connection_.send(failure.status(), all, text);
}

}  // namespace chdb
