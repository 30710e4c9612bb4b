// SPDX-License-Identifier: Apache-2.0
// What the writers of a worker tell: settled blocks move watermarks; a target that went away or
// changed suspends the worker until it is back.
#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "host/pipe/recipe.hpp"
#include "host/pipe/schema_text.hpp"
#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {

void Worker::take_results() {
  while (auto block = writers_->take()) {
    const bool written = block->inserts > 0;
    settle(*block);
    if (block->range != 0 && block->status == CPHOST_OK) rows_are_written(*block);
    const int32_t status = block->status;
    if (status == CPHOST_OK) {
      if (suspended_ || !written) continue;
      target_outage_.recovered();
      target_backoff_.reset();
      continue;
    }
    if (status == CPHOST_REJECT) {
      refused_unnamed(std::move(block));
      continue;
    }
    const bool away = status == CPHOST_REOPEN || (status == CPHOST_CONFIG && counters_.blocks > 0);
    if (!away && status != CPHOST_AGAIN)
      throw StopPipe::because(pipe_.target->component().name, block->failure);
    if (away) ++counters_.retries;
    if (away && !suspended_) suspend(block->failure);
    unwritten_.push_back(std::move(block));
  }
  if (!errors_) return;
  for (const Block::Share& share : errors_->take_settled()) settle_share(share, counters_.rejected);
  advance_all();
}

// Counts what has become of a block: all of it, or what was written before it came back.
void Worker::settle(Block& block) {
  route_refusals(block);
  counters_.blocks += std::exchange(block.inserts, 0);
  const int64_t rows = std::exchange(block.rows_written, 0);
  counters_.rows += rows;
  if (block.status == CPHOST_OK) {
    for (const Block::Share& share : block.shares) settle_share(share, counters_.inserted);
  } else if (rows > 0) {
    settle_written(block);
  }
  advance_all();
}

// Of a block that was halved and came back in between: the records whose rows are written are
// settled, and will be in no block again.
void Worker::settle_written(Block& block) {
  std::map<const RecordBatch*, std::vector<bool>> left;  // records whose rows are not written
  for (const BlockPiece& piece : block.pieces) {
    for (const BlockPart& part : piece.parts) {
      std::vector<bool>& records = left[part.batch.get()];
      records.resize(static_cast<size_t>(part.batch->record_count()));
      for (int64_t row = part.begin; row < part.begin + part.count; ++row) {
        records[static_cast<size_t>(part.batch->record_of(row))] = true;
      }
    }
  }
  for (Block::Share& share : block.shares) {
    Span& span = *share.span;
    RecordBatch& batch = *span.batch;
    const std::vector<bool>& records = left[&batch];
    int64_t written = 0;
    for (int64_t record = span.begin; record < span.end; ++record) {
      const bool waits = !records.empty() && records[static_cast<size_t>(record)];
      if (waits || batch.first_row(record) == batch.first_row(record + 1)) continue;
      written += batch.exclude(record);
    }
    share.records -= written;
    span.with_rows -= written;
    settle_share({share.span, written}, counters_.inserted);
  }
}

// Records that the sink refused leave the block for the error table; their spans wait for that
// instead.
void Worker::route_refusals(Block& block) {
  if (block.refusals.empty()) return;
  std::unordered_map<const Span*, Block::Share*> shares;
  for (Block::Share& share : block.shares) shares.emplace(share.span.get(), &share);
  for (const Block::Refusal& refusal : std::exchange(block.refusals, {})) {
    if (!refusal.batch->exclude(refusal.record)) continue;
    pipe_.rejects.count(refusal.batch->decoded_ms, 0, 1, refusal.why->text);
    Block::Share& share = *shares.at(refusal.span);
    --share.records;
    --share.span->with_rows;
    if (!share.span->dropped) refuse(share.span, refusal.record, *refusal.why);
  }
}

void Worker::settle_share(const Block::Share& share, std::atomic<int64_t>& counter) {
  if (share.span->dropped) return;
  share.span->unsettled -= share.records;
  counter += share.records;
}

void Worker::advance_all() {
  for (auto& [id, stream] : streams_) counters_.filtered += stream.advance();
}

