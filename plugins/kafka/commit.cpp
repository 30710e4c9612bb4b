// SPDX-License-Identifier: Apache-2.0
#include "commit.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

namespace kafka {
namespace {

void set_metadata(rd_kafka_t* rk, rd_kafka_topic_partition_t& item, std::string_view note) {
  if (note.empty()) return;
  item.metadata = rd_kafka_mem_malloc(rk, note.size());
  std::memcpy(item.metadata, note.data(), note.size());
  item.metadata_size = note.size();
}

// "" is what a stream has until its first record is done: its start then is the first offset of
// all.
int64_t next_offset(std::string_view position) {
  return position.empty() ? 0 : parse_position(position) + 1;
}

std::string explain(const std::string& name, rd_kafka_resp_err_t error) {
  std::string text = "the position of " + name + " is not committed: " + rd_kafka_err2str(error);
  if (is_out_of_group(error)) text += "; the group has given the partition away";
  return text;
}

}  // namespace

int64_t parse_position(std::string_view position) {
  int64_t offset = -1;
  const auto [end, error] =
      std::from_chars(position.data(), position.data() + position.size(), offset);
  if (error != std::errc() || end != position.data() + position.size() || offset < 0) {
    throw cphost::Error(cphost::fatal, "POSITION",
                        "\"" + std::string(position) +
                            "\" is no position of a Kafka partition: an "
                            "offset, in decimal digits, is wanted");
  }
  return offset;
}

cphost::Status commit_positions(Client& client, const Streams& streams,
                                std::span<cphost_commit> items) {
  const PartitionsPtr list = make_partitions(items.size());
  std::vector<size_t> sent;  // which item each partition of the list is
  std::string failure;
  for (size_t i = 0; i < items.size(); ++i) {
    const Stream* const stream = streams.find(items[i].stream);
    items[i].status = CPHOST_RETRY;
    if (!stream || stream->state == Stream::State::kLost) {
      items[i].status = CPHOST_REJECT;
      failure = "stream " + std::to_string(items[i].stream) + " is not held any more";
      continue;
    }
    auto* item =
        rd_kafka_topic_partition_list_add(list.get(), stream->topic.c_str(), stream->partition);
    item->offset = next_offset(cphost::view(items[i].position));
    set_metadata(client.get(), *item, cphost::view(items[i].note));
    sent.push_back(i);
  }
  if (!sent.empty()) client.commit(*list);
  for (size_t i = 0; i < sent.size(); ++i) {
    const auto& result = list->elems[i];
    if (result.err) {
      failure = explain(stream_name(result.topic, result.partition), result.err);
      if (result.err == RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST) items[sent[i]].status = CPHOST_REJECT;
    } else {
      items[sent[i]].status = CPHOST_OK;
    }
  }
  if (failure.empty()) return cphost::ok;
  return client.env().fail(cphost::retry, "COMMIT", failure);
}

}  // namespace kafka
