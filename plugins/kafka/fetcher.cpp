// SPDX-License-Identifier: Apache-2.0
#include "fetcher.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "log_range.hpp"

namespace kafka {
namespace {

// More at a time would leave the caches before it is copied.
constexpr size_t kMaxTaken = 8192;
constexpr uint64_t kMinTaken = 16;

uint64_t size_of(const rd_kafka_message_t& message) {
  return message.len + message.key_len;
}

PartitionsPtr list_of(const Stream& stream) {
  PartitionsPtr list = make_partitions(1);
  rd_kafka_topic_partition_list_add(list.get(), stream.topic.c_str(), stream.partition);
  return list;
}

}  // namespace

Fetcher::Fetcher(Client& client, bool with_headers, size_t pool_bytes)
    : client_(client), builder_(with_headers, pool_bytes) {
  taken_.resize(kMaxTaken);
}

void Fetcher::assign(const Streams& streams) {
  if (is_assigned_) unassign();
  forget();
  is_assigned_ = true;
  queue_ = client_.make_queue();
  client_.watch(queue_.get());
  const PartitionsPtr list = make_partitions(16);
  for (const auto& stream : streams) {
    if (!stream->delivers()) continue;
    stream->state = Stream::State::kReading;
    stream->waiting.clear();
    stream->detached = false;
    reading_.push_back(stream.get());
    auto& partitions = topic_of(stream->topic).partitions;
    const auto index = static_cast<size_t>(stream->partition);
    if (partitions.size() <= index) partitions.resize(index + 1);
    partitions[index] = stream.get();
    forward(*stream, queue_.get());
    rd_kafka_topic_partition_list_add(list.get(), stream->topic.c_str(), stream->partition)
        ->offset = stream->next;
  }
  // A partition that comes back after its end was reached is paused still; assigning does not undo
  // that.
  rd_kafka_resume_partitions(client_.get(), list.get());
  if (const auto error = rd_kafka_assign(client_.get(), list.get())) {
    raise(diagnose(error, std::string("can't assign partitions: ") + rd_kafka_err2str(error),
                   client_.options()));
  }
}

// librdkafka stops partitions in its own thread, and then ends their forwarding, also a new one. A
// question to that thread is answered when it has.
void Fetcher::unassign() {
  const PartitionsPtr none = make_partitions(0);
  rd_kafka_assign(client_.get(), none.get());
  rd_kafka_topic_partition_list_t* left = nullptr;
  if (rd_kafka_assignment(client_.get(), &left) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    rd_kafka_topic_partition_list_destroy(left);
  }
}

void Fetcher::forget() {
  is_assigned_ = false;
  touched_.clear();
  reading_.clear();
  topics_.clear();
  last_topic_ = 0;
  has_readers_.reset();
  next_wake_ = {};
  if (!queue_) return;
  Client::ignore(queue_.get());
  queue_.reset();
}

void Fetcher::drop(const Stream& stream) {
  std::erase(touched_, &stream);
  std::erase(reading_, &stream);
  has_readers_.reset();
  for (auto& topic : topics_)
    std::replace(topic.partitions.begin(), topic.partitions.end(), const_cast<Stream*>(&stream),
                 static_cast<Stream*>(nullptr));
}

bool Fetcher::fetch(const cphost::Limits& limits, cphost::Events& out) {
  if (failure_) raise(*failure_);
  if (!queue_ || !has_readers()) return false;
  records_left_ = limits.records;
  bytes_left_ = limits.bytes;
  told_ = false;
  if (next_wake_ != Wakeup::Clock::time_point{}) next_wake_ = client_.wake_fetcher();
  deliver_touched(out);
  if (records_left_ > 0) {
    take();
    deliver_touched(out);
  }
  return told_;
}

bool Fetcher::has_readers() {
  if (!has_readers_) {
    has_readers_ = std::any_of(reading_.begin(), reading_.end(), [](const Stream* stream) {
      return stream->delivers() && !stream->paused;
    });
  }
  return *has_readers_;
}

// Moves what the queue holds to the streams that it belongs to.
void Fetcher::take() {
  const uint64_t fitting = std::max(bytes_left_ / mean_size_, kMinTaken);
  const auto wanted = static_cast<size_t>(std::min({records_left_, fitting, uint64_t{kMaxTaken}}));
  const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), 0, taken_.data(), wanted);
  if (count <= 0) return;
  uint64_t bytes = 0;
  for (size_t i = 0; i < static_cast<size_t>(count); ++i) {
    rd_kafka_message_t* const message = taken_[i];
    bytes += size_of(*message);
    Stream* const stream = find(*message);
    if (!stream || !stream->delivers() || stream->broken) {
      rd_kafka_message_destroy(message);
      continue;
    }
    if (stream->waiting.empty()) touched_.push_back(stream);
    stream->waiting.push(message);
  }
  mean_size_ = (mean_size_ * 3 + bytes / static_cast<uint64_t>(count)) / 4 + 1;
  next_wake_ = client_.wake_fetcher();
}

