// SPDX-License-Identifier: Apache-2.0
#include "host/replay/replay.hpp"

#include <cphost/rejects.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cphost/rejects.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "host/pipe/stop_pipe.hpp"
#include "host/replay/replayed_records.hpp"
#include "host/replay/target_writer.hpp"

namespace cphost::host {
namespace {

// Of a page. Names of rejects are sent back to be marked, in one statement.
constexpr uint64_t kRowsMax = 2'000;
constexpr uint64_t kBytesMax = 16 << 20;

// Two of them make a token that no other page will have.
uint64_t fnv1a(std::string_view text, uint64_t hash) {
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return hash;
}

int64_t unix_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

// The error table of a pipe, page by page.
class ErrorPages {
 public:
  ErrorPages(const PipeConfig& config, const ReplayRequest& request, Log& log)
      : config_(config), request_(request), sink_(config.errors.sink, log) {
    table_ = sink_.component().extension_of<cphost_rejects>(sink_.get(), CPHOST_REJECTS_EXTENSION);
    if (table_) return;
    throw StopPipe(kExitConfig, where() + "the sink '" + sink_.component().name +
                                    "' can't read rejects back, so there is nothing to replay");
  }

  /// The page that an earlier replay left open; empty if none.
  UniqueArray left_open() {
    cphost_rejects_query query{};
    query.state = CPHOST_REJECT_UNDER_WAY;
    return read(query);
  }

  /// The next page; empty at the end.
  UniqueArray next() {
    cphost_rejects_query query{};
    query.code = text(request_.code);
    query.since_us = request_.since_us;
    query.after_us = after_us_;
    query.after_id = text(after_id_);
    UniqueArray page = read(query);
    if (page && page->length > 0) {
      after_us_ = value_at<int64_t>(column(*page, RejectColumn::kTs), page->length - 1);
      after_id_ = bytes_at(column(*page, RejectColumn::kId), page->length - 1);
    }
    return page;
  }

  void mark(const std::vector<cphost_str>& ids, int64_t mark) {
    const int32_t status = table_->mark(sink_.get(), text(config_.name), ids.data(),
                                        static_cast<uint32_t>(ids.size()), mark);
    if (status < 0) throw because(status);
  }

  static const ArrowArray& column(const ArrowArray& page, RejectColumn column) {
    return *page.children[static_cast<size_t>(column)];
  }

 private:
  static cphost_str text(const std::string& text) { return {text.data(), text.size()}; }

  UniqueArray read(cphost_rejects_query& query) {
    query.struct_size = sizeof query;
    query.pipe = text(config_.name);
    query.rows_max = kRowsMax;
    query.bytes_max = kBytesMax;
    UniqueArray page;
    const auto take = [](void* ctx, ArrowArray* raw) {
      *static_cast<UniqueArray*>(ctx) = UniqueArray(raw);
    };
    const int32_t status = table_->read(sink_.get(), &query, &page, take);
    if (status == CPHOST_AGAIN) return UniqueArray();  // no table, no rejects
    if (status < 0) throw because(status);
    return page;
  }

  std::string where() const {
    return config_.errors.sink.where.file + ":" + std::to_string(config_.errors.sink.where.line) +
           ": ";
  }

  StopPipe because(int32_t status) {
    const Failure failure = sink_.env().take_failure(status);
    const std::string who = where() + "the error table";
    if (status == CPHOST_RETRY || status == CPHOST_REOPEN)
      return StopPipe(kExitUnreachable, who + ": " + failure.text + " (" + failure.code + ")");
    return StopPipe::because(who, failure);
  }

  const PipeConfig& config_;
  const ReplayRequest& request_;
  SharedObject sink_;
  const cphost_rejects* table_;
  int64_t after_us_ = 0;
  std::string after_id_;
};

// A column of the target that would be filled with nothing is worse than no replay.
void check_columns(const PipeConfig& config, const TargetWriter& target) {
  for (const std::string& name : columns_not_kept(target.records_schema())) {
    const std::string column = target.binding().column_filled_from(name);
    if (column.empty()) continue;
    throw StopPipe(kExitConfig,
                   fmt::format("{}: column '{}' of the target is filled from {}, which "
                               "the error table does not keep: its rejects can't be "
                               "replayed",
                               config.file, column, name));
  }
}

// Of the records that are to go in: those that the format has not refused.
std::string token_of(const PipeConfig& config, const std::vector<cphost_str>& ids) {
  uint64_t one = 0xcbf29ce484222325, two = 0x84222325cbf29ce4;
  for (const cphost_str& id : ids) {
    const std::string_view text(id.data, id.size);
    one = fnv1a(text, one);
    two = fnv1a(text, two);
  }
  return fmt::format("replay:{}:{:016x}{:016x}", config.name, one, two);
}

// The names of the records that are in no list of rejects.
std::vector<cphost_str> ids_without(const ArrowArray& page, const std::vector<int64_t>& rows,
                                    const Rejects& rejects) {
  std::set<uint32_t> refused;
  for (const auto& entry : rejects) refused.insert(entry.first);
  const ArrowArray& ids = ErrorPages::column(page, RejectColumn::kId);
  std::vector<cphost_str> left;
  for (size_t record = 0; record < rows.size(); ++record) {
    if (refused.count(static_cast<uint32_t>(record)) > 0) continue;
    const std::string_view id = bytes_at(ids, rows[record]);
    left.push_back({id.data(), id.size()});
  }
  return left;
}

void replay_page(const PipeConfig& config, const ReplayRequest& request, const ArrowArray& page,
                 ErrorPages& pages, TargetWriter& target, ReplayReport& report) {
  std::vector<int64_t> rows;
  UniqueArray records = records_of_rejects(target.records_schema(), page, rows);
  report.rejects += page.length;
  report.cut += page.length - records->length;
  if (records->length == 0) return;
  Rejects rejects;
  const auto batch = target.decode(std::move(records), rejects);
  if (!request.dry_run) {
    const std::vector<cphost_str> all = ids_without(page, rows, {});
    const std::vector<cphost_str> decoded = ids_without(page, rows, rejects);
    if (!decoded.empty()) pages.mark(all, CPHOST_REJECT_UNDER_WAY);
    target.write(batch, token_of(config, decoded), rejects);
    const std::vector<cphost_str> done = ids_without(page, rows, rejects);
    if (!done.empty()) pages.mark(done, unix_ms());
    if (!decoded.empty() && done.size() < all.size()) pages.mark(all, CPHOST_REJECT_OPEN);
  }
  for (const auto& entry : rejects) ++report.again[entry.second.code];
  report.replayed += static_cast<int64_t>(rows.size() - rejects.size());
}

}  // namespace

ReplayReport replay(const PipeConfig& config, const ReplayRequest& request, Log log) {
  if (!config.errors.enabled)
    throw StopPipe(kExitConfig, config.file + ": errors = false: there is no error table");
  ErrorPages pages(config, request, log);
  ReplayReport report;
  UniqueArray page = pages.left_open();
  const bool left_open = page && page->length > 0;
  if (!left_open) page = pages.next();
  if (!page || page->length == 0) return report;
  TargetWriter target(config, log);
  check_columns(config, target);
  // What can't be marked must not go in: it would go in again with each replay.
  if (!request.dry_run) pages.mark({}, CPHOST_REJECT_OPEN);
  if (left_open)
    log.info("an earlier replay has died: what it had under way goes first, code and time aside");
  for (; page && page->length > 0; page = pages.next())
    replay_page(config, request, *page, pages, target, report);
  return report;
}

}  // namespace cphost::host
