// SPDX-License-Identifier: Apache-2.0
// One line an event on standard error. Any thread may log; lines do not mix.
#pragma once

#include <string_view>

namespace chdb {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

/// Throws std::runtime_error for a name that is none of error, warning, info, debug.
LogLevel parse_log_level(std::string_view name);

void set_log_level(LogLevel level);
bool is_logged(LogLevel level);

/// Line ends in `text` become blanks: a client's words cannot look like another line.
void log(LogLevel level, std::string_view text);

}  // namespace chdb