// Binds decoder and columns to a target. Throws BindingError or StopPipe; the worker is as it was
// then.
void Worker::bind(const Target::Schema& target) {
  auto binding =
      std::make_unique<Binding>(config_, pipe_.records_schema, target ? target->get() : nullptr);
  UniqueSchema format_schema;
  const auto close = [this](void* decoder) { pipe_.format->component().format.close(decoder); };
  std::unique_ptr<void, decltype(close)> decoder(nullptr, close);  // ends before the binding
  if (pipe_.format) {
    const Component& format = pipe_.format->component();
    void* opened = nullptr;
    const int32_t status = format.format.open(pipe_.format->get(), format_env_->raw(),
                                              &binding->records_schema(), binding->value_column(),
                                              binding->wanted(), format_schema.out(), &opened);
    if (status < 0) throw StopPipe::because(format.name, format_env_->take_failure(status));
    decoder.reset(opened);
  }
  binding->complete(std::move(format_schema));
  if (decoder_) close(decoder_);
  decoder_ = decoder.release();
  writers_.reset();
  binding_ = std::move(binding);
  target_schema_ = target;
  recipe_ = recipe_of(config_, *binding_);
  start_writers();
}

void Worker::start_writers() {
  writers_.reset();
  const Writers::Settings settings = {config_.writers,      index_,
                                      config_.workers,      config_.retry_min_ms,
                                      config_.retry_max_ms, config_.dedup_window_ms};
  writers_ = std::make_unique<Writers>(settings, pipe_.target->component(), pipe_.target->object(),
                                       pipe_.target, binding_->columns_schema(), pipe_.log,
                                       counters_.retries, [this] { interrupt(); });
}

// The target went away or changed: nothing is written until it is described again. All blocks come
// back first.
void Worker::suspend(const Failure& why) {
  suspended_ = true;
  target_outage_.failed(why);
  writers_->begin_stop();
  resume_not_before_ms_ = monotonic_ms() + target_backoff_.next_ms();
}

// A step of the way back; none of them waits.
void Worker::try_resume() {
  if (!(exactly_once() ? writers_->drained() : writers_->ended())) return;
  take_results();
  if (auto answer = question_.take()) return resume(std::move(*answer));
  if (question_.under_way() || monotonic_ms() < resume_not_before_ms_) return;
  question_.ask([](Target& target) {
    TargetQuestion::Answer answer{
        CPHOST_OK, {CPHOST_AGAIN, "NO_TARGET", "the target does not exist any more"}, nullptr};
    answer.status = target.describe(answer.schema, answer.failure);
    return answer;
  });
}

// That the outage is over is known only when a block was written: a target may be described and
// still take no rows.
void Worker::resume(TargetQuestion::Answer answer) {
  if (answer.status == CPHOST_HALT)
    throw StopPipe::because(pipe_.target->component().name, answer.failure);
  if (answer.status != CPHOST_OK || !rebind(answer.schema, answer.failure)) {
    ++counters_.retries;
    target_outage_.failed(answer.failure);
    resume_not_before_ms_ = monotonic_ms() + target_backoff_.next_ms();
    return;
  }
  suspended_ = false;
  for (auto& block : std::exchange(unwritten_, {})) writers_->put(std::move(block));
}

// Starts the writers again, for a target that may have changed. False when the user must mend the
// target (or the pipe) before anything can be written.
bool Worker::rebind(const Target::Schema& schema, Failure& failure) {
  const bool same = (!schema && !target_schema_) ||
                    (schema && target_schema_ &&
                     schema_text(*schema->get()) == schema_text(*target_schema_->get()));
  if (same) {
    start_writers();
    return true;
  }
  try {
    bind(schema);
  } catch (const BindingError& error) {
    failure = {CPHOST_CONFIG, "BINDING", error.what()};
    return false;
  } catch (const StopPipe& stop) {
    if (!stop.can_wait()) throw;
    failure = {CPHOST_CONFIG, "BINDING", stop.what()};
    return false;
  }
  log_.info("the target has changed: what was not written is decoded again");
  decode_again();
  return true;
}

// Makes blocks anew, for the present binding, of all records whose rows wait. Records that were
// refused or written stay so.
void Worker::decode_again() {
  if (exactly_once()) return decode_ranges_again();
  if (open_) unwritten_.push_back(std::move(open_));
  std::vector<std::shared_ptr<Span>> spans;
  for (auto& block : std::exchange(unwritten_, {})) {
    for (const Block::Share& share : block->shares) {
      if (!share.span->dropped) spans.push_back(share.span);
    }
  }
  for (const auto& span : spans) {
    RecordBatch& batch = *span->batch;
    batch.forget_rows();
    recount(span, decode(batch));
    if (span->with_rows > 0) add_to_block(span);
  }
  advance_all();
}

}  // namespace cphost::host
