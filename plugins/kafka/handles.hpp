// SPDX-License-Identifier: Apache-2.0
// Owners of librdkafka's objects: each is destroyed by the function that its library call asks for.
//
// None of these owners may outlive the client (rd_kafka_t) that its object came from.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>

namespace kafka {

template <auto kDestroy>
struct DestroyBy {
  template <class T>
  void operator()(T* object) const noexcept {
    kDestroy(object);
  }
};

using ConfigPtr = std::unique_ptr<rd_kafka_conf_t, DestroyBy<rd_kafka_conf_destroy>>;
using QueuePtr = std::unique_ptr<rd_kafka_queue_t, DestroyBy<rd_kafka_queue_destroy>>;
using EventPtr = std::unique_ptr<rd_kafka_event_t, DestroyBy<rd_kafka_event_destroy>>;
using TopicPtr = std::unique_ptr<rd_kafka_topic_t, DestroyBy<rd_kafka_topic_destroy>>;
using ErrorPtr = std::unique_ptr<rd_kafka_error_t, DestroyBy<rd_kafka_error_destroy>>;
using MetadataPtr =
    std::unique_ptr<const rd_kafka_metadata_t, DestroyBy<rd_kafka_metadata_destroy>>;
using PartitionsPtr = std::unique_ptr<rd_kafka_topic_partition_list_t,
                                      DestroyBy<rd_kafka_topic_partition_list_destroy>>;

inline PartitionsPtr make_partitions(size_t expected) {
  return PartitionsPtr(rd_kafka_topic_partition_list_new(static_cast<int>(expected)));
}

inline bool is_at_least(int version) {
  return rd_kafka_version() >= version;
}

/// From here on a full queue makes the fetcher wait for `fetch.queue.backoff.ms`; before, for a
/// second.
inline constexpr int kVersionQueueBackoff = 0x020200ff;
/// From here on SCRAM works against Kafka 3.8.1 and later.
inline constexpr int kVersionScramNonce = 0x020601ff;

}  // namespace kafka
