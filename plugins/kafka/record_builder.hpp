// SPDX-License-Identifier: Apache-2.0
// The schema of Kafka's records, and batches of them. A batch is of one stream.
#pragma once

#include <librdkafka/rdkafka.h>

#include <cphost/batch.hpp>
#include <cphost/schema.hpp>
#include <cphost/source.hpp>

#include "stream.hpp"

namespace kafka {

cphost::Schema records_schema(bool with_headers);

class RecordBuilder {
 public:
  /// `pool_bytes`: how much memory of delivered batches is kept for later ones.
  RecordBuilder(bool with_headers, size_t pool_bytes);

  int64_t rows() const { return rows_; }

  /// Copies the message, which may be destroyed then.
  void append(const rd_kafka_message_t& message);

  /// Gives the batch away and begins the next.
  void emit(const Stream& stream, cphost::Events& out);

 private:
  void append_headers(const rd_kafka_message_t& message);

  bool with_headers_;
  cphost::BatchBuilder batch_;
  int64_t rows_ = 0;
};

}  // namespace kafka
