// SPDX-License-Identifier: Apache-2.0
// The checksum of ClickHouse's compressed frames: CityHash128 as of CityHash 1.0.2. Later releases
// of CityHash give other values, which a server refuses (code 271 or 40).
//
// Pure and free of state: any thread may call it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace clickhouse {

struct Hash128 {
  uint64_t low;
  uint64_t high;
};

inline bool operator==(const Hash128& a, const Hash128& b) {
  return a.low == b.low && a.high == b.high;
}
inline bool operator!=(const Hash128& a, const Hash128& b) {
  return !(a == b);
}

/// `data` may be null when `size` is 0. A frame holds `low` first, each half little-endian.
Hash128 city_hash128(const char* data, size_t size);

}  // namespace clickhouse
