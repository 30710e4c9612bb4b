// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/arrow_size.hpp"

#include <string_view>

#include <cphost/arrow.hpp>

namespace cphost::host {

int64_t array_bytes(const ArrowSchema& schema, const ArrowArray& array) {
  const std::string_view format = schema.format;
  const int64_t bitmap = (array.length + 7) / 8;
  int64_t bytes = array.n_buffers > 0 && array.buffers[0] ? bitmap : 0;
  if (const int64_t width = fixed_width(format)) {
    bytes += width * array.length;
  } else if (format == "b") {
    bytes += bitmap;
  } else if ((format == "z" || format == "u") && array.length > 0) {
    const auto* offsets = static_cast<const int32_t*>(array.buffers[1]) + array.offset;
    bytes += 4 * (array.length + 1) + offsets[array.length] - offsets[0];
  } else if (format == "+l" || format == "+m") {
    bytes += 4 * (array.length + 1);
  }
  for (int64_t i = 0; i < array.n_children; ++i) {
    bytes += array_bytes(*schema.children[i], *array.children[i]);
  }
  return bytes;
}

}  // namespace cphost::host
