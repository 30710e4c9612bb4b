// SPDX-License-Identifier: Apache-2.0
// Times as they stand in options: absolute with their zone ("2026-01-31T12:00:00Z"), milliseconds
// since 1970, or relative to the start of the process ("-2h"). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace kafka {

/// Milliseconds since 1970; nothing for what is no time, or none that exists.
std::optional<int64_t> parse_time(std::string_view text, int64_t now_ms);

}  // namespace kafka
