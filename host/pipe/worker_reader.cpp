// SPDX-License-Identifier: Apache-2.0
// A worker's reader: opened, polled, held while there is no room, opened again when it is spent.
#include <algorithm>
#include <chrono>
#include <utility>

#include "host/pipe/stop_pipe.hpp"
#include "host/pipe/worker.hpp"

namespace cphost::host {
namespace {

// The longest poll: how late a worker may notice that it is to stop, if nothing wakes it.
constexpr int64_t kPollMs = 100;

// How long the loop rests where it has nothing to poll; a block that is done ends it sooner.
constexpr std::chrono::milliseconds kRest{20};

}  // namespace

void Worker::rest() {
  std::unique_lock lock(wake_mutex_);
  wake_.wait_for(lock, kRest, [this] { return woken_; });
  woken_ = false;
}

std::string Worker::source_place() const {
  const Location& where = config_.source.where;
  return where.file + ":" + std::to_string(where.line) + ": ";
}

// One attempt, when its time has come; the loop comes again.
void Worker::try_open_reader() {
  if (stopping_ || monotonic_ms() < source_not_before_ms_) return rest();
  void* reader = nullptr;
  const int32_t status = source_.source.open(pipe_.source.get(), source_env_.raw(), &reader);
  if (status == CPHOST_OK && reader) {
    {
      const std::lock_guard lock(wake_mutex_);
      reader_ = reader;
    }
    opened_ = true;
    reader_opened_ms_ = monotonic_ms();
    source_done_ = false;
    can_pause_ = source_.has_pause;
    journal_ = source_commits() ? nullptr : &pipe_.journal();
    return;
  }
  const Failure failure = source_env_.take_failure(status);
  const bool outage = status == CPHOST_RETRY || status == CPHOST_REOPEN;
  if (!outage && !(opened_ && status == CPHOST_CONFIG))
    throw StopPipe::because(source_place() + source_.name, failure);
  if (!opened_ && monotonic_ms() >= start_deadline_ms_) {
    throw StopPipe(kExitUnreachable, source_place() + source_.name + " was not reachable for " +
                                         std::to_string(config_.start_timeout_ms / 1000) +
                                         " s (start_timeout): " + failure.text);
  }
  source_outage_.failed(failure);
  ++counters_.retries;
  source_not_before_ms_ = monotonic_ms() + source_backoff_.next_ms();
}

// A source without a commit, or whose commit answers UNSUPPORTED to no items, leaves positions to
// the journal.
bool Worker::source_commits() {
  if (!source_.has_commit) return false;
  const int32_t status = source_.source.commit(reader_, nullptr, 0);
  if (status >= 0) return true;
  const Failure failure = source_env_.take_failure(status);
  if (status == CPHOST_HALT) throw StopPipe::because(source_.name, failure);
  return status != CPHOST_UNSUPPORTED;
}

void Worker::close_reader() {
  void* reader = nullptr;
  {
    const std::lock_guard lock(wake_mutex_);
    reader = std::exchange(reader_, nullptr);
  }
  if (reader) source_.source.close(reader);
}

// The reader is spent. Before it is closed, what it read is written and committed, as far as that
// goes in the time of a drain: else the next one reads it again, and streams that have no part in
// the failure never get on. In vain when it is the commit that failed.
void Worker::retire_reader(const Failure& why, bool can_commit) {
  if (!spent_) {
    reopen_outage_.failed(why);
    ++counters_.retries;
    spent_deadline_ms_ = monotonic_ms() + config_.drain_timeout_ms;
  }
  spent_ = true;
  if (!can_commit) spent_deadline_ms_ = 0;
  seeks_.clear();
}

bool Worker::reader_settled() const {
  const int64_t now = monotonic_ms();
  if (now >= spent_deadline_ms_) return true;
  if (any_stream([](const Stream& s) { return s.overdue(monotonic_ms()); })) return true;
  return idle() && !any_stream([](const Stream& s) { return s.has_news(); });
}

// What it read and is not committed comes again from the next one.
void Worker::reopen_reader() {
  for (auto& [id, stream] : streams_) drop(stream);
  streams_.clear();
  lost_.clear();
  close_reader();
  spent_ = false;
  source_not_before_ms_ = monotonic_ms() + reopen_backoff_.next_ms();
}

// Reading waits while the budget is spent, while blocks queue up behind a slow sink (more of them
// would only take memory), while a start is not committed, and while the pipe stops or its target
// is away.
bool Worker::must_hold() {
  if (stopping_ || suspended_) return true;
  if (budget_.exhausted() && !only_replays_wait()) return true;
  if (errors_ && errors_->congested()) return true;
  if (writers_->in_flight() > config_.writers) return true;
  return any_stream([](const Stream& s) { return s.start_pending; });
}

void Worker::poll(bool hold) {
  if (monotonic_ms() < source_not_before_ms_) return rest();
  if (source_done_) {  // asked only because it still holds streams, and so not without a rest
    rest();
    if (streams_.empty()) return;
  }
  if (can_pause_) hold_streams(hold);
  if (hold && !can_pause_) return rest();
  const int64_t least = std::min<int64_t>(1 << 16, config_.poll_bytes_max);
  const int64_t bytes = std::clamp(budget_.left(), least, config_.poll_bytes_max);
  const int32_t status =
      source_.source.poll(reader_, static_cast<uint32_t>(config_.poll_records_max),
                          static_cast<uint64_t>(bytes), poll_timeout_ms(), &events_);
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
  if (status < 0) return take_poll_failure(status);
  source_outage_.recovered();
  source_backoff_.reset();
  if (status != CPHOST_DONE) return;
  source_done_ = true;
  for (auto& [id, stream] : streams_) {
    stream.ending = true;
    complete_replays(stream, nullptr);
  }
}

void Worker::take_poll_failure(int32_t status) {
  const Failure failure = source_env_.take_failure(status);
  if (status == CPHOST_RETRY) {
    source_outage_.failed(failure);
    ++counters_.retries;
    source_not_before_ms_ = monotonic_ms() + source_backoff_.next_ms();
    return;
  }
  const bool reopen = status == CPHOST_REOPEN || (status == CPHOST_CONFIG && counters_.blocks > 0);
  if (!reopen) throw StopPipe::because(source_place() + source_.name, failure);
  retire_reader(failure);
}

// Until the next thing that is due, so that an idle worker sleeps.
uint32_t Worker::poll_timeout_ms() const {
  const int64_t now = monotonic_ms();
  const int64_t commit_ms =
      std::max(last_commit_ms_ + config_.commit_interval_ms, commit_not_before_ms_);
  int64_t until = std::min(now + kPollMs, commit_ms);
  if (open_) until = std::min(until, open_->born_ms + config_.block.wait_max_ms);
  for (const auto& [id, stream] : streams_) {
    if (!stream.ranges.empty() && stream.ranges.back()->state == Range::State::kFilling)
      until = std::min(until, stream.ranges.back()->born_ms + config_.block.wait_max_ms);
  }
  return static_cast<uint32_t>(std::clamp<int64_t>(until - now, 1, kPollMs));
}

void Worker::hold_streams(bool hold) {
  for (auto& [id, stream] : streams_) {
    if (stream.paused == hold || stream.ending) continue;
    const int32_t status = source_.source.pause(reader_, id, hold);
    if (status >= 0) {
      stream.paused = hold;
      continue;
    }
    const Failure failure = source_env_.take_failure(status);
    if (status == CPHOST_HALT) throw StopPipe::because(source_.name, failure);
    if (status == CPHOST_UNSUPPORTED) can_pause_ = false;
  }
}

// One line for all streams of a rebalance: a topic may have a thousand.
void Worker::log_assigned(const std::vector<std::string>& names) {
  constexpr size_t kNamesShown = 8;
  std::string list;
  for (size_t i = 0; i < names.size() && i < kNamesShown; ++i) list += (i ? ", " : "") + names[i];
  if (names.size() > kNamesShown) {
    list += " and " + std::to_string(names.size() - kNamesShown) + " more";
  }
  log_.info("streams assigned: " + list, {{"streams", std::to_string(names.size())}});
}

// Seeks and releases that poll's events asked for.
void Worker::answer_source() {
  if (!reader_ || spent_) return;
  if (!assigned_.empty()) log_assigned(std::exchange(assigned_, {}));
  for (const uint64_t id : std::exchange(lost_, {})) source_.source.release(reader_, id);
  if (seeks_.empty() || monotonic_ms() < seek_not_before_ms_) return;
  for (auto& [id, position] : std::exchange(seeks_, {})) {
    if (!is_delivering(id)) continue;
    const int32_t status = source_.source.seek(reader_, id, {position.data(), position.size()});
    if (status >= 0) continue;
    const Failure failure = source_env_.take_failure(status);
    if (status == CPHOST_REOPEN) return retire_reader(failure);
    if (status != CPHOST_RETRY) throw StopPipe::because(source_.name, failure);
    seek_outage_.failed(failure);
    ++counters_.retries;
    seeks_.emplace_back(id, position);
  }
  if (seeks_.empty()) {
    seek_outage_.recovered();
    seek_backoff_.reset();
  } else {
    seek_not_before_ms_ = monotonic_ms() + seek_backoff_.next_ms();
  }
}

bool Worker::is_delivering(uint64_t id) const {
  const auto it = streams_.find(id);
  return it != streams_.end() && !it->second.ending;
}

bool Worker::any_stream(bool (*is)(const Stream&)) const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [is](const auto& stream) { return is(stream.second); });
}

}  // namespace cphost::host
