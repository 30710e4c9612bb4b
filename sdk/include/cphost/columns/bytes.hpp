// SPDX-License-Identifier: Apache-2.0
// cphost/columns/bytes.hpp: how the parsers of this folder look at text.
//
// Every parser may read up to kPadding bytes behind the end of its text, which is what makes wide
// loads possible without a test for each. Records of a batch lie one behind the other, so that only
// the last ones need a copy: see padded.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace cphost::columns {

using Byte = unsigned char;

inline constexpr size_t kPadding = 64;

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the wide loads assume little-endian");

inline uint64_t load8(const void* p) {
  uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline uint32_t load4(const void* p) {
  uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

inline bool is_digit(Byte c) {
  return static_cast<unsigned>(c - '0') < 10;
}

}  // namespace cphost::columns
