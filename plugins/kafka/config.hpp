// SPDX-License-Identifier: Apache-2.0
// From the plugin's options to librdkafka's configuration.
//
// Called in create(), so that a wrong name or value is told before anything is opened, and again by
// each reader, since a client takes its configuration with it.
#pragma once

#include <cstdint>

#include "handles.hpp"
#include "options.hpp"

namespace kafka {

/// Throws CONFIG for options that contradict each other, and for what librdkafka refuses.
/// `fetch_memory` is the resident memory that records fetched ahead may take. Static members of a
/// group need a name each, so that of a worker has its number.
ConfigPtr make_config(const Options& options, int64_t fetch_memory, uint32_t worker = 0);

}  // namespace kafka
