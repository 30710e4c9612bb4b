// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <charconv>
#include <chrono>
#include <utility>

namespace numbers {

Reader::Reader(Shared& shared, cphost::Env env)
    : options_(shared.options), end_(options_.first + options_.count), batch_(schema()) {
  // A reader that serves a sample is alone and takes all streams.
  const uint32_t step = env.sampling() ? 1 : env.workers();
  for (uint32_t i = env.worker(); i < options_.streams; i += step) {
    streams_.push_back({.id = i, .name = "numbers/" + std::to_string(i)});
  }
}

cphost::Schema Reader::schema() {
  return {{"number", "l", {{"cphost.role", "position"}}}, {"stream", "z"}};
}

cphost::Status Reader::poll(const cphost::Limits& limits, cphost::Events& out) {
  if (!std::exchange(announced_, true)) {
    for (const Stream& stream : streams_) out.assigned(stream.id, stream.name);
    return cphost::ok;
  }
  if (streams_.empty()) return cphost::done;
  if (Stream* stream = ready()) {
    read(*stream, limits, out);
    return cphost::ok;
  }
  wait(limits.timeout_ms);
  return cphost::again;
}

Reader::Stream* Reader::ready() {
  for (size_t i = 0; i < streams_.size(); ++i) {
    Stream& stream = streams_[turn_++ % streams_.size()];
    if (stream.seeked && !stream.paused) return &stream;
  }
  return nullptr;
}

// Full batches: what a batch costs is paid once for all its records.
void Reader::read(Stream& stream, const cphost::Limits& limits, cphost::Events& out) {
  const size_t bytes_a_row = sizeof(int64_t) + sizeof(int32_t) + stream.name.size();
  const auto rows_max =
      static_cast<int64_t>(std::min<uint64_t>(limits.records, limits.bytes / bytes_a_row + 1));
  for (; stream.next < end_ && batch_.rows() < rows_max; stream.next += options_.streams) {
    batch_[0].push(stream.next);
    batch_[1].add(stream.name);
  }
  out.records(stream.id, batch_);
  if (stream.next >= end_) {
    out.ended(stream.id);
    stream.seeked = false;
  }
}

void Reader::seek(uint64_t id, std::string_view after) {
  Stream& stream = find(id);
  stream.next = options_.first + static_cast<int64_t>(stream.id);
  if (!after.empty()) {
    const auto parsed = std::from_chars(after.data(), after.data() + after.size(), stream.next);
    if (parsed.ec != std::errc() || parsed.ptr != after.data() + after.size()) {
      throw cphost::Error(cphost::config, "POSITION",
                          "the position \"" + std::string(after) + "\" of stream " + stream.name +
                              " is no number; reset the pipe's positions");
    }
    stream.next += options_.streams;
  }
  stream.seeked = true;
}

void Reader::release(uint64_t id) {
  std::erase_if(streams_, [id](const Stream& stream) { return stream.id == id; });
}

void Reader::pause(uint64_t id, bool on) {
  find(id).paused = on;
}

int64_t Reader::lag() const {
  int64_t numbers = 0;
  for (const Stream& stream : streams_) {
    if (stream.seeked) numbers += (end_ - stream.next + options_.streams - 1) / options_.streams;
  }
  return numbers;
}

void Reader::interrupt() {
  const std::lock_guard lock(mutex_);
  interrupted_ = true;
  wakeup_.notify_one();
}

// An interrupt that comes between two polls ends the next one.
void Reader::wait(uint32_t timeout_ms) {
  std::unique_lock lock(mutex_);
  wakeup_.wait_for(lock, std::chrono::milliseconds(timeout_ms), [this] { return interrupted_; });
  interrupted_ = false;
}

Reader::Stream& Reader::find(uint64_t id) {
  for (Stream& stream : streams_) {
    if (stream.id == id) return stream;
  }
  throw cphost::Error(cphost::fatal, "STREAM", "no stream " + std::to_string(id) + " is held");
}

}  // namespace numbers
