// SPDX-License-Identifier: Apache-2.0
#include "host/replay/target_writer.hpp"

#include <utility>

#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {

TargetWriter::TargetWriter(const PipeConfig& config, Log log)
    : config_(config),
      log_(std::move(log)),
      source_(config.source, log_),
      target_(std::make_shared<Target>(config.sink, config.delivery, log_)),
      budget_(config.batch_memory_bytes(), memory_) {
  const int32_t status = source_.component().source.schema(source_.get(), records_.out());
  if (status < 0)
    throw StopPipe::because(source_.component().name, source_.env().take_failure(status));
  if (config.format) format_.emplace(*config.format, log_);
  target_schema_ = describe();
  binding_ = std::make_unique<Binding>(config_, *records_.get(),
                                       target_schema_ ? target_schema_->get() : nullptr);
  open_decoder();
  const Writers::Settings settings{
      1, 0, 1, config_.retry_min_ms, config_.retry_max_ms, config_.dedup_window_ms};
  writers_ = std::make_unique<Writers>(settings, target_->component(), target_->object(), target_,
                                       binding_->columns_schema(), log_, retries_, [this] {
                                         const std::lock_guard lock(mutex_);
                                         done_ = true;
                                         written_.notify_all();
                                       });
}

TargetWriter::~TargetWriter() {
  writers_.reset();
  if (decoder_) format_->component().format.close(decoder_);
}

Target::Schema TargetWriter::describe() {
  Target::Schema schema;
  Failure failure;
  const int32_t status = target_->describe(schema, failure);
  const std::string who = target_->component().name;
  if (status == CPHOST_AGAIN) throw StopPipe(kExitConfig, who + ": the target does not exist");
  if (status == CPHOST_RETRY || status == CPHOST_REOPEN)
    throw StopPipe(kExitUnreachable, who + ": " + failure.text + " (" + failure.code + ")");
  if (status < 0) throw StopPipe::because(who, failure);
  return schema;
}

void TargetWriter::open_decoder() {
  UniqueSchema rows;
  if (format_) {
    const Component& format = format_->component();
    format_env_.emplace(format, log_, 0, 1);
    const int32_t status =
        format.format.open(format_->get(), format_env_->raw(), &binding_->records_schema(),
                           binding_->value_column(), binding_->wanted(), rows.out(), &decoder_);
    if (status < 0) throw StopPipe::because(format.name, format_env_->take_failure(status));
  }
  binding_->complete(std::move(rows));
}

std::shared_ptr<RecordBatch> TargetWriter::decode(UniqueArray records, Rejects& rejects) {
  ArrowArray moved = records.move_out();
  auto batch = std::make_shared<RecordBatch>(*binding_, &moved, budget_);
  if (decoder_) rejects = decode_records(format_->component(), decoder_, *format_env_, *batch);
  batch->join(*binding_);
  return batch;
}

void TargetWriter::write(const std::shared_ptr<RecordBatch>& batch, std::string token,
                         Rejects& rejects) {
  auto span = std::make_shared<Span>();
  span->batch = batch;
  span->end = batch->record_count();
  span->with_rows = batch->records_with_rows(0, span->end);
  if (span->with_rows == 0) return;
  auto block = std::make_unique<Block>();
  block->add(span);
  block->seal(std::move(token));
  done_ = false;
  writers_->put(std::move(block));
  {
    std::unique_lock lock(mutex_);
    written_.wait(lock, [this] { return done_; });
  }
  block = writers_->take();
  for (const Block::Refusal& refusal : block->refusals)
    rejects.emplace_back(refusal.record, *refusal.why);
  if (block->status == CPHOST_OK) return;
  throw StopPipe::because(target_->component().name, block->failure);
}

}  // namespace cphost::host
