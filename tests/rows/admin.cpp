// SPDX-License-Identifier: Apache-2.0
#include "admin.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <thread>

namespace rows {
namespace {

using Clock = std::chrono::steady_clock;

// For what Kafka has no way to be told of.
constexpr auto kPollInterval = std::chrono::milliseconds(50);

// A group's first coordinator, or a new one, takes a moment.
bool is_without_coordinator(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR ||
         code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS;
}

// So do a new topic's leaders, and those of a broker that came back.
bool is_without_leader(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
         code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

struct QueueDeleter {
  void operator()(rd_kafka_queue_t* queue) const { rd_kafka_queue_destroy(queue); }
};
struct EventDeleter {
  void operator()(rd_kafka_event_t* event) const { rd_kafka_event_destroy(event); }
};
struct NewTopicDeleter {
  void operator()(rd_kafka_NewTopic_t* topic) const { rd_kafka_NewTopic_destroy(topic); }
};
struct NewPartitionsDeleter {
  void operator()(rd_kafka_NewPartitions_t* partitions) const {
    rd_kafka_NewPartitions_destroy(partitions);
  }
};
struct DeleteRecordsDeleter {
  void operator()(rd_kafka_DeleteRecords_t* records) const {
    rd_kafka_DeleteRecords_destroy(records);
  }
};
struct AdminOptionsDeleter {
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
};
struct PartitionListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
};
using Queue = std::unique_ptr<rd_kafka_queue_t, QueueDeleter>;
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, PartitionListDeleter>;
using Event = std::unique_ptr<rd_kafka_event_t, EventDeleter>;

Event await(const Queue& queue, const std::string& what, int timeout_ms) {
  Event event(rd_kafka_queue_poll(queue.get(), timeout_ms));
  if (!event) {
    throw ClientError(what + ": no answer in " + std::to_string(timeout_ms) + " ms");
  }
  if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError(what + ": " + rd_kafka_event_error_string(event.get()));
  }
  return event;
}

}  // namespace

Admin::Admin(const Properties& properties, double timeout_seconds)
    : properties_(properties),
      handle_(make_client(RD_KAFKA_PRODUCER, make_conf(properties))),
      timeout_ms_(static_cast<int>(timeout_seconds * 1000)) {}

bool Admin::create_topic(const std::string& topic, int partitions, const Properties& topic_config) {
  const std::string what = "create topic " + topic;
  std::array<char, 512> error;
  std::unique_ptr<rd_kafka_NewTopic_t, NewTopicDeleter> request(
      rd_kafka_NewTopic_new(topic.c_str(), partitions, -1, error.data(), error.size()));
  if (!request) {
    throw ClientError(what + ": " + error.data());
  }
  for (const auto& [key, value] : topic_config) {
    rd_kafka_NewTopic_set_config(request.get(), key.c_str(), value.c_str());
  }
  // Without it the controller answers before the brokers know the topic.
  std::unique_ptr<rd_kafka_AdminOptions_t, AdminOptionsDeleter> options(
      rd_kafka_AdminOptions_new(handle_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout_ms_, error.data(),
                                              error.size());

  Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_NewTopic_t* requests = request.get();
  rd_kafka_CreateTopics(handle_.get(), &requests, 1, options.get(), queue.get());
  const Event event = await(queue, what, timeout_ms_);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[0]);
  if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) {
    return false;
  }
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    const char* reason = rd_kafka_topic_result_error_string(results[0]);
    throw ClientError(what + ": " + (reason != nullptr ? reason : rd_kafka_err2str(code)));
  }
  // The controller answers before the brokers have taken their partitions over.
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    partition_offsets(topic, partition);
  }
  return true;
}

void Admin::add_partitions(const std::string& topic, int partitions) {
  const std::string what = "add partitions to " + topic;
  std::array<char, 512> error;
  std::unique_ptr<rd_kafka_NewPartitions_t, NewPartitionsDeleter> request(
      rd_kafka_NewPartitions_new(topic.c_str(), static_cast<std::size_t>(partitions), error.data(),
                                 error.size()));
  if (!request) {
    throw ClientError(what + ": " + error.data());
  }
  Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_NewPartitions_t* requests = request.get();
  rd_kafka_CreatePartitions(handle_.get(), &requests, 1, nullptr, queue.get());
  const Event event = await(queue, what, timeout_ms_);
  std::size_t count = 0;
  const rd_kafka_topic_result_t** results = rd_kafka_CreatePartitions_result_topics(
      rd_kafka_event_CreatePartitions_result(event.get()), &count);
  if (const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(results[0])) {
    throw ClientError(what + ": " + rd_kafka_err2str(code));
  }
  for (std::int32_t partition = 0; partition < partitions; ++partition) {
    partition_offsets(topic, partition);
  }
}

void Admin::delete_records(const std::string& topic, std::int64_t offset) {
  const std::string what = "delete records of " + topic;
  PartitionList list(rd_kafka_topic_partition_list_new(0));
  for (const Offsets& kept : offsets(topic)) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), kept.partition)->offset =
        std::min(offset, kept.high);
  }
  std::unique_ptr<rd_kafka_DeleteRecords_t, DeleteRecordsDeleter> request(
      rd_kafka_DeleteRecords_new(list.get()));
  Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_DeleteRecords_t* requests = request.get();
  rd_kafka_DeleteRecords(handle_.get(), &requests, 1, nullptr, queue.get());
  const Event event = await(queue, what, timeout_ms_);
  const rd_kafka_topic_partition_list_t* results =
      rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event.get()));
  for (int i = 0; i < results->cnt; ++i) {
    if (const rd_kafka_resp_err_t code = results->elems[i].err) {
      throw ClientError(what + ": " + rd_kafka_err2str(code));
    }
  }
}

