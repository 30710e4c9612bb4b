// SPDX-License-Identifier: Apache-2.0
#include "out_of_range.hpp"

#include <algorithm>
#include <cphost/status.hpp>
#include <string>
#include <vector>

#include "log_range.hpp"

namespace kafka {
namespace {

// At once, with an empty note: after a crash the log may have grown past the old position, and then
// nobody would notice.
void set_position(Client& client, const Stream& stream, int64_t next) {
  const PartitionsPtr list = make_partitions(1);
  rd_kafka_topic_partition_list_add(list.get(), stream.topic.c_str(), stream.partition)->offset =
      next;
  client.commit_now(*list, "the new position");
}

void go_on(Client& client, Streams& streams, Stream& stream, bool has_group, Ends* ends,
           cphost::Events& out) {
  const std::string name = stream_name(stream.topic, stream.partition);
  const LogRange log = client.read_range(stream.topic, stream.partition);
  if (!stream.truncated && log.holds(stream.next)) {
    stream.state = Stream::State::kReady;
    throw cphost::Error(cphost::retry, "BROKER",
                        name + ": a broker has no offset " + std::to_string(stream.next) +
                            ", though the log holds it: its replicas differ, or have just changed");
  }
  // Retention has passed a position that lies behind the end: all of the run was read.
  if (!stream.truncated && stream.is_past_end() && stream.next < log.first) {
    stream.next = stream.end;
    stream.state = Stream::State::kReady;
    return;
  }
  const std::string& policy = client.options().on_out_of_range;
  const Resumption resumption = stream.truncated
                                    ? resume_truncated(policy, name, stream.next, log, stream.kept)
                                    : resume_elsewhere(policy, name, stream.next, log);
  // What the run was to read is gone: it ends with what there is.
  if (ends && (stream.truncated || stream.next > log.end)) {
    stream.end = std::min(stream.end, log.end);
    ends->lower(stream.topic, stream.partition, stream.end);
  }
  if (resumption.next >= stream.next) {
    client.env().warn(resumption.text);
    stream.next = resumption.next;
    stream.truncated = false;
    stream.state = Stream::State::kReady;
    if (stream.next > 0) out.reached(stream.id, std::to_string(stream.next - 1));
    return;
  }
  if (has_group) set_position(client, stream, resumption.next);
  client.env().warn(resumption.text);
  stream.state = Stream::State::kLost;
  out.lost(stream.id);
  Stream& successor = streams.add(stream.topic, stream.partition);
  successor.committed = resumption.next;
  successor.end = stream.end;
  const std::string position =
      resumption.next > 0 ? std::to_string(resumption.next - 1) : std::string();
  out.assigned(successor.id, name, position);
}

}  // namespace

bool leave_lost_offsets(Client& client, Streams& streams, bool has_group, Ends* ends,
                        cphost::Events& out) {
  std::vector<Stream*> lost;
  for (const auto& stream : streams) {
    if (stream->state == Stream::State::kOutOfRange) lost.push_back(stream.get());
  }
  for (Stream* stream : lost) go_on(client, streams, *stream, has_group, ends, out);
  return !lost.empty();
}

}  // namespace kafka
