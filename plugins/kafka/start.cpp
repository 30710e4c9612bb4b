// SPDX-License-Identifier: Apache-2.0
#include "start.hpp"

#include <algorithm>
#include <cphost/status.hpp>
#include <string>
#include <vector>

#include "log_range.hpp"

namespace kafka {
namespace {

// In one request, before the first record: the host can't commit that a stream begins at its first
// offset, which no position lies before, and without a commit `latest` would be resolved anew after
// a crash, behind what came meanwhile.
void commit_starts(Client& client, const std::vector<Stream*>& streams) {
  const PartitionsPtr starts = make_partitions(streams.size());
  for (const Stream* stream : streams) {
    rd_kafka_topic_partition_list_add(starts.get(), stream->topic.c_str(), stream->partition)
        ->offset = stream->next;
  }
  client.commit_now(*starts, "the start");
}

// An offset that was asked for is not committed where it is known that the log does not hold it.
int64_t asked_for(Client& client, const Stream& stream, int64_t offset) {
  LogRange log = client.read_range(stream.topic, stream.partition);
  // Behind a transaction that is open the log may hold more than is told: the broker is to say.
  if (client.options().isolation_level == "read_committed") log.end = std::max(log.end, offset);
  if (log.holds(offset)) return offset;
  const std::string& policy = client.options().on_out_of_range;
  const std::string name = stream_name(stream.topic, stream.partition);
  if (policy == "stop") {
    throw cphost::Error(cphost::halt, "OFFSET_OUT_OF_RANGE",
                        "start_offsets: \"" + name + "\" = " + std::to_string(offset) +
                            " is not in the log, which " + content(log) +
                            ". Nothing was committed: give an offset that there is, or say "
                            "on_out_of_range = \"earliest\" or \"latest\"");
  }
  const Resumption resumption = resume_elsewhere(policy, name, offset, log);
  client.env().warn(resumption.text);
  return resumption.next;
}

}  // namespace

bool resolve_starts(Client& client, const Streams& streams, const ReadingPlan& plan,
                    Inventory* inventory, cphost::Events& out) {
  std::vector<Stream*> sought;
  const PartitionsPtr times = make_partitions(16);
  for (const auto& stream : streams) {
    if (stream->state != Stream::State::kSought) continue;
    sought.push_back(stream.get());
    const auto given = plan.start_offsets.find({stream->topic, stream->partition});
    if (given != plan.start_offsets.end()) {
      stream->next = asked_for(client, *stream, given->second);
      continue;
    }
    stream->next = kNoOffset;
    const bool is_new =
        inventory && plan.start != Client::kEarliest &&
        inventory->is_new(client.options().topics, stream->topic, stream->partition);
    if (is_new) {
      client.env().info(stream_name(stream->topic, stream->partition) +
                        " is new: it is read from its beginning");
    }
    rd_kafka_topic_partition_list_add(times.get(), stream->topic.c_str(), stream->partition)
        ->offset = is_new ? Client::kEarliest : plan.start;
  }
  if (sought.empty()) return false;
  client.read_offsets(*times);
  int resolved = 0;
  for (Stream* stream : sought) {
    if (stream->next == kNoOffset) stream->next = times->elems[resolved++].offset;
  }
  const bool is_plain = plan.start == Client::kEarliest && plan.start_offsets.empty();
  const bool is_committed = inventory && !is_plain;
  if (is_committed) commit_starts(client, sought);
  bool told = false;
  for (Stream* stream : sought) {
    stream->state = Stream::State::kReady;
    if (is_committed) inventory->saw_position(stream->topic, stream->partition);
    if (stream->next == 0) continue;
    out.reached(stream->id, std::to_string(stream->next - 1));
    told = true;
  }
  return told;
}

}  // namespace kafka