Stream* Fetcher::find(const rd_kafka_message_t& message) {
  if (last_topic_ >= topics_.size() || topics_[last_topic_].handle != message.rkt) {
    const char* const name = message.rkt ? rd_kafka_topic_name(message.rkt) : "";
    const auto found = std::find_if(topics_.begin(), topics_.end(),
                                    [name](const Topic& topic) { return topic.name == name; });
    if (found == topics_.end()) return nullptr;
    found->handle = message.rkt;
    last_topic_ = static_cast<size_t>(found - topics_.begin());
  }
  const auto& partitions = topics_[last_topic_].partitions;
  const auto index = static_cast<size_t>(message.partition);
  return index < partitions.size() ? partitions[index] : nullptr;
}

Fetcher::Topic& Fetcher::topic_of(const std::string& name) {
  const auto found = std::find_if(topics_.begin(), topics_.end(),
                                  [&name](const Topic& topic) { return topic.name == name; });
  if (found != topics_.end()) return *found;
  topics_.push_back(Topic{name, nullptr, {}});
  return topics_.back();
}

void Fetcher::forward(const Stream& stream, rd_kafka_queue_t* to) {
  const QueuePtr own(
      rd_kafka_queue_get_partition(client_.get(), stream.topic.c_str(), stream.partition));
  if (own) rd_kafka_queue_forward(own.get(), to);
}

void Fetcher::pause(Stream& stream, bool on) {
  stream.paused = on;
  has_readers_.reset();
  if (!on && stream.detached && queue_) {
    forward(stream, queue_.get());
    stream.detached = false;
  }
}

void Fetcher::deliver_touched(cphost::Events& out) {
  for (Stream* stream : touched_) {
    if (!stream->paused) {
      if (records_left_ > 0) deliver(*stream, out);
    } else if (!stream->detached) {
      // Paused while others go on: from now on the partition keeps what is fetched in its own
      // queue.
      forward(*stream, nullptr);
      stream->detached = true;
    }
  }
  std::erase_if(touched_, [](const Stream* stream) { return stream->waiting.empty(); });
}

void Fetcher::deliver(Stream& stream, cphost::Events& out) {
  MessageList& waiting = stream.waiting;
  while (!waiting.empty() && records_left_ > 0) {
    const rd_kafka_message_t& message = waiting.front();
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      flush(stream, out);
      on_error(stream, message, out);
      if (!waiting.empty()) waiting.pop();
      continue;
    }
    if (message.offset >= stream.next) {
      if (stream.end != kNoOffset && message.offset >= stream.end) {
        flush(stream, out);
        finish(stream, out);
        return;
      }
      const uint64_t size = size_of(message);
      if (size > bytes_left_ && (told_ || builder_.rows() > 0)) {
        records_left_ = 0;  // the next poll begins with it
        break;
      }
      builder_.append(message);
      stream.next = message.offset + 1;
      --records_left_;
      bytes_left_ -= std::min(size, bytes_left_);
    }
    waiting.pop();
  }
  flush(stream, out);
  if (stream.delivers() && stream.is_past_end()) finish(stream, out);
}

void Fetcher::flush(const Stream& stream, cphost::Events& out) {
  if (builder_.rows() == 0) return;
  builder_.emit(stream, out);
  told_ = true;
}

void Fetcher::on_error(Stream& stream, const rd_kafka_message_t& message, cphost::Events& out) {
  if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) return reach(stream, message.offset, out);
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) return leave_log(stream, message);
  Diagnosis diagnosis = diagnose(message.err, rd_kafka_message_errstr(&message), client_.options());
  diagnosis.text = stream_name(stream.topic, stream.partition) + ": " + diagnosis.text;
  if (diagnosis.remedy == Remedy::kWait || diagnosis.remedy == Remedy::kSuspect) {
    client_.env().warn(diagnosis.text);
    return;
  }
  stream.broken = true;
  stream.waiting.clear();
  if (!failure_) failure_ = std::move(diagnosis);
}

// The broker does not have the next record, and librdkafka has stopped asking for it.
void Fetcher::leave_log(Stream& stream, const rd_kafka_message_t& message) {
  const std::string_view reason = rd_kafka_message_errstr(&message);
  client_.env().debug(stream_name(stream.topic, stream.partition) + ": " + std::string(reason));
  stream.truncated = reason.find("truncation") != reason.npos;
  stream.kept = stream.truncated ? parse_truncation(reason) : kNoOffset;
  stream.state = Stream::State::kOutOfRange;
  stream.waiting.clear();
  has_readers_.reset();
}

// Everything before `offset` has been delivered or is no record: control records, or what
// compaction took.
void Fetcher::reach(Stream& stream, int64_t offset, cphost::Events& out) {
  if (stream.end != kNoOffset) offset = std::min(offset, stream.end);
  if (offset <= stream.next) return;
  stream.next = offset;
  out.reached(stream.id, std::to_string(offset - 1));
  told_ = true;
}

void Fetcher::finish(Stream& stream, cphost::Events& out) {
  reach(stream, stream.end, out);
  stream.state = Stream::State::kEnded;
  stream.waiting.clear();
  stop_reading(stream);
  has_readers_.reset();
  out.ended(stream.id);
  told_ = true;
}

// The partition stays with this member until the group takes it back.
void Fetcher::stop_reading(const Stream& stream) {
  if (std::find(reading_.begin(), reading_.end(), &stream) == reading_.end()) return;
  const PartitionsPtr list = list_of(stream);
  rd_kafka_pause_partitions(client_.get(), list.get());
}

}  // namespace kafka
