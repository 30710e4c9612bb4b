// SPDX-License-Identifier: Apache-2.0
// Watermarks back to the source (or into the journal), always from the worker's own thread and only
// for streams that it holds.
#include <algorithm>

#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {

bool Worker::commit_due() const {
  const int64_t now = monotonic_ms();
  if (now < commit_not_before_ms_) return false;
  return commit_now_ || ((stopping_ || spent_) && idle()) ||
         now - last_commit_ms_ >= config_.commit_interval_ms;
}

void Worker::commit() {
  last_commit_ms_ = monotonic_ms();
  std::vector<Stream*> streams;
  for (auto& [id, stream] : streams_) {
    if (!stream.has_news()) continue;
    if (exactly_once()) stream.note = note_text(stream.pending(recipe_));
    streams.push_back(&stream);
  }
  commit_now_ = false;
  if (streams.empty() || !reader_) return;
  Failure failure;
  const bool all =
      journal_ ? commit_to_journal(streams, failure) : commit_to_source(streams, failure);
  if (exactly_once()) send_noted();
  if (all) {
    commit_outage_.recovered();
    commit_backoff_.reset();
    // A reader that fails again and again may well read a little in between.
    if (!spent_ && monotonic_ms() - reader_opened_ms_ >= config_.retry_max_ms) {
      reopen_outage_.recovered();
      reopen_backoff_.reset();
    }
    return;
  }
  // The next commit takes along what this one could not.
  commit_now_ = true;
  commit_not_before_ms_ = monotonic_ms() + commit_backoff_.next_ms();
  commit_outage_.failed(failure);
  ++counters_.retries;
  if (failure.status == CPHOST_REOPEN) retire_reader(failure, false);
}

// True when all of it is durable. Throws StopPipe when trying again would be in vain; a user who
// takes away a right while the pipe runs can give it back, so that is no reason once data flows.
bool Worker::commit_to_source(const std::vector<Stream*>& streams, Failure& failure) {
  std::vector<cphost_commit> items;
  items.reserve(streams.size());
  for (const Stream* stream : streams) {
    items.push_back({stream->id,
                     {stream->watermark.data(), stream->watermark.size()},
                     {stream->note.data(), stream->note.size()},
                     CPHOST_AGAIN,
                     0});
  }
  const int32_t status =
      source_.source.commit(reader_, items.data(), static_cast<uint32_t>(items.size()));
  size_t durable = 0;
  for (size_t i = 0; i < items.size(); ++i) {
    if (items[i].status != CPHOST_OK) continue;
    streams[i]->mark_committed();
    ++durable;
  }
  counters_.commits += durable > 0;
  if (status < 0) {
    failure = source_env_.take_failure(status);
    const bool outage = status == CPHOST_RETRY || status == CPHOST_REOPEN;
    if (!outage && !(status == CPHOST_CONFIG && counters_.blocks > 0))
      throw StopPipe::because(source_.name, failure);
    return false;
  }
  if (durable == items.size()) return true;
  failure = {CPHOST_RETRY, "NOT_COMMITTED",
             "the source could not commit " + std::to_string(items.size() - durable) + " of " +
                 std::to_string(items.size()) + " streams"};
  return false;
}

bool Worker::commit_to_journal(const std::vector<Stream*>& streams, Failure& failure) {
  std::vector<Journal::Update> updates;
  updates.reserve(streams.size());
  for (const Stream* stream : streams)
    updates.push_back({stream->name, stream->watermark, stream->note});
  try {
    journal_->commit(updates);
  } catch (const std::exception& error) {
    failure = {CPHOST_RETRY, "JOURNAL", error.what()};
    return false;
  }
  for (Stream* stream : streams) stream->mark_committed();
  ++counters_.commits;
  return true;
}

// Lets go of streams that end or are revoked, once all of them is settled and committed or their
// time is up.
void Worker::release_finished() {
  if (!reader_ || spent_) return;
  const int64_t now = monotonic_ms();
  std::vector<uint64_t> ready;
  bool due = false;
  for (auto& [id, stream] : streams_) {
    if (!stream.ending || !(stream.settled() || stream.overdue(now))) continue;
    ready.push_back(id);
    due |= stream.has_news() && (stream.overdue(now) || now >= commit_not_before_ms_);
  }
  if (due) commit();
  if (spent_) return;  // as the commit found
  for (const uint64_t id : ready) {
    Stream& stream = streams_.at(id);
    if (stream.has_news() && !stream.overdue(now)) continue;  // not committed: try again
    drop(stream);
    source_.source.release(reader_, id);
    streams_.erase(id);
  }
}

// What is still open of a stream that goes away comes again elsewhere; it counts as dropped,
// whatever becomes of rows in flight.
void Worker::drop(Stream& stream) {
  for (const auto& span : stream.open) {
    counters_.dropped += span->unsettled + span->filtered;
    span->dropped = true;
    span->unsettled = 0;
  }
  if (open_) open_->remove_stream(stream.id);
  stream.open.clear();
}

void Worker::update_lag() {
  if (!reader_) return;
  const int64_t lag = source_.source.lag(reader_);
  if (lag < 0) return;
  int64_t unknown = -1;
  counters_.lag.compare_exchange_strong(unknown, 0);
  counters_.lag += lag - lag_;
  lag_ = lag;
}

}  // namespace cphost::host
