// SPDX-License-Identifier: Apache-2.0
// How many bytes an Arrow array holds, from its type and length: for the memory budget and the size
// of blocks.
#pragma once

#include <cstdint>

#include <cphost/arrow_c_data.h>

namespace cphost::host {

/// Bytes of the buffers of `array` (of type `schema`) that its length makes meaningful, with those
/// of its children.
int64_t array_bytes(const ArrowSchema& schema, const ArrowArray& array);

}  // namespace cphost::host
