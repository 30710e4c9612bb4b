// SPDX-License-Identifier: Apache-2.0
// The life and the loop of a worker.
#include "host/pipe/worker.hpp"

#include <algorithm>
#include <utility>

#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {

Worker::Worker(PipeContext& pipe, uint32_t index)
    : pipe_(pipe),
      config_(pipe.config),
      counters_(pipe.counters),
      index_(index),
      log_(pipe.log.with("worker", std::to_string(index))),
      source_(pipe.source.component()),
      source_env_(source_, pipe.log, index, config_.workers),
      budget_(config_.batch_memory_bytes(), counters_.memory),
      tokens_(config_.name, index),
      source_outage_(log_, "reading"),
      source_backoff_(config_.retry_min_ms, config_.retry_max_ms),
      reopen_outage_(log_, "reading with one reader for long"),
      reopen_backoff_(config_.retry_min_ms, config_.retry_max_ms),
      seek_outage_(log_, "seeking"),
      seek_backoff_(config_.retry_min_ms, config_.retry_max_ms),
      commit_outage_(log_, "committing"),
      commit_backoff_(config_.retry_min_ms, config_.retry_max_ms),
      target_outage_(log_, "reopening the target"),
      target_backoff_(config_.retry_min_ms, config_.retry_max_ms),
      question_(pipe.target, [this] { interrupt(); }) {
  source_env_.set_memory(config_.read_ahead_bytes());
  if (pipe_.format)
    format_env_.emplace(pipe_.format->component(), pipe.log, index, config_.workers);
  events_ = make_events();
}

Worker::~Worker() {
  writers_.reset();
  errors_.reset();
  open_.reset();
  unwritten_.clear();
  streams_.clear();
  if (decoder_) pipe_.format->component().format.close(decoder_);
  close_reader();
}

void Worker::run() {
  start_deadline_ms_ = monotonic_ms() + config_.start_timeout_ms;
  if (pipe_.errors) {
    errors_ = std::make_unique<ErrorTable>(config_, pipe_.records_schema, pipe_.errors, index_,
                                           pipe_.log, counters_, budget_, [this] { interrupt(); });
  }
  bind(pipe_.target_schema);
  try {
    while (!finished()) step();
    finish();
  } catch (...) {
    settle_what_is_written();
    throw;
  }
}

void Worker::interrupt() {
  const std::lock_guard lock(wake_mutex_);
  woken_ = true;
  wake_.notify_one();
  if (reader_) source_.source.interrupt(reader_);
}

// What is due goes before the poll, which waits.
void Worker::step() {
  if ((pipe_.stop_requests > 0 || pipe_.rejects.tripped()) && !stopping_) begin_stop();
  take_results();
  if (exactly_once()) send_noted();
  if (suspended_) try_resume();
  seal_when_due();
  if (errors_) {
    errors_->flush_when_due(nothing_more_comes() || budget_.exhausted() ||
                            any_stream([](const Stream& s) { return s.deadline_ms >= 0; }));
  }
  if (commit_due()) {
    commit();
    update_lag();
  }
  if (spent_ && reader_settled()) reopen_reader();
  release_finished();
  if (finished()) return;
  if (spent_) {
    rest();
  } else if (reader_) {
    poll(must_hold());
    answer_source();
  } else {
    try_open_reader();
  }
}

void Worker::begin_stop() {
  stopping_ = true;
  stop_deadline_ms_ = monotonic_ms() + config_.drain_timeout_ms;
  log_.info("stopping: no more records are read, what was read is written");
}

// Nothing that was read waits to be written.
bool Worker::idle() const {
  return !open_ && unwritten_.empty() && writers_->in_flight() == 0 &&
         (!errors_ || errors_->idle()) && !any_stream([](const Stream& s) { return s.has_work(); });
}

bool Worker::finished() const {
  if (pipe_.halted) return true;
  if (!stopping_) return source_done_ && streams_.empty() && idle();
  if (pipe_.stop_requests > 1 || monotonic_ms() >= stop_deadline_ms_) return true;
  return idle() && !any_stream([](const Stream& s) { return s.has_news(); });
}

// The last commits, then the source may let go of its streams. A commit goes before the writers are
// stopped too, because a sink may let us wait for that.
void Worker::finish() {
  take_results();
  commit();
  writers_->stop();
  take_results();
  if (any_stream([](const Stream& s) { return s.has_news(); })) commit();
  for (auto& [id, stream] : streams_) {
    drop(stream);
    if (reader_) source_.source.release(reader_, id);
  }
  streams_.clear();
  close_reader();
}

// After a failure that stops the pipe: what is written by now is committed, as far as that goes, so
// that a restart does not write it again.
void Worker::settle_what_is_written() noexcept {
  try {
    thrown_ = nullptr;
    if (!writers_) return;
    writers_->stop();
    take_results();
  } catch (const std::exception& error) {
    log_.debug(std::string("while stopping: ") + error.what());
  }
  try {
    commit();
  } catch (const std::exception& error) {
    log_.debug(std::string("while stopping: ") + error.what());
  }
}

}  // namespace cphost::host
