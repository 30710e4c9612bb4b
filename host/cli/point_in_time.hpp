// SPDX-License-Identifier: Apache-2.0
// A point in time as people write it: "2026-01-31", "2026-01-31 12:30:00", "2026-01-31T12:30:00Z"
// (all UTC), or a duration before now: "2h". Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace cphost::host {

/// Microseconds since 1970; nothing where it is no point in time.
std::optional<int64_t> parse_point_in_time(const std::string& text, int64_t now_us);

}  // namespace cphost::host
