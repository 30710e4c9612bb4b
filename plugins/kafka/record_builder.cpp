// SPDX-License-Identifier: Apache-2.0
#include "record_builder.hpp"

#include <string_view>
#include <utility>

namespace kafka {
namespace {

// The order of the columns.
enum Column : size_t { kValue, kKey, kTimestamp, kTopic, kPartition, kOffset, kHeaders };

cphost::Field required(const char* name, const char* format, cphost::Metadata metadata = {}) {
  return {name, format, std::move(metadata), {}, false};
}

void append_bytes(cphost::ColumnBuilder& column, const void* data, size_t size) {
  if (data) {
    column.append(data, size);
  } else {
    column.add_null();
  }
}

}  // namespace

cphost::Schema records_schema(bool with_headers) {
  cphost::Schema schema{{"_value", "z"},
                        {"_key", "z"},
                        {"_timestamp", "tsm:UTC"},
                        required("_topic", "z"),
                        required("_partition", "i"),
                        required("_offset", "l", {{"cphost.role", "position"}})};
  if (with_headers) {
    cphost::Field entries{
        "entries", "+s", {}, {required("key", "z"), cphost::Field{"value", "z"}}, false};
    schema.add(cphost::Field{"_headers", "+m", {}, {std::move(entries)}, false});
  }
  return schema;
}

RecordBuilder::RecordBuilder(bool with_headers, size_t pool_bytes)
    : with_headers_(with_headers), batch_(records_schema(with_headers), pool_bytes) {}

void RecordBuilder::append(const rd_kafka_message_t& message) {
  append_bytes(batch_[kValue], message.payload, message.len);
  append_bytes(batch_[kKey], message.key, message.key_len);
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const int64_t timestamp = rd_kafka_message_timestamp(&message, &type);
  if (type != RD_KAFKA_TIMESTAMP_NOT_AVAILABLE && timestamp >= 0) {
    batch_[kTimestamp].push(timestamp);
  } else {
    batch_[kTimestamp].add_null();
  }
  batch_[kOffset].push(message.offset);
  if (with_headers_) append_headers(message);
  ++rows_;
}

void RecordBuilder::append_headers(const rd_kafka_message_t& message) {
  cphost::ColumnBuilder& column = batch_[kHeaders];
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* name = nullptr;
    const void* value = nullptr;
    size_t size = 0;
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &size); ++i) {
      if (value) {
        column.add_entry(name, std::string_view(static_cast<const char*>(value), size));
      } else {
        column.add_entry(name, nullptr);
      }
    }
  }
  column.end();
}

void RecordBuilder::emit(const Stream& stream, cphost::Events& out) {
  cphost::ColumnBuilder& topic = batch_[kTopic];
  cphost::ColumnBuilder& partition = batch_[kPartition];
  for (int64_t i = 0; i < rows_; ++i) {
    topic.append(stream.topic.data(), stream.topic.size());
    partition.push(stream.partition);
  }
  rows_ = 0;
  out.records(stream.id, batch_);
}

}  // namespace kafka