int Admin::partition_count(const std::string& topic) {
  // A light handle of its own: asking for all topics would make the broker list them all.
  rd_kafka_topic_t* handle = rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr);
  const rd_kafka_metadata_t* metadata = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(handle_.get(), 0, handle, &metadata, timeout_ms_);
  rd_kafka_topic_destroy(handle);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError("metadata of topic " + topic + ": " + rd_kafka_err2str(code));
  }
  const int count = metadata->topic_cnt == 1 ? metadata->topics[0].partition_cnt : 0;
  rd_kafka_metadata_destroy(metadata);
  return count;
}

std::vector<Offsets> Admin::offsets(const std::string& topic) {
  const int count = partition_count(topic);
  if (count == 0) {
    throw ClientError("topic " + topic + " does not exist");
  }
  std::vector<Offsets> result;
  for (std::int32_t partition = 0; partition < count; ++partition) {
    result.push_back(partition_offsets(topic, partition));
  }
  return result;
}

Offsets Admin::partition_offsets(const std::string& topic, std::int32_t partition) {
  Offsets offsets{partition, 0, 0};
  const rd_kafka_resp_err_t code = retry(is_without_leader, [&] {
    return rd_kafka_query_watermark_offsets(handle_.get(), topic.c_str(), partition, &offsets.low,
                                            &offsets.high, timeout_ms_);
  });
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError("offsets of " + topic + " [" + std::to_string(partition) +
                      "]: " + rd_kafka_err2str(code));
  }
  return offsets;
}

std::vector<Committed> Admin::committed(const std::string& group, const std::string& topic) {
  const Handle consumer = make_consumer(group);
  PartitionList list(rd_kafka_topic_partition_list_new(0));
  const int count = partition_count(topic);
  for (std::int32_t partition = 0; partition < count; ++partition) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition);
  }
  const rd_kafka_resp_err_t code = retry(is_without_coordinator, [&] {
    return rd_kafka_committed(consumer.get(), list.get(), timeout_ms_);
  });
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError("committed offsets of group " + group + ": " + rd_kafka_err2str(code));
  }
  std::vector<Committed> result;
  for (int i = 0; i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& element = list->elems[i];
    if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      throw ClientError("committed offset of group " + group + ", " + topic + " [" +
                        std::to_string(element.partition) + "]: " + rd_kafka_err2str(element.err));
    }
    if (element.offset >= 0) {
      const auto* metadata = static_cast<const char*>(element.metadata);
      result.push_back({element.partition, element.offset,
                        std::string(metadata, metadata + element.metadata_size)});
    }
  }
  return result;
}

void Admin::commit(const std::string& group, const std::string& topic, std::int64_t offset) {
  const Handle consumer = make_consumer(group);
  PartitionList list(rd_kafka_topic_partition_list_new(0));
  const int count = partition_count(topic);
  for (std::int32_t partition = 0; partition < count; ++partition) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = offset;
  }
  const rd_kafka_resp_err_t code =
      retry(is_without_coordinator, [&] { return rd_kafka_commit(consumer.get(), list.get(), 0); });
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw ClientError("commit of group " + group + ": " + rd_kafka_err2str(code));
  }
}

// It never subscribes. On a producer's handle librdkafka 2.12.0 dereferences a null group when it
// has to look for the coordinator again (rd_kafka_ListConsumerGroupOffsets).
Handle Admin::make_consumer(const std::string& group) const {
  Properties properties = properties_;
  properties.emplace_back("group.id", group);
  return make_client(RD_KAFKA_CONSUMER, make_conf(properties));
}

template <typename Request>
rd_kafka_resp_err_t Admin::retry(bool (*is_passing)(rd_kafka_resp_err_t), Request request) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(timeout_ms_);
  for (;;) {
    const rd_kafka_resp_err_t code = request();
    if (!is_passing(code) || Clock::now() >= end) {
      return code;
    }
    std::this_thread::sleep_for(kPollInterval);
  }
}

bool Admin::wait_group_empty(const std::string& group) {
  const Clock::time_point end = Clock::now() + std::chrono::milliseconds(timeout_ms_);
  while (!group_is_empty(group)) {
    if (Clock::now() >= end) {
      return false;
    }
    std::this_thread::sleep_for(kPollInterval);
  }
  return true;
}

bool Admin::group_is_empty(const std::string& group) {
  const std::string what = "describe group " + group;
  std::array<const char*, 1> names = {group.c_str()};
  Queue queue(rd_kafka_queue_new(handle_.get()));
  rd_kafka_DescribeConsumerGroups(handle_.get(), names.data(), names.size(), nullptr, queue.get());
  const Event event = await(queue, what, timeout_ms_);
  std::size_t count = 0;
  const rd_kafka_ConsumerGroupDescription_t** groups =
      rd_kafka_DescribeConsumerGroups_result_groups(
          rd_kafka_event_DescribeConsumerGroups_result(event.get()), &count);
  if (const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(groups[0])) {
    // Kafka 4 answers so for a group that nobody joined yet; older brokers describe it as dead.
    if (rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) {
      return true;
    }
    if (is_without_coordinator(rd_kafka_error_code(error))) {
      return false;
    }
    throw ClientError(what + ": " + rd_kafka_error_string(error));
  }
  return rd_kafka_ConsumerGroupDescription_member_count(groups[0]) == 0;
}

}  // namespace rows
