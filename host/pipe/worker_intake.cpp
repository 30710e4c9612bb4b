// SPDX-License-Identifier: Apache-2.0
// What the source tells a worker, and the way of its records into the open block.
#include <algorithm>
#include <utility>

#include <cphost/status.hpp>

#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {
namespace {

int64_t payload_bytes(const ArrowArray& records, int column) {
  if (column < 0 || records.length == 0) return 0;
  const BytesColumn payload(*records.children[column]);
  return payload.offsets()[records.length] - payload.offsets()[0];
}

Worker* self(void* ctx) {
  return static_cast<Worker*>(ctx);
}

}  // namespace

// Runs `f` inside a call of the source: what it throws must not pass through the plugin.
template <class F>
void Worker::guarded(F&& f) noexcept {
  if (thrown_) return;
  try {
    f();
  } catch (...) {
    thrown_ = std::current_exception();
  }
}

cphost_events Worker::make_events() {
  cphost_events e{};
  e.struct_size = sizeof e;
  e.ctx = this;
  e.assigned = [](void* ctx, uint64_t id, cphost_str name, cphost_str position, cphost_str note) {
    self(ctx)->guarded([&] { self(ctx)->on_assigned(id, view(name), view(position), view(note)); });
  };
  e.records = [](void* ctx, uint64_t id, ArrowArray* records) {
    self(ctx)->guarded([&] { self(ctx)->on_records(id, records); });
    if (records->release) records->release(records);
  };
  e.reached = [](void* ctx, uint64_t id, cphost_str position) {
    self(ctx)->guarded([&] { self(ctx)->on_reached(id, view(position)); });
  };
  e.reject = [](void* ctx, uint64_t id, cphost_str position, const char* code, cphost_str text,
                cphost_str head, uint64_t size) {
    self(ctx)->guarded([&] {
      const auto why = Rejection::told(Rejection::Stage::kSource, code, {}, text);
      self(ctx)->on_reject(id, view(position), why, view(head), size);
    });
  };
  e.ended = [](void* ctx, uint64_t id) { self(ctx)->guarded([&] { self(ctx)->on_ended(id); }); };
  e.revoking = [](void* ctx, uint64_t id, uint32_t ms) {
    self(ctx)->guarded([&] { self(ctx)->on_revoking(id, ms); });
  };
  e.lost = [](void* ctx, uint64_t id) { self(ctx)->guarded([&] { self(ctx)->on_lost(id); }); };
  return e;
}

void Worker::on_assigned(uint64_t id, std::string_view name, std::string_view position,
                         std::string_view note) {
  Stream stream;
  stream.id = id;
  stream.name = name;
  stream.watermark = stream.committed = position;
  stream.note = note;
  if (journal_) {
    Journal::Entry kept = journal_->find(name);
    stream.watermark = stream.committed = std::move(kept.position);
    stream.note = std::move(kept.note);
  }
  if (exactly_once()) take_note(stream);
  log_.debug("stream assigned", {{"stream", stream.name}, {"position", stream.committed}});
  assigned_.push_back(stream.name);
  seeks_.emplace_back(id, stream.committed);
  if (!streams_.emplace(id, std::move(stream)).second) {
    throw StopPipe(kExitInternal, source_.name + " used the number of a stream twice");
  }
}

void Worker::on_records(uint64_t id, ArrowArray* records) {
  const auto it = streams_.find(id);
  if (it == streams_.end() || it->second.ending || records->length == 0) return;
  if (records->n_children != pipe_.records_schema.n_children || records->offset != 0) {
    throw StopPipe(kExitInternal, source_.name + " misbehaves: a batch of " +
                                      std::to_string(records->n_children) +
                                      " columns that begins at " + std::to_string(records->offset));
  }
  const int64_t count = records->length;
  counters_.bytes_in += payload_bytes(
      *records, binding_->has_format() ? static_cast<int>(binding_->value_column()) : -1);

  auto batch = std::make_shared<RecordBatch>(*binding_, records, budget_);
  const auto rejects = decode(*batch);
  if (exactly_once()) return add_ranged(it->second, batch, rejects);
  counters_.in += count;
  auto span = std::make_shared<Span>();
  span->batch = batch;
  span->end = count;
  add_span(it->second, std::move(span), rejects);
}

// Begins the way of records [begin, end) of a batch; `rejects` are those of the whole batch.
void Worker::add_span(Stream& stream, std::shared_ptr<Span> span, const Rejects& rejects) {
  const RecordBatch& batch = *span->batch;
  span->stream = stream.id;
  span->last = batch.position(span->end - 1);
  stream.open.push_back(span);
  recount(span, rejects);
  if (span->with_rows > 0) add_to_block(span);
  if (span->unsettled == 0) counters_.filtered += stream.advance();
}

// What has become of the span's records now that its batch was decoded, for the first time or
// again; `rejects` are those of the whole batch.
void Worker::recount(const std::shared_ptr<Span>& span, const Rejects& rejects) {
  const RecordBatch& batch = *span->batch;
  const int64_t with_rows = batch.records_with_rows(span->begin, span->end);
  const int64_t excluded = batch.excluded_count(span->begin, span->end);
  span->filtered = span->end - span->begin - with_rows - excluded;
  span->unsettled += with_rows - std::exchange(span->with_rows, with_rows);
  for (const auto& [record, why] : rejects) {
    if (!span->has(record)) continue;
    ++span->unsettled;
    refuse(span, record, why);
  }
}

