// SPDX-License-Identifier: Apache-2.0
// One call of a format's decoder: the rows of a batch's records, and which records have none
// because they were refused.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "host/pipe/record_batch.hpp"
#include "host/plugins/component.hpp"
#include "host/plugins/object_env.hpp"

namespace cphost::host {

using Rejects = std::vector<std::pair<uint32_t, Rejection>>;

/// Gives `batch` its rows, to be joined, and excludes the refused records. Throws StopPipe.
Rejects decode_records(const Component& format, void* decoder, ObjectEnv& env, RecordBatch& batch);

}  // namespace cphost::host
