// SPDX-License-Identifier: Apache-2.0
// A request body is a list of segments: pointers into Arrow buffers and into scratch memory, so
// that most bytes are never copied. Whoever makes the list says how long its memory lives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clickhouse {

struct Segment {
  const uint8_t* data;
  size_t size;
};

using Segments = std::vector<Segment>;

inline size_t total_size(std::span<const Segment> segments) {
  size_t size = 0;
  for (const Segment& segment : segments) size += segment.size;
  return size;
}

}  // namespace clickhouse
