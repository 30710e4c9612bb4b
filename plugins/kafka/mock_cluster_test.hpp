// SPDX-License-Identifier: Apache-2.0
// librdkafka's broker for tests, inside the process. It keeps groups, offsets and records, but
// refuses every commit while a group rebalances, where a real broker takes it.
#pragma once

#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <string>
#include <utility>

// librdkafka's RD_KAFKA_V_ macros are expressions of GNU C.
#ifdef __clang__
#pragma clang diagnostic ignored "-Wgnu-statement-expression"
#endif

namespace kafka {

class MockCluster {
 public:
  MockCluster() {
    producer_ = make_producer("");
    cluster_ = rd_kafka_mock_cluster_new(producer_, 1);
#if RD_KAFKA_VERSION >= 0x020c00ff
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_, 100);  // before, it is fixed at 3 s
#endif
    brokers_ = rd_kafka_mock_cluster_bootstraps(cluster_);
    client_ = make_producer(brokers_);
  }
  ~MockCluster() {
    rd_kafka_destroy(client_);
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(producer_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  const std::string& brokers() const {
    return brokers_;
  }
  rd_kafka_mock_cluster_t* get() const {
    return cluster_;
  }

  void create_topic(const std::string& name, int partitions) {
    ASSERT_EQ(rd_kafka_mock_topic_create(cluster_, name.c_str(), partitions, 1),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  /// Records "first", "first + 1", ... and waits until the broker has them.
  void produce(const std::string& topic, int32_t partition, int count, int first = 0) {
    for (int i = 0; i < count; ++i) send(topic, partition, std::to_string(first + i));
    flush();
  }

  /// One record, and waits until the broker has it.
  void produce_value(const std::string& topic, int32_t partition, const std::string& value) {
    send(topic, partition, value);
    flush();
  }

  /// As a group without members.
  void commit(const std::string& group, const std::string& topic, int32_t partition, int64_t offset,
              std::string note = "") {
    rd_kafka_t* const consumer = make_consumer(group);
    rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
    auto* const item = rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
    item->offset = offset;
    if (!note.empty()) {
      item->metadata = note.data();
      item->metadata_size = note.size();
    }
    EXPECT_EQ(rd_kafka_commit(consumer, list, 0), RD_KAFKA_RESP_ERR_NO_ERROR);
    item->metadata = nullptr;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(consumer);
  }

  /// What the group has committed: the offset, and its note.
  std::pair<int64_t, std::string> committed(const std::string& group, const std::string& topic,
                                            int32_t partition) {
    rd_kafka_t* const consumer = make_consumer(group);
    rd_kafka_topic_partition_list_t* const list = rd_kafka_topic_partition_list_new(1);
    auto* const item = rd_kafka_topic_partition_list_add(list, topic.c_str(), partition);
    EXPECT_EQ(rd_kafka_committed(consumer, list, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
    const std::string note(static_cast<const char*>(item->metadata), item->metadata_size);
    const int64_t offset = item->offset;
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_destroy(consumer);
    return {offset, note};
  }

  /// One record with a key, and without a value; `headers` is taken over.
  void produce_tombstone(const std::string& topic, const std::string& key,
                         rd_kafka_headers_t* headers) {
    ASSERT_EQ(rd_kafka_producev(client_, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(0),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                RD_KAFKA_V_KEY(key.data(), key.size()),
                                RD_KAFKA_V_TIMESTAMP(1'700'000'000'123),
                                RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END),
              RD_KAFKA_RESP_ERR_NO_ERROR);
    flush();
  }

 private:
  static rd_kafka_t* make_producer(const std::string& brokers) {
    rd_kafka_conf_t* config = rd_kafka_conf_new();
    char error[512];
    // Without brokers it only carries the mock ones.
    rd_kafka_conf_set(config, "bootstrap.servers",
                      brokers.empty() ? "127.0.0.1:1" : brokers.c_str(), error, sizeof error);
    rd_kafka_conf_set(config, "log_level", "0", error, sizeof error);
    rd_kafka_conf_set(config, "linger.ms", "1", error, sizeof error);
    return rd_kafka_new(RD_KAFKA_PRODUCER, config, error, sizeof error);
  }

  rd_kafka_t* make_consumer(const std::string& group) const {
    rd_kafka_conf_t* config = rd_kafka_conf_new();
    char error[512];
    rd_kafka_conf_set(config, "bootstrap.servers", brokers_.c_str(), error, sizeof error);
    rd_kafka_conf_set(config, "group.id", group.c_str(), error, sizeof error);
    return rd_kafka_new(RD_KAFKA_CONSUMER, config, error, sizeof error);
  }

  void send(const std::string& topic, int32_t partition, const std::string& value) {
    ASSERT_EQ(rd_kafka_producev(
                  client_, RD_KAFKA_V_TOPIC(topic.c_str()), RD_KAFKA_V_PARTITION(partition),
                  RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                  RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()), RD_KAFKA_V_END),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  void flush() {
    ASSERT_EQ(rd_kafka_flush(client_, 10'000), RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  rd_kafka_t* producer_ = nullptr;
  rd_kafka_mock_cluster_t* cluster_ = nullptr;
  rd_kafka_t* client_ = nullptr;
  std::string brokers_;
};

}  // namespace kafka
