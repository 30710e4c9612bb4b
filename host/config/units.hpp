// SPDX-License-Identifier: Apache-2.0
// Durations and sizes as people write them. Every duration and size in a pipe file carries its
// unit, so that nobody has to look up whether 5 means seconds. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cphost::host {

/// Milliseconds of "500ms", "5s", "10m", "2h", "7d" or "0"; nothing if it is not a duration or too
/// long.
std::optional<int64_t> parse_duration(std::string_view text);

/// The shortest exact notation: 90'000 is "90s", 120'000 is "2m".
std::string format_duration(int64_t milliseconds);

/// Bytes of "512B", "64KiB", "64MiB", "1GiB", "1TiB", "64kB", "64MB", "1GB", "1TB" or "0"; nothing
/// if it is not a size or too big.
std::optional<int64_t> parse_size(std::string_view text);

/// The shortest exact notation: 67'108'864 is "64MiB".
std::string format_size(int64_t bytes);

/// For people: "34.2 MiB".
std::string approximate_size(int64_t bytes);

}  // namespace cphost::host
