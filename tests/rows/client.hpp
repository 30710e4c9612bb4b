// SPDX-License-Identifier: Apache-2.0
//
// What the administration client and the producer of cphost-load share: a librdkafka handle that is
// destroyed with its owner, and the exception for everything a cluster refuses.
#pragma once

#include <librdkafka/rdkafka.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace rows {

struct ClientError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// librdkafka properties, applied in order: a later pair overrides an earlier one.
using Properties = std::vector<std::pair<std::string, std::string>>;

struct HandleDeleter {
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
};
using Handle = std::unique_ptr<rd_kafka_t, HandleDeleter>;

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};
using Conf = std::unique_ptr<rd_kafka_conf_t, ConfDeleter>;

Conf make_conf(const Properties& properties);
Handle make_client(rd_kafka_type_t type, Conf conf);

}  // namespace rows
