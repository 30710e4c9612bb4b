// SPDX-License-Identifier: Apache-2.0
#include "positions.hpp"

#include <algorithm>
#include <charconv>
#include <cphost/status.hpp>
#include <memory>
#include <string>

#include "reading_plan.hpp"
#include "stream.hpp"
#include "topics.hpp"

namespace kafka {
namespace {

constexpr int kAnswerTimeoutMs = 10'000;

using AlterPtr = std::unique_ptr<rd_kafka_AlterConsumerGroupOffsets_t,
                                 DestroyBy<rd_kafka_AlterConsumerGroupOffsets_destroy>>;

// A copy of `partitions` in which each one asks for the offset at `time`.
PartitionsPtr offsets_at(Client& client, const rd_kafka_topic_partition_list_t& partitions,
                         int64_t time) {
  PartitionsPtr offsets = make_partitions(static_cast<size_t>(partitions.cnt));
  for (int i = 0; i < partitions.cnt; ++i) {
    const auto& item = partitions.elems[i];
    rd_kafka_topic_partition_list_add(offsets.get(), item.topic, item.partition)->offset = time;
  }
  client.read_offsets(*offsets);
  return offsets;
}

[[noreturn]] void refuse(const char* code, const std::string& text) {
  throw cphost::Error(cphost::config, code, text);
}

void add(Client& client, const cphost_position_change& change,
         rd_kafka_topic_partition_list_t& list) {
  const std::string_view name = cphost::view(change.name);
  const std::string_view text = cphost::view(change.position);
  const size_t slash = name.rfind('/');
  int32_t partition = -1;
  int64_t offset = -1;
  if (slash != name.npos) {
    std::from_chars(name.data() + slash + 1, name.data() + name.size(), partition);
  }
  if (partition < 0) refuse("POSITION", "\"" + std::string(name) + "\" is no partition");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), offset);
  if (error != std::errc() || end != text.data() + text.size() || offset < 0) {
    refuse("POSITION", std::string(name) + ": \"" + std::string(text) +
                           "\" is no offset, which is a whole number from 0 on");
  }
  const std::string topic(name.substr(0, slash));
  const LogRange log = client.read_range(topic, partition);
  if (!log.holds(offset)) {
    refuse("OFFSET_OUT_OF_RANGE", std::string(name) + ": " + std::to_string(offset) +
                                      " is not in the log; there is " + std::to_string(log.first) +
                                      " to " + std::to_string(log.end));
  }
  rd_kafka_topic_partition_list_add(&list, topic.c_str(), partition)->offset = offset;
}

void check_answer(const Client& client, const std::string& name, rd_kafka_resp_err_t error) {
  if (!error) return;
  const std::string text = name + ": " + rd_kafka_err2str(error);
  // Without a generation a broker takes a commit only for a group without members.
  if (is_out_of_group(error) || error == RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP) {
    refuse("GROUP_IN_USE", text + ": group_id = \"" + client.options().group_id +
                               "\" has members. Stop the pipe on every host first; one that was "
                               "killed, or is static, is a member until session_timeout is over");
  }
  raise(diagnose(error, text, client.options()));
}

}  // namespace

void list_positions(Client& client, std::string_view to, int64_t now_ms, cphost::KeptStreams& out) {
  const int64_t time = to.empty() ? 0 : parse_start(std::string(to), now_ms);
  const PartitionsPtr committed = make_partitions(64);
  for (const auto& [topic, size] : find_topics(client, client.options().topics)) {
    for (int32_t i = 0; i < size; ++i) {
      rd_kafka_topic_partition_list_add(committed.get(), topic.c_str(), i);
    }
  }
  if (committed->cnt == 0) return;
  client.read_committed(*committed);
  const PartitionsPtr firsts = offsets_at(client, *committed, Client::kEarliest);
  const PartitionsPtr ends = offsets_at(client, *committed, Client::kLatest);
  const PartitionsPtr targets = to.empty() ? nullptr : offsets_at(client, *committed, time);
  for (int i = 0; i < committed->cnt; ++i) {
    const auto& item = committed->elems[i];
    const int64_t end = ends->elems[i].offset;
    const std::string name = stream_name(item.topic, item.partition);
    const std::string position = item.offset < 0 ? std::string() : std::to_string(item.offset);
    const std::string first = std::to_string(firsts->elems[i].offset);
    const std::string end_text = std::to_string(end);
    const std::string target = targets ? std::to_string(targets->elems[i].offset) : std::string();
    cphost::KeptStream stream{name, position, {}, first, end_text, target};
    if (item.metadata) stream.note = {static_cast<char*>(item.metadata), item.metadata_size};
    if (item.offset >= 0) stream.lag = std::max<int64_t>(0, end - item.offset);
    out.add(stream);
  }
}

void set_positions(Client& client, std::span<const cphost_position_change> changes) {
  const PartitionsPtr list = make_partitions(changes.size());
  for (const auto& change : changes) add(client, change, *list);
  const AlterPtr request(
      rd_kafka_AlterConsumerGroupOffsets_new(client.options().group_id.c_str(), list.get()));
  rd_kafka_AlterConsumerGroupOffsets_t* requests = request.get();
  const QueuePtr queue = client.make_queue();
  rd_kafka_AlterConsumerGroupOffsets(client.get(), &requests, 1, nullptr, queue.get());
  const EventPtr event(rd_kafka_queue_poll(queue.get(), kAnswerTimeoutMs));
  if (!event) {
    throw cphost::Error(cphost::retry, "UNREACHABLE",
                        "no answer: look with `cphost positions show` what was set");
  }
  const std::string group = "group_id = \"" + client.options().group_id + "\"";
  check_answer(client, group, rd_kafka_event_error(event.get()));
  size_t count = 0;
  const rd_kafka_group_result_t** const groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
      rd_kafka_event_AlterConsumerGroupOffsets_result(event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_error_t* const error = rd_kafka_group_result_error(groups[i]);
    if (error) check_answer(client, group, rd_kafka_error_code(error));
    const auto* const results = rd_kafka_group_result_partitions(groups[i]);
    for (int j = 0; results && j < results->cnt; ++j) {
      const auto& item = results->elems[j];
      check_answer(client, stream_name(item.topic, item.partition), item.err);
    }
  }
}

}  // namespace kafka
