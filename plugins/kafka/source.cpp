// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <cphost/memory.h>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <utility>

#include "commit.hpp"
#include "config.hpp"
#include "out_of_range.hpp"
#include "positions.hpp"
#include "start.hpp"

namespace kafka {
namespace {

using std::chrono::milliseconds;

// How often the group's positions are compared with the ends of a bounded run.
constexpr milliseconds kEndCheckInterval{200};
// A bounded run that has nothing to do for so long says what it waits for, and so often.
constexpr std::chrono::minutes kAwaitedInterval{1};

struct MemoryShares {
  int64_t fetch;  // records fetched ahead
  size_t pool;    // batches that wait for their next use
};

MemoryShares share_memory(const Options& options, const cphost::Env& env) {
  auto fetch = static_cast<int64_t>(options.fetch_queue.value);
  const auto* memory = env.extension<cphost_memory>(CPHOST_MEMORY_EXTENSION);
  if (memory) fetch = std::min(fetch, memory->bytes / 2);
  return {fetch, static_cast<size_t>(fetch)};
}

ReadingPlan checked_plan(const Options& options, const cphost::Env& env) {
  check_topics(options.topics);
  return make_reading_plan(options, env.unix_ns() / 1'000'000);
}

}  // namespace

Reader::Shared::Shared(Options parsed, cphost::Env given)
    : options(std::move(parsed)), env(given), plan(checked_plan(options, env)) {
  make_config(options, static_cast<int64_t>(options.fetch_queue.value));
}

Reader::Reader(Shared& shared, cphost::Env env)
    : shared_(shared),
      is_sample_(env.sampling()),
      client_(make_config(shared.options, share_memory(shared.options, env).fetch, env.worker()),
              shared.options, env, wakeup_),
      fetcher_(client_, shared.options.headers, share_memory(shared.options, env).pool),
      membership_(client_, streams_, fetcher_, shared.plan.is_bounded ? &shared.ends : nullptr) {
  const TopicSizes topics = find_topics(client_, shared.options.topics);
  if (topics.empty()) on_no_topic();
  if (shared.plan.is_bounded) shared.ends.note(client_, topics, shared.plan);
  if (is_sample_) {
    membership_.take_all(topics);
  } else {
    shared.inventory.note(client_, topics);
    membership_.join();
  }
}

void Reader::Shared::list_positions(std::string_view to, cphost::KeptStreams& out) {
  Wakeup wakeup;
  Client client(make_config(options, 1 << 20), options, env, wakeup);
  kafka::list_positions(client, to, env.unix_ns() / 1'000'000, out);
}

void Reader::Shared::set_positions(std::span<const cphost_position_change> changes) {
  Wakeup wakeup;
  Client client(make_config(options, 1 << 20), options, env, wakeup);
  kafka::set_positions(client, changes);
}

// Only patterns may match nothing.
void Reader::on_no_topic() const {
  std::string patterns;
  for (const auto& topic : shared_.options.topics) {
    patterns += (patterns.empty() ? "\"" : ", \"") + topic + "\"";
  }
  const std::string text = "topics = [" + patterns + "]: no topic matches";
  if (shared_.plan.is_bounded) throw cphost::Error(cphost::config, "TOPIC_MISSING", text);
  client_.env().warn(text + " yet");
}

cphost::Status Reader::poll(const cphost::Limits& limits, cphost::Events& out) {
  const auto deadline = Wakeup::Clock::now() + milliseconds(limits.timeout_ms);
  while (true) {
    if (wakeup_.take_interrupt()) return cphost::again;
    bool told = membership_.serve(out);
    told |= begin_reading(out);
    told |= fetcher_.fetch(limits, out);
    stall_watch_.look(client_, streams_);
    if (told) {
      next_awaited_log_ = {};
      return cphost::ok;
    }
    if (is_over()) return cphost::done;
    const auto until = wait_limit(deadline);
    if (!wakeup_.wait_until(until) && until == deadline) return cphost::again;
  }
}

// `deadline`, or what is due before.
Wakeup::Clock::time_point Reader::wait_limit(Wakeup::Clock::time_point deadline) const {
  const auto now = Wakeup::Clock::now();
  if (next_end_check_ > now) deadline = std::min(deadline, next_end_check_);
  const auto wake = fetcher_.next_wake();
  return wake > now ? std::min(deadline, wake) : deadline;
}

// Streams whose start is known by now begin; those of a bounded run that are past their end already
// are over.
bool Reader::begin_reading(cphost::Events& out) {
  bool told = leave_lost_offsets(client_, streams_, !is_sample_,
                                 shared_.plan.is_bounded ? &shared_.ends : nullptr, out);
  told |= resolve_starts(client_, streams_, shared_.plan, is_sample_ ? nullptr : &shared_.inventory,
                         out);
  bool any = false;
  for (const auto& stream : streams_) {
    if (stream->state != Stream::State::kReady) continue;
    any = true;
    // Beyond the end the broker is to say whether there is such an offset.
    if (stream->end == kNoOffset || stream->next != stream->end) continue;
    fetcher_.finish(*stream, out);
    told = true;
  }
  if (any) fetcher_.assign(streams_);
  return told;
}

void Reader::seek(uint64_t id, std::string_view after) {
  Stream* const stream = streams_.find(id);
  // It may have been revoked since it was assigned.
  if (!stream || stream->state != Stream::State::kAssigned) return;
  if (stream->committed != kNoOffset) {
    shared_.inventory.saw_position(stream->topic, stream->partition);
  }
  if (after.empty()) {
    // A committed 0 has no position before it; it is a start that was resolved, and must not be
    // resolved again.
    stream->state = stream->committed == 0 ? Stream::State::kReady : Stream::State::kSought;
    stream->next = 0;
    return;
  }
  stream->next = parse_position(after) + 1;
  stream->state = Stream::State::kReady;
}

cphost::Status Reader::commit(std::span<cphost_commit> items) {
  if (is_sample_) return cphost::unsupported;
  if (items.empty()) return cphost::ok;
  return commit_positions(client_, streams_, items);
}

void Reader::release(uint64_t id) {
  const Stream* const stream = streams_.find(id);
  if (!stream) return;
  fetcher_.drop(*stream);
  streams_.remove(id);
  membership_.on_release();
}

void Reader::pause(uint64_t id, bool on) {
  Stream* const stream = streams_.find(id);
  if (stream && stream->paused != on) fetcher_.pause(*stream, on);
}

int64_t Reader::lag() {
  int64_t records = 0;
  bool is_known = false;
  for (const auto& stream : streams_) {
    if (!stream->delivers()) continue;
    int64_t low = 0;
    int64_t high = stream->end;
    if (high == kNoOffset) {
      rd_kafka_get_watermark_offsets(client_.get(), stream->topic.c_str(), stream->partition, &low,
                                     &high);
    }
    if (high < 0) continue;
    is_known = true;
    records += std::max<int64_t>(0, high - stream->next);
  }
  return is_known || streams_.empty() ? records : -1;
}

template <class Text>
void Reader::log_awaited(Wakeup::Clock::time_point now, Text&& text) {
  const bool is_first = next_awaited_log_ == Wakeup::Clock::time_point{};
  if (!is_first && now < next_awaited_log_) return;
  next_awaited_log_ = now + kAwaitedInterval;
  if (!is_first) client_.env().info("the bounded run waits for " + text());
}

// Asked only when there was nothing else to do.
bool Reader::is_over() {
  if (!shared_.plan.is_bounded) return false;
  if (is_sample_) {
    return std::all_of(streams_.begin(), streams_.end(),
                       [](const auto& stream) { return stream->state == Stream::State::kEnded; });
  }
  const auto now = Wakeup::Clock::now();
  if (!streams_.empty()) log_awaited(now, [this] { return awaited(streams_); });
  if (!membership_.is_settled() || !streams_.empty() || now < next_end_check_) return false;
  next_end_check_ = now + kEndCheckInterval;
  try {
    const std::string left = shared_.ends.awaited(client_);
    if (!left.empty()) log_awaited(now, [&left] { return left; });
    return left.empty();
  } catch (const cphost::Error& error) {
    // No answer: other members rebalance, or the brokers are away. It is asked again.
    if (error.status() == cphost::retry) return false;
    throw;
  }
}

}  // namespace kafka
