// SPDX-License-Identifier: Apache-2.0
// Days and times as text that the server reads back exactly. Pure functions; any thread.
//
// Each appends the text, or returns false where the server would read another value, and takes a
// number for what it is in a column: days since 1970, or ticks of 10^-scale s.
#pragma once

#include <cstdint>
#include <string>

namespace clickhouse {

/// Whether DateTime64(9) holds it: all times that the server finds out by itself are of that type.
bool fits_nanoseconds(int64_t ticks, unsigned scale);
/// "2024-01-31", of the years 1900 to 2299.
bool append_day(int64_t days, std::string& out);
/// "2024-01-31T10:20:30.5Z", which has no zone but its own; of the years 1 to 9999.
bool append_moment(int64_t ticks, unsigned scale, std::string& out);
/// "1704104430.500", seconds since 1970 for a server that reads no zones; not the second before,
/// which would lose its sign.
bool append_seconds(int64_t ticks, unsigned scale, std::string& out);
/// "-001:02:03.5", of up to 999 hours.
bool append_time(int64_t ticks, unsigned scale, std::string& out);

}  // namespace clickhouse
