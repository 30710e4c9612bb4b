// SPDX-License-Identifier: Apache-2.0
// Checked conversions between fixed-width values. The server casts too, but without a check of the
// range: 300 becomes 44 in a UInt8. So whatever could lose something is converted here. Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace clickhouse {

struct Conversion {
  /// Converts `count` values from index `begin` on. Returns whether all of them fit; what did not
  /// fit is 0.
  bool (*run)(const void* values, size_t begin, size_t count, int64_t factor,
              uint8_t* out) = nullptr;
  int64_t factor = 1;  ///< Of times: ticks of one unit in the other.
  size_t width = 0;    ///< Bytes of a result.

  explicit operator bool() const { return run != nullptr; }
};

/// Between Arrow's integers ("c" .. "L"). Nothing for other formats.
Conversion integer_conversion(std::string_view from, std::string_view to);

/// From a timestamp with `from_scale` decimals of a second to DateTime64(to_scale).
Conversion to_date_time64(int from_scale, int to_scale);
/// The same to seconds in 32 bits, to days in 16 bits, and to days in 32 bits (1900 to 2299),
/// rounding down.
Conversion to_date_time(int from_scale);
Conversion to_date(int from_scale);
Conversion to_date32(int from_scale);

}  // namespace clickhouse
