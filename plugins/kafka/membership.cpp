// SPDX-License-Identifier: Apache-2.0
#include "membership.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace kafka {
namespace {

constexpr std::chrono::milliseconds kMaxRevokeDeadline{10'000};

void subscribe(const Client& client) {
  const auto& topics = client.options().topics;
  const PartitionsPtr names = make_partitions(topics.size());
  for (const auto& topic : topics) {
    rd_kafka_topic_partition_list_add(names.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  if (const auto error = rd_kafka_subscribe(client.get(), names.get())) {
    raise(diagnose(error, std::string("can't subscribe: ") + rd_kafka_err2str(error),
                   client.options()));
  }
}

}  // namespace

Membership::Membership(Client& client, Streams& streams, Fetcher& fetcher, const Ends* ends)
    : client_(client), streams_(streams), fetcher_(fetcher), ends_(ends) {}

void Membership::join() {
  has_group_ = true;
  subscribe(client_);
}

void Membership::take_all(const TopicSizes& topics) {
  assigned_ = make_partitions(16);
  for (const auto& [topic, size] : topics) {
    for (int32_t i = 0; i < size; ++i) {
      rd_kafka_topic_partition_list_add(assigned_.get(), topic.c_str(), i);
    }
  }
}

bool Membership::serve(cphost::Events& out) {
  bool told = false;
  while (const EventPtr event = client_.next_rebalance()) told |= on_rebalance(*event, out);
  // While a revoke waits for the host the group may lose patience; there is no second event then.
  if (is_revoking_ && rd_kafka_assignment_lost(client_.get())) told |= lose(out);
  if (assigned_) told |= announce(out);
  return told;
}

bool Membership::on_rebalance(rd_kafka_event_t& event, cphost::Events& out) {
  const auto* partitions = rd_kafka_event_topic_partition_list(&event);
  is_settled_ = false;
  switch (rd_kafka_event_error(&event)) {
    case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
      assigned_.reset(rd_kafka_topic_partition_list_copy(partitions));
      return false;
    case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
      // What was not told yet need not be taken back.
      assigned_.reset();
      return rd_kafka_assignment_lost(client_.get()) ? lose(out) : revoke(out);
    default:
      client_.env().warn(std::string("rebalance failed: ") + rd_kafka_event_error_string(&event));
      assigned_.reset();
      return lose(out);
  }
}

bool Membership::announce(cphost::Events& out) {
  if (has_group_ && assigned_->cnt > 0) client_.read_committed(*assigned_);
  const PartitionsPtr partitions = std::exchange(assigned_, nullptr);
  is_settled_ = true;
  for (int i = 0; i < partitions->cnt; ++i) {
    const auto& item = partitions->elems[i];
    Stream& stream = streams_.add(item.topic, item.partition);
    if (ends_) stream.end = ends_->end_of(stream.topic, stream.partition);
    std::string position;
    std::string_view note;
    if (has_group_ && item.offset >= 0) {
      stream.committed = item.offset;
      if (item.offset > 0) position = std::to_string(item.offset - 1);
      if (item.metadata) note = {static_cast<const char*>(item.metadata), item.metadata_size};
    }
    out.assigned(stream.id, stream_name(stream.topic, stream.partition), position, note);
  }
  // The group waits for an answer also where there is nothing to read.
  if (partitions->cnt == 0) fetcher_.assign(streams_);
  return partitions->cnt > 0;
}

bool Membership::revoke(cphost::Events& out) {
  const auto deadline = std::min(kMaxRevokeDeadline, client_.options().session_timeout / 3);
  for (const auto& stream : streams_) {
    if (stream->state == Stream::State::kLost) continue;
    stream->state = Stream::State::kRevoking;
    stream->waiting.clear();
    is_revoking_ = true;
    out.revoking(stream->id, static_cast<uint32_t>(deadline.count()));
  }
  if (!is_revoking_) let_go();
  return is_revoking_;
}

bool Membership::lose(cphost::Events& out) {
  bool told = false;
  for (const auto& stream : streams_) {
    if (stream->state == Stream::State::kLost) continue;
    stream->state = Stream::State::kLost;
    stream->waiting.clear();
    out.lost(stream->id);
    told = true;
  }
  let_go();
  return told;
}

void Membership::on_release() {
  const bool waits = std::any_of(streams_.begin(), streams_.end(), [](const auto& stream) {
    return stream->state == Stream::State::kRevoking;
  });
  if (is_revoking_ && !waits) let_go();
}

void Membership::let_go() {
  is_revoking_ = false;
  is_settled_ = false;
  fetcher_.forget();
  rd_kafka_assign(client_.get(), nullptr);
}

}  // namespace kafka
