// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/error_table.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "host/pipe/error_schema.hpp"
#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {
namespace {

int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// Index of a column that has one of the types, else -1: a source's column of another type is not
// what we know by that name.
int column_of(const ArrowSchema& records, std::string_view name, std::string_view type) {
  const int i = find(records, name);
  return i >= 0 && std::string_view(records.children[i]->format).starts_with(type) ? i : -1;
}

std::string_view hint_of(std::string_view code) {
  if (code == "LINE_TOO_LONG") return "raise the source's limit, or split the record";
  if (code.starts_with("JSON_")) return "the record is not valid JSON; mend its producer";
  if (code.find("RANGE") != code.npos) return "widen the column's type";
  return {};
}

}  // namespace

ErrorTable::ErrorTable(const PipeConfig& config, const ArrowSchema& records,
                       std::shared_ptr<Target> target, uint32_t worker, Log log, Counters& counters,
                       MemoryBudget& budget, std::function<void()> wake)
    : config_(config),
      target_(std::move(target)),
      worker_(worker),
      log_(std::move(log)),
      counters_(counters),
      budget_(budget),
      wake_(std::move(wake)),
      schema_(error_schema()),
      host_name_(host_name()),
      tokens_(config.name, worker),
      value_(column_of(records, "_value", "z")),
      key_(column_of(records, "_key", "z")),
      timestamp_(column_of(records, "_timestamp", "tsm")),
      headers_(column_of(records, "_headers", "+m")),
      topic_(column_of(records, "_topic", "z")),
      partition_(column_of(records, "_partition", "i")),
      offset_(column_of(records, "_offset", "l")),
      loose_(budget),
      outage_(log_.with("worker", std::to_string(worker)), "reopening the error table"),
      backoff_(config.retry_min_ms, config.retry_max_ms),
      question_(target_, wake_) {
  start_writers();
}

ErrorTable::~ErrorTable() {
  writers_->stop();
  while (auto block = writers_->take()) budget_.release(block->bytes);
  for (const auto& block : waiting_) budget_.release(block->bytes);
}

void ErrorTable::start_writers() {
  const Writers::Settings settings = {1,
                                      worker_,
                                      config_.workers,
                                      config_.retry_min_ms,
                                      config_.retry_max_ms,
                                      config_.dedup_window_ms};
  writers_ = std::make_unique<Writers>(settings, target_->component(), target_->object(), target_,
                                       *schema_.get(), log_, counters_.retries, wake_);
}

void ErrorTable::add(std::string_view stream, const Refused& refused) {
  render(loose_, stream, refused);
  if (loose_.count() >= kRowsMax || loose_.bytes() >= kBytesMax) {
    put(loose_, tokens_.next() + ":errors", false);
  }
}

void ErrorTable::write(std::string_view stream, const std::vector<Refused>& all,
                       std::string token) {
  ErrorBatch batch(budget_);
  for (const Refused& refused : all) render(batch, stream, refused);
  put(batch, std::move(token), true);
}

void ErrorTable::render(ErrorBatch& batch, std::string_view stream, const Refused& refused) const {
  ErrorRow row;
  std::string position = refused.span->last;
  if (refused.span->batch) {
    position = refused.span->batch->position(refused.record);
    describe_record(row, *refused.span->batch, refused.record);
  } else {
    row.raw =
        std::string_view(refused.head).substr(0, static_cast<size_t>(config_.errors.raw_bytes_max));
    row.raw_size = static_cast<int64_t>(refused.size);
  }
  const Rejection& why = refused.why;
  row.ts_us = now_us();
  row.pipe = config_.name;
  row.host = host_name_;
  row.why = &why;
  row.hint = hint_of(why.code);
  row.plugin = why.stage == Rejection::Stage::kSource   ? config_.source.component->name
               : why.stage == Rejection::Stage::kFormat ? config_.format->component->name
                                                        : config_.sink.component->name;
  row.stream = stream;
  row.position = position;
  batch.add(row, refused.span, monotonic_ms());
}