// Rows and refused records of one batch. The records stay; the format's rows may point into them.
Rejects Worker::decode(RecordBatch& batch) {
  Rejects rejects;
  if (decoder_) rejects = decode_records(pipe_.format->component(), decoder_, *format_env_, batch);
  batch.join(*binding_);
  batch.decoded_ms = monotonic_ms();
  pipe_.rejects.count(batch.decoded_ms, batch.record_count(), static_cast<int64_t>(rejects.size()),
                      rejects.empty() ? "" : rejects.back().second.text);
  return rejects;
}

void Worker::add_to_block(const std::shared_ptr<Span>& span) {
  if (span->range != 0) return streams_.at(span->stream).find_range(span->range)->block->add(span);
  if (!open_) {
    open_ = std::make_unique<Block>();
    open_->born_ms = monotonic_ms();
  }
  open_->add(span);
  if (any_stream([](const Stream& s) { return s.start_pending; })) return;
  if (open_->rows >= config_.block.rows_max || open_->bytes >= block_bytes_max()) seal();
}

int64_t Worker::block_bytes_max() const {
  return std::min(config_.block.bytes_max, config_.block_memory_bytes());
}

void Worker::refuse(const std::shared_ptr<Span>& span, uint32_t record, const Rejection& why) {
  if (!errors_) {
    throw StopPipe(kExitConfig,
                   "a record was refused and `errors = false`: " + span->batch->position(record) +
                       ": " + why.text + " (" + why.code + ")");
  }
  refuse(Refused{span, record, why});
}

// With its range, or with all others.
void Worker::refuse(Refused refused) {
  const auto it = streams_.find(refused.span->stream);
  if (refused.span->range == 0) return errors_->add(stream_name(refused.span->stream), refused);
  if (it == streams_.end()) return;
  Range* range = it->second.find_range(refused.span->range);
  if (!range) return;
  range->refused_bytes += static_cast<int64_t>(refused.head.size());
  range->refused.push_back(std::move(refused));
}

void Worker::on_reject(uint64_t id, std::string_view position, const Rejection& why,
                       std::string_view head, uint64_t size) {
  const auto it = streams_.find(id);
  if (it == streams_.end() || it->second.ending) return;
  counters_.bytes_in += static_cast<int64_t>(size);
  if (!errors_) {
    throw StopPipe(kExitConfig, "a record was refused and `errors = false`: " + it->second.name +
                                    " at " + std::string(position) + ": " + why.text + " (" +
                                    why.code + ")");
  }
  pipe_.rejects.count(monotonic_ms(), 1, 1, why.text);
  auto span = std::make_shared<Span>();
  span->stream = id;
  span->last = position;
  span->unsettled = 1;
  if (exactly_once() && !put_in_range(it->second, *span, position)) return;
  ++counters_.in;
  it->second.open.push_back(span);
  refuse(Refused{span, 0, why, std::string(head), size});
  if (exactly_once()) complete_replays_up_to(it->second, position);
}

void Worker::on_reached(uint64_t id, std::string_view position) {
  const auto it = streams_.find(id);
  if (it == streams_.end() || it->second.ending) return;
  Stream& stream = it->second;
  if (exactly_once()) complete_replays_up_to(stream, position);
  stream.reach(position);
  commit_now_ |= stream.start_pending;
  counters_.filtered += stream.advance();
}

void Worker::on_ended(uint64_t id) {
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  it->second.ending = true;
  complete_replays(it->second, nullptr);
}

void Worker::on_revoking(uint64_t id, uint32_t deadline_ms) {
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  log_.info("stream is revoked", {{"stream", it->second.name}});
  it->second.ending = true;
  counters_.dropped += it->second.forget_replays();
  it->second.deadline_ms =
      monotonic_ms() + std::min<int64_t>(deadline_ms, config_.drain_timeout_ms);
  seal_now_ = true;
}

void Worker::on_lost(uint64_t id) {
  const auto it = streams_.find(id);
  if (it == streams_.end()) return;
  log_.warning("stream is lost: what was read of it and is not written comes again elsewhere",
               {{"stream", it->second.name}});
  drop(it->second);
  streams_.erase(it);
  lost_.push_back(id);
}

// Waiting for a fuller block would be in vain.
bool Worker::nothing_more_comes() const {
  return stopping_ || spent_ || !any_stream([](const Stream& s) { return !s.ending; });
}

void Worker::seal_when_due() {
  if (exactly_once()) return seal_ranges_when_due();
  if (!open_ || any_stream([](const Stream& s) { return s.start_pending; })) return;
  const bool old = monotonic_ms() - open_->born_ms >= config_.block.wait_max_ms;
  const bool large = open_->rows >= config_.block.rows_max || open_->bytes >= block_bytes_max();
  const bool no_room = budget_.exhausted() && writers_->in_flight() == 0;
  if (old || large || no_room || seal_now_ || nothing_more_comes()) seal();
}

void Worker::seal() {
  auto block = std::exchange(open_, nullptr);
  seal_now_ = false;
  if (block->shares.empty()) return;
  block->seal(tokens_.next());
  put_block(std::move(block));
}

void Worker::put_block(std::unique_ptr<Block> block) {
  if (suspended_) {
    unwritten_.push_back(std::move(block));
  } else {
    writers_->put(std::move(block));
  }
}

std::string_view Worker::stream_name(uint64_t id) const {
  const auto it = streams_.find(id);
  return it == streams_.end() ? std::string_view() : std::string_view(it->second.name);
}

}  // namespace cphost::host
