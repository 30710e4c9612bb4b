// SPDX-License-Identifier: Apache-2.0
#include <cphost/plugin.hpp>

#include "options.hpp"
#include "source.hpp"

namespace kafka {

CPHOST_SOURCE("kafka", Reader, kOptions,
              "Records of Kafka topics, as a member of a consumer group.")

}  // namespace kafka

CPHOST_PLUGIN(&kafka::cphost_component_Reader)