void ErrorTable::describe_record(ErrorRow& row, const RecordBatch& batch, uint32_t record) const {
  const ArrowArray& records = batch.records();
  const auto child = [&](int i) -> const ArrowArray& { return *records.children[i]; };
  const auto present = [&](int i) { return i >= 0 && !is_null(child(i), record); };
  if (present(topic_)) row.topic = bytes_at(child(topic_), record);
  if (present(partition_)) row.partition = value_at<int32_t>(child(partition_), record);
  if (present(offset_)) row.offset = value_at<int64_t>(child(offset_), record);
  if (present(timestamp_)) row.record_ts_ms = value_at<int64_t>(child(timestamp_), record);
  row.has_key = present(key_);
  if (row.has_key) row.key = bytes_at(child(key_), record);
  if (present(headers_)) {
    const ListColumn headers(child(headers_));
    const ArrowArray& entries = headers.elements();
    for (int64_t i = headers.begin(record); i < headers.end(record); ++i) {
      row.headers.emplace_back(bytes_at(*entries.children[0], entries.offset + i),
                               bytes_at(*entries.children[1], entries.offset + i));
    }
  }
  if (present(value_)) {
    const std::string_view raw = bytes_at(child(value_), record);
    row.raw = raw.substr(0, static_cast<size_t>(config_.errors.raw_bytes_max));
    row.raw_size = static_cast<int64_t>(raw.size());
  }
}

void ErrorTable::flush_when_due(bool now) {
  if (loose_.count() > 0 && (now || monotonic_ms() - loose_.oldest_ms() >= kWaitMs)) {
    put(loose_, tokens_.next() + ":errors", false);
  }
  if (!waiting_.empty()) try_resume();
}

// A step of the way back of a table that was away; none of them waits.
void ErrorTable::try_resume() {
  if (!prepared_) {
    if (const auto answer = question_.take()) {
      take_answer(*answer);
    } else if (!question_.under_way() && monotonic_ms() >= resume_not_before_ms_) {
      question_.ask([](Target& target) {
        TargetQuestion::Answer given;
        given.status = target.prepare(*error_schema().get(), CPHOST_ERROR_TABLE, given.failure);
        return given;
      });
    }
  }
  if (!prepared_ || !writers_->ended()) return;
  collect();
  start_writers();
  prepared_ = false;
  for (auto& block : std::exchange(waiting_, {})) writers_->put(std::move(block));
}

void ErrorTable::take_answer(const TargetQuestion::Answer& answer) {
  const int32_t status = answer.status;
  if (status < 0 && !can_wait(status)) throw StopPipe::because("error table", answer.failure);
  if (status < 0 && status != CPHOST_UNSUPPORTED) {
    ++counters_.retries;
    outage_.failed(answer.failure);
    resume_not_before_ms_ = monotonic_ms() + backoff_.next_ms();
    return;
  }
  prepared_ = true;
  writers_->begin_stop();
}

void ErrorTable::put(ErrorBatch& batch, std::string token, bool whole) {
  auto block = batch.seal(std::move(token), whole);
  if (waiting_.empty()) {
    writers_->put(std::move(block));
  } else {
    waiting_.push_back(std::move(block));
  }
}

std::vector<Block::Share> ErrorTable::take_settled() {
  collect();
  return std::exchange(settled_, {});
}

// A table that never took a row is wrong; one that did so has changed, and may change back.
bool ErrorTable::can_wait(int32_t status) const {
  if (status == CPHOST_CONFIG) return counters_.rejected > 0;
  return status == CPHOST_RETRY || status == CPHOST_REOPEN || status == CPHOST_UNSUPPORTED;
}

void ErrorTable::collect() {
  while (auto block = writers_->take()) {
    if (block->status == CPHOST_OK && block->refusals.empty()) {
      outage_.recovered();
      backoff_.reset();
      budget_.release(block->bytes);
      settled_.insert(settled_.end(), block->shares.begin(), block->shares.end());
    } else if (block->status == CPHOST_OK || block->status == CPHOST_REJECT) {
      const bool named = !block->refusals.empty();
      throw StopPipe(kExitConfig,
                     "the error table refuses rows: " +
                         (named ? block->refusals.front().why->text : block->failure.text) +
                         "; it must have the columns that cphost made it with");
    } else if (block->status != CPHOST_AGAIN && can_wait(block->status)) {
      ++counters_.retries;
      outage_.failed(block->failure);
      resume_not_before_ms_ = monotonic_ms() + backoff_.next_ms();
      waiting_.push_back(std::move(block));
    } else if (block->status == CPHOST_AGAIN) {
      waiting_.push_back(std::move(block));
    } else {
      throw StopPipe::because("error table", block->failure);
    }
  }
}

}  // namespace cphost::host
