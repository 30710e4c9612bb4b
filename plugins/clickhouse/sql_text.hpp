// SPDX-License-Identifier: Apache-2.0
// Names and values in SQL text. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

namespace clickhouse {

/// `name` between backticks, so that no name is ever SQL.
std::string quote_identifier(std::string_view name);

/// `text` between single quotes.
std::string quote_string(std::string_view text);

}  // namespace clickhouse
