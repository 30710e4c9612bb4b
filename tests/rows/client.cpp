// SPDX-License-Identifier: Apache-2.0
#include "client.hpp"

#include <array>

namespace rows {

Conf make_conf(const Properties& properties) {
  Conf conf(rd_kafka_conf_new());
  std::array<char, 512> error;
  for (const auto& [key, value] : properties) {
    if (rd_kafka_conf_set(conf.get(), key.c_str(), value.c_str(), error.data(), error.size()) !=
        RD_KAFKA_CONF_OK) {
      throw ClientError(error.data());
    }
  }
  return conf;
}

Handle make_client(rd_kafka_type_t type, Conf conf) {
  std::array<char, 512> error;
  Handle handle(rd_kafka_new(type, conf.get(), error.data(), error.size()));
  if (!handle) {
    throw ClientError(std::string("cannot create a Kafka client: ") + error.data());
  }
  conf.release();  // The handle owns it now.
  return handle;
}

}  // namespace rows
