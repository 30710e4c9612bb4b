// SPDX-License-Identifier: Apache-2.0
// The default of an option, which stands in its table as it would in TOML, but without quotes for
// text. Pure functions.
#pragma once

#include <cphost/options.h>

#include <optional>

#include "host/config/config_value.hpp"

namespace cphost::host {

/// True where the default is a text without its quotes. The option must have a default.
bool default_is_text(const cphost_option& option);

/// The default, or nothing if it is not a value. The option must have one.
std::optional<ConfigValue> parse_default(const cphost_option& option);

}  // namespace cphost::host
