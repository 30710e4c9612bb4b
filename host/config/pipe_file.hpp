// SPDX-License-Identifier: Apache-2.0
// Reads the TOML of a pipe file. Nothing else of the host knows TOML.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "host/config/config_value.hpp"
#include "host/config/diagnostics.hpp"

namespace cphost::host {

/// The top-level table of the file, with lines; nothing if it can't be read or is not TOML, which
/// `diagnostics` then says.
std::optional<ConfigValue> read_pipe_file(const std::string& path, Diagnostics& diagnostics);

/// The same for a text; `file` is the name that messages carry.
std::optional<ConfigValue> parse_pipe_text(std::string_view text, const std::string& file,
                                           Diagnostics& diagnostics);

/// One value as it would stand behind "key = ", or nothing.
std::optional<ConfigValue> parse_value(std::string_view text);

}  // namespace cphost::host
