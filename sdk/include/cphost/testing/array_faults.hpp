// SPDX-License-Identifier: Apache-2.0
// cphost/testing/array_faults.hpp: whether a batch is what its schema and the profile cph-arrow/1
// say: for tests of whatever builds batches.
//
//     array_fault(*schema, *batch)  ==  ""
//
// Looks at every offset and null, and at the last byte of every buffer, so that a sanitizer sees
// one that is too short.
#pragma once

#include <string>
#include <string_view>

#include "../arrow.hpp"

namespace cphost::testing {

namespace detail {

inline int64_t buffers_of(std::string_view format) {
  if (format == "+s") return 1;
  return format == "z" || format == "u" ? 3 : 2;
}

inline void touch(const void* buffer, int64_t bytes) {
  if (bytes <= 0) return;
  [[maybe_unused]] const volatile char last = static_cast<const char*>(buffer)[bytes - 1];
}

inline std::string nulls_fault(const ArrowSchema& field, const ArrowArray& array) {
  const void* bits = array.buffers[0];
  int64_t nulls = 0;
  for (int64_t i = 0; bits != nullptr && i < array.length; ++i) {
    nulls += !bit_at(bits, array.offset + i);
  }
  if (array.null_count != -1 && array.null_count != nulls) {
    return "null_count is " + std::to_string(array.null_count) + " of " + std::to_string(nulls);
  }
  return nulls != 0 && !is_nullable(field) ? "a field without nulls has some" : "";
}

// `last`: how many values, or bytes, the offsets may span.
inline std::string offsets_fault(const ArrowArray& array, int64_t last) {
  const auto* offsets = static_cast<const int32_t*>(array.buffers[1]);
  const int64_t end = array.offset + array.length;
  if (offsets[array.offset] < 0) return "an offset is negative";
  for (int64_t i = array.offset; i < end; ++i) {
    if (offsets[i + 1] < offsets[i]) return "offset " + std::to_string(i + 1) + " goes back";
  }
  if (last >= 0 && offsets[end] > last) {
    return "offsets end at " + std::to_string(offsets[end]) + ", behind " + std::to_string(last);
  }
  return "";
}

inline std::string buffers_fault(std::string_view format, const ArrowArray& array) {
  const int64_t values = array.offset + array.length;
  for (int64_t i = 1; i < array.n_buffers; ++i) {
    if (array.buffers[i] == nullptr) return "buffer " + std::to_string(i) + " is NULL";
  }
  if (format == "+s") return "";
  if (format == "+l" || format == "+m") return offsets_fault(array, array.children[0]->length);
  if (format == "z" || format == "u") {
    const std::string fault = offsets_fault(array, -1);
    if (!fault.empty()) return fault;
    touch(array.buffers[2], static_cast<const int32_t*>(array.buffers[1])[values]);
  } else {
    touch(array.buffers[1], format == "b" ? (values + 7) / 8 : values * fixed_width(format));
  }
  return "";
}

}  // namespace detail

// What is wrong, with the names of the fields that lead there; "" where all is right.
inline std::string array_fault(const ArrowSchema& field, const ArrowArray& array) {
  const std::string_view format = field.format;
  const auto here = [&field](const std::string& what) {
    return std::string(name_of(field)) + ": " + what;
  };
  if (array.length < 0 || array.offset < 0) return here("length or offset is negative");
  if (array.dictionary != nullptr) return here("has a dictionary");
  if (array.n_buffers != detail::buffers_of(format)) return here("another number of buffers");
  if (array.n_children != field.n_children) return here("another number of children");
  std::string fault = detail::nulls_fault(field, array);
  if (fault.empty()) fault = detail::buffers_fault(format, array);
  if (!fault.empty()) return here(fault);
  for (int64_t i = 0; i < array.n_children; ++i) {
    const ArrowArray& child = *array.children[i];
    if (format == "+s" && child.length < array.offset + array.length) {
      return here("child " + std::to_string(i) + " is shorter");
    }
    fault = array_fault(*field.children[i], child);
    if (!fault.empty()) return here(fault);
  }
  return "";
}

}  // namespace cphost::testing
