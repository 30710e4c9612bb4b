// SPDX-License-Identifier: Apache-2.0
//
// Creates and inspects topics and groups of a Kafka cluster. Every failure is thrown as
// ClientError. Call order: any. Threads: one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "client.hpp"

namespace rows {

struct Offsets {
  std::int32_t partition;
  std::int64_t low;
  std::int64_t high;
};

struct Committed {
  std::int32_t partition;
  std::int64_t offset;
  std::string metadata;
};

class Admin {
 public:
  // `timeout_seconds` is for each call.
  Admin(const Properties& properties, double timeout_seconds);

  // True when this call created the topic, which can be used then; false when it was there already.
  bool create_topic(const std::string& topic, int partitions, const Properties& topic_config);

  // Up to `partitions`, which can be used then.
  void add_partitions(const std::string& topic, int partitions);

  // Deletes what stands before `offset` in each partition, or all that it has.
  void delete_records(const std::string& topic, std::int64_t offset);

  // 0 when the topic does not exist.
  int partition_count(const std::string& topic);
  std::vector<Offsets> offsets(const std::string& topic);

  // What `group` has committed; a partition without a commit is left out.
  std::vector<Committed> committed(const std::string& group, const std::string& topic);

  // For each partition, as a group without members.
  void commit(const std::string& group, const std::string& topic, std::int64_t offset);

  // True once the group has no members or does not exist; false when it still has some at the end.
  bool wait_group_empty(const std::string& group);

 private:
  Offsets partition_offsets(const std::string& topic, std::int32_t partition);
  Handle make_consumer(const std::string& group) const;
  bool group_is_empty(const std::string& group);

  // Repeats a request while its answer is one that passes by itself.
  template <typename Request>
  rd_kafka_resp_err_t retry(bool (*is_passing)(rd_kafka_resp_err_t), Request request);

  Properties properties_;
  Handle handle_;
  int timeout_ms_;
};

}  // namespace rows
