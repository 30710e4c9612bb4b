// SPDX-License-Identifier: Apache-2.0
// How many bytes an Arrow array holds, from its type and length: for the memory budget and the size
// of blocks.
#pragma once

#include <cstdint>
#include <string_view>

#include <cphost/arrow_c_data.h>

namespace cphost::host {

/// Bytes of one value of a fixed-width type ("w:16", "d:18,4,64", "tsm:UTC", "l"); 0 when it is not
/// one ("b", "z", "+l").
int64_t fixed_width(std::string_view format);

/// Bytes of the buffers of `array` (of type `schema`) that its length makes meaningful, with those
/// of its children.
int64_t array_bytes(const ArrowSchema& schema, const ArrowArray& array);

}  // namespace cphost::host
