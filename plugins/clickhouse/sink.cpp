// SPDX-License-Identifier: Apache-2.0
#include "sink.hpp"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <stdexcept>

#include "create_table.hpp"
#include "exactly_once.hpp"
#include "insert_settings.hpp"
#include "metrics.hpp"
#include "rejects.hpp"
#include "runs.hpp"

namespace clickhouse {
namespace {

using cphost::Error;
using cphost::Status;

// Runs what talks to the server, and says failures in the host's words.
template <class F>
auto asking(F ask) {
  try {
    return ask();
  } catch (const ServerError& e) {
    throw Error(static_cast<Status>(e.failure.status), e.failure.code, e.failure.text);
  } catch (const ChdbError& e) {
    throw Error(e.user_must_act ? Status::config : Status::retry, "EMBEDDED_ENGINE", e.what());
  } catch (const std::invalid_argument& e) {
    throw Error(Status::config, "COLUMNS", e.what());
  }
}

std::vector<TargetColumn> target_of(Server& server, const TableName& name) {
  auto columns = asking([&] { return describe_table(server, name); });
  if (!columns)
    throw Error(Status::config, "UNKNOWN_TABLE", "table " + name.display() + " does not exist");
  return std::move(*columns);
}

// Who made the table, and how long ago, does not matter: an older version of cphost may have.
void check_error_table(const ArrowSchema& wanted, const std::vector<TargetColumn>& columns,
                       const TableName& name) {
  try {
    NativeEncoder(wanted, columns);
  } catch (const std::invalid_argument& e) {
    throw Error(Status::config, "ERROR_TABLE_COLUMNS",
                "table " + name.display() + " exists but cannot take error rows: " + e.what() +
                    "; drop or rename it, so that it is made anew, or name another error table");
  }
}

std::set<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::set<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

// A line of the embedded engine's log, at its level.
void forward_line(const cphost::Env& env, const std::string& line) {
  if (line.starts_with("cphost-chdb: error:")) return env.error(line);
  if (line.starts_with("cphost-chdb: warning:")) return env.warn(line);
  env.info(line);
}

// How long the questions about a table may take together. Nothing interrupts those of a describe or
// prepare, and a host that is to stop within its drain_timeout (10 s by default) waits for them, as
// does the thread that polls the source. Those of a writer, when it binds itself to the table and
// before blocks that the server casts, run under interrupt() and have the same limit, so that a
// server that hangs is known as an outage soon. What takes longer is asked again.
constexpr std::chrono::seconds kQuestionsTimeout{5};

// What is about all rows of a table may take long, and who asked for it can end it.
constexpr int64_t kPatienceMs = 24 * 3'600'000;

constexpr const char* kTokenSetting = "insert_deduplication_token";

// What a block rests on: "of type UInt8 DEFAULT".
std::string kind_of(const TargetColumn& column) {
  return "of type " + column.type +
         (column.default_kind.empty() ? ", without a DEFAULT" : " " + column.default_kind);
}

}  // namespace

Sink::Shared::Shared(Options options, cphost::Env env) : options_(std::move(options)), env_(env) {
  check_options(options_);
  const ChdbOptions chdb = chdb_of(options_);
  if (!chdb.folder.empty()) {
    chdb_ =
        ChdbChild::acquire(chdb, [log = env](const std::string& line) { forward_line(log, line); });
  }
}

HttpOptions Sink::Shared::endpoint() const {
  HttpOptions http = http_of(options_);
  if (chdb_) {
    const ChdbEndpoint engine = asking([&] { return chdb_->endpoint(); });
    http.url = engine.url;
    http.user = engine.user;
    http.password = engine.password;
  }
  return http;
}

Error Sink::Shared::missing_table() const {
  return {Status::config, "UNKNOWN_TABLE",
          "table " + table_of(options_).display() + " does not exist at " + options_.url +
              ": create it, or set create_table = true"};
}

Status Sink::Shared::describe(ArrowSchema* target) const {
  Server server(endpoint());
  server.ask_within(kQuestionsTimeout);
  const auto columns = asking([&] { return describe_table(server, table_of(options_)); });
  if (!columns) {
    if (!options_.create_table) throw missing_table();
    return Status::again;
  }
  export_columns(*columns, target);
  return Status::ok;
}

void Sink::Shared::check_exactly_once(Server& server, const TableName& name) const {
  const std::string fault = asking([&] { return exactly_once_fault(server, name); });
  if (!fault.empty()) throw Error(Status::config, "EXACTLY_ONCE", fault);
}

Status Sink::Shared::prepare(const ArrowSchema& wanted, uint32_t flags,
                             const cphost::Statements& statements) const {
  const TableName name = table_of(options_);
  const bool error_table = flags & CPHOST_ERROR_TABLE;
  Server server(endpoint());
  server.ask_within(kQuestionsTimeout);
  if (const auto columns = asking([&] { return describe_table(server, name); })) {
    if (error_table) check_error_table(wanted, *columns, name);
    if (flags & CPHOST_EXACTLY_ONCE) check_exactly_once(server, name);
    return Status::ok;
  }
  if (!error_table && !options_.create_table) throw missing_table();
  const TableShape shape =
      error_table ? error_table_shape(options_.engine, options_.ttl.count())
                  : TableShape{options_.engine, options_.order_by, options_.partition_by, {}};
  const std::string sql = asking([&] { return create_table_sql(name, wanted, shape); });
  statements(sql);
  if (flags & CPHOST_DRY_RUN) return Status::ok;
  asking([&] { return server.query(sql); });
  if (flags & CPHOST_EXACTLY_ONCE) check_exactly_once(server, name);
  return Status::ok;
}

HttpOptions Sink::Shared::patient_endpoint() const {
  HttpOptions http = endpoint();
  http.request_timeout_ms = std::max(http.request_timeout_ms, kPatienceMs);
  return http;
}

Status Sink::Shared::read_rejects(const cphost_rejects_query& query,
                                  const cphost::ArrowRows& out) const {
  Server server(patient_endpoint());
  const bool exists = asking([&] { return tell_rejects(server, table_of(options_), query, out); });
  return exists ? Status::ok : Status::again;
}

Status Sink::Shared::mark_rejects(std::string_view pipe, std::span<const cphost_str> ids,
                                  int64_t mark) const {
  Server server(patient_endpoint());
  asking([&] { clickhouse::mark_rejects(server, table_of(options_), pipe, ids, mark); });
  return Status::ok;
}

Status Sink::Shared::runs(const cphost_runs_query& query, const cphost::ArrowRows& out) const {
  Server server(patient_endpoint());
  const bool exists = asking([&] { return tell_runs(server, table_of(options_), query, out); });
  return exists ? Status::ok : Status::again;
}

Sink::Sink(Shared& shared, cphost::Env env, const ArrowSchema& rows)
    : shared_(shared),
      env_(env),
      rows_(rows),
      server_(shared.endpoint()),
      frames_(compression_of(shared.options())) {
  asking([&] { return date_time_input_of(rows_); });  // Columns that disagree stop the pipe now.
}

// Finds out what the table and the server are like. After a failure it may be called again.
void Sink::bind() {
  const Options& options = shared_.options();
  server_.ask_within(kQuestionsTimeout);
  const auto target = target_of(server_, table_of(options));
  auto native = asking([&] { return std::make_unique<NativeEncoder>(rows_, target); });
  auto json = std::make_unique<JsonEncoder>(rows_, target);
  if (!native->holds() && !json->why_not().empty()) {
    throw Error(Status::config, "COLUMNS",
                "the table has columns that only JSON can fill, and " + json->why_not());
  }
  const auto known = lines_of(asking([&] { return server_.query(known_settings_query()); }));
  has_tokens_ = known.count(kTokenSetting) != 0;
  const std::string insert =
      "INSERT INTO " + table_of(options).sql() + " (" + native->column_list() + ") FORMAT ";
  native_parameters_ = {};
  native_parameters_.add("query", insert + "Native");
  json_parameters_ = {};
  json_parameters_.add("query", insert + "JSONEachRow");
  for (UrlParameters* parameters : {&native_parameters_, &json_parameters_}) {
    parameters->add("wait_end_of_query", "1");
    if (compression_of(options) != Compression::kNone) parameters->add("decompress", "1");
    for (const auto& setting :
         settings_for(known, native->exact(), options.settings, date_time_input_of(rows_)))
      parameters->add(setting.first, setting.second);
  }
  for (const auto& setting : json_settings_for(known))
    json_parameters_.add(setting.first, setting.second);
  filled_.clear();
  for (int64_t i = 0; i < rows_.n_children; ++i) {
    if (const TargetColumn* column = find_column(target, rows_.children[i]->name))
      filled_.push_back(*column);
  }
  native_ = std::move(native);
  json_ = std::move(json);
}

// Nothing was sent yet, which AGAIN tells the host and RETRY would not.
Status Sink::wait_for_table(const Error& error) const {
  const Status status = shared_.engine_left(server_.url()) ? Status::reopen : Status::again;
  return env_.fail(status, error.code(), error.text());
}

UrlParameters Sink::parameters_for(const cphost_block& block, bool json) const {
  UrlParameters parameters = json ? json_parameters_ : native_parameters_;
  const std::string token(cphost::view(block.token));
  if (has_tokens_) parameters.add(kTokenSetting, token);
  // For system.query_log: which block, and which attempt.
  parameters.add("query_id", "cphost-" + token + "-" + std::to_string(block.attempt));
  return parameters;
}

// The same block goes the same way at each attempt: it depends on nothing else.
bool Sink::goes_as_json(const cphost_block& block) {
  if (!native_->holds()) return true;
  if (native_->says(block)) return false;
  if (json_->why_not().empty()) return true;
  if (!warned_absent_) {
    warned_absent_ = true;
    env_.warn(
        "a column with a DEFAULT is absent in some rows of a block: it becomes NULL or empty "
        "there, because " +
        json_->why_not());
  }
  return false;
}

// What the server casts, or reads from JSON, becomes whatever the columns are by then, without a
// check of ranges: 300 is 44 in what has become a UInt8. So before such a block they must be what
// they were. Types of its own it compares itself.
Status Sink::check_columns() {
  const TableName name = table_of(shared_.options());
  std::vector<TargetColumn> now;
  try {
    server_.ask_within(kQuestionsTimeout);
    now = asking([&] { return describe_existing_table(server_, name); });
  } catch (const Error& e) {
    if (e.status() == Status::retry) return wait_for_table(e);
    return env_.fail(Status::reopen, e.code(), e.text());  // Then it stops where it must.
  }
  for (const TargetColumn& column : filled_) {
    const TargetColumn* found = find_column(now, column.name);
    if (found && found->type == column.type && found->default_kind == column.default_kind) continue;
    return env_.fail(Status::reopen, "TYPE_MISMATCH",
                     "column " + column.name + " of table " + name.display() + " is " +
                         (found ? "now " + kind_of(*found) : std::string("gone")) + ", and was " +
                         kind_of(column) + " when the writer was opened");
  }
  return Status::ok;
}

Status Sink::write(const cphost_block& block, cphost::Result& result) {
  if (!native_) {
    try {
      bind();
    } catch (const Error& e) {
      if (e.status() != Status::retry) throw;
      return wait_for_table(e);
    }
  }
  const bool json = goes_as_json(block);
  if (json || !native_->exact()) {
    const Status status = check_columns();
    if (status != Status::ok) return status;
  }
  const Segments& rows = json ? json_->encode(block) : native_->encode(block);
  const auto& faults = json ? json_->faults() : native_->faults();
  if (!faults.empty()) return reject_faults(faults, result);
  const Segments& body = frames_.compress(rows);
  env_.metric(json ? kJsonBytes : kNativeBytes, static_cast<int64_t>(total_size(rows)));
  env_.metric(kSentBytes, static_cast<int64_t>(total_size(body)));
  const auto failure = server_.insert(parameters_for(block, json), body);
  env_.metric(failure ? kInsertFailures : kInserts, 1);
  return failure ? report(*failure, block.rows, result) : Status::ok;
}

Status Sink::reject_faults(const std::vector<RowFault>& faults, cphost::Result& result) const {
  for (const RowFault& fault : faults) {
    result.reject(fault.row, fault.code, fault.text, fault.column);
  }
  const RowFault& first = faults.front();
  return env_.fail(Status::reject, first.code, "column " + first.column + ": " + first.text);
}

Status Sink::report(const Failure& failure, int64_t rows, cphost::Result& result) const {
  auto status = static_cast<Status>(failure.status);
  if (status == Status::retry && shared_.engine_left(server_.url())) status = Status::reopen;
  if (status == Status::retry && failure.nothing_sent) status = Status::again;
  if (status == Status::retry && failure.retry_after_ms) result.retry_after(failure.retry_after_ms);
  const bool named =
      failure.row && *failure.row < rows &&
      (failure.row_of_body || names_table(failure.text, table_of(shared_.options()).table));
  if (status == Status::reject && named) result.reject(*failure.row, failure.code, failure.text);
  return env_.fail(status, failure.code, failure.text);
}

}  // namespace clickhouse
