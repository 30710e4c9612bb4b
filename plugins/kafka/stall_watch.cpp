// SPDX-License-Identifier: Apache-2.0
#include "stall_watch.hpp"

#include <chrono>
#include <cphost/status.hpp>
#include <string>
#include <utility>
#include <vector>

namespace kafka {

void StallWatch::look(Client& client, const Streams& streams) {
  const auto timeout = client.options().stall_timeout;
  const auto now = Clock::now();
  const auto pause = now - last_look_;
  if (pause < timeout / 8) return;
  // The host has not polled meanwhile, so that nothing could be delivered.
  const bool was_away = pause > timeout / 2;
  last_look_ = now;
  std::map<uint64_t, Place> places;
  std::vector<const Stream*> still;
  for (const auto& stream : streams) {
    if (stream->state != Stream::State::kReading) continue;
    const auto before = places_.find(stream->id);
    Place& place = places[stream->id];
    place = {stream->next, now};
    const bool may_stand = stream->paused || !stream->waiting.empty() || was_away;
    if (may_stand || before == places_.end() || before->second.next != stream->next) continue;
    place.since = before->second.since;
    if (now - place.since >= timeout) still.push_back(stream.get());
  }
  places_ = std::move(places);
  if (!still.empty()) ask(client, still, now);
}

// Whether there is anything that they could deliver.
void StallWatch::ask(Client& client, const std::vector<const Stream*>& still,
                     Clock::time_point now) {
  const PartitionsPtr ends = make_partitions(still.size());
  for (const Stream* stream : still) {
    places_[stream->id].since = now;
    rd_kafka_topic_partition_list_add(ends.get(), stream->topic.c_str(), stream->partition)
        ->offset = Client::kLatest;
  }
  try {
    client.read_offsets(*ends);
  } catch (const cphost::Error& error) {
    if (error.status() != cphost::retry) throw;
    return;  // an outage: librdkafka waits for its end
  }
  for (size_t i = 0; i < still.size(); ++i) {
    const Stream& stream = *still[i];
    const int64_t end = ends->elems[i].offset;
    if (end <= stream.next) continue;
    const auto timeout =
        std::chrono::duration_cast<std::chrono::milliseconds>(client.options().stall_timeout);
    throw cphost::Error(cphost::reopen, "STALLED",
                        stream_name(stream.topic, stream.partition) + ": up to " +
                            std::to_string(end - stream.next) + " records wait from offset " +
                            std::to_string(stream.next) + " on and none has come for " +
                            std::to_string(timeout.count()) +
                            " ms (stall_timeout): the reader is opened again");
  }
}

}  // namespace kafka
