// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/arrow_size.hpp"

#include <charconv>

namespace cphost::host {
namespace {

int64_t number_after(std::string_view format, size_t at) {
  int64_t value = 0;
  std::from_chars(format.data() + at, format.data() + format.size(), value);
  return value;
}

int64_t decimal_width(std::string_view format) {  // "d:18,4" (128 bits) or "d:18,4,64"
  const size_t first = format.find(',');
  const size_t second = first == format.npos ? format.npos : format.find(',', first + 1);
  return second == format.npos ? 16 : number_after(format, second + 1) / 8;
}

}  // namespace

int64_t fixed_width(std::string_view format) {
  if (format.empty()) return 0;
  switch (format[0]) {
    case 'c':
    case 'C':
      return 1;
    case 's':
    case 'S':
    case 'e':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'l':
    case 'L':
    case 'g':
      return 8;
    case 'd':
      return decimal_width(format);
    case 'w':
      return format.size() > 2 ? number_after(format, 2) : 0;
    case 't':  // dates in days and times in (milli)seconds are 32 bits, the others 64
      return format.starts_with("tdD") || format == "tts" || format == "ttm" ? 4 : 8;
    default:
      return 0;
  }
}

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
