// SPDX-License-Identifier: Apache-2.0
// The settings that go with every INSERT, stated explicitly because the defaults of servers differ
// and have changed: asynchronous inserts, for one, are the default since 26.3 and would acknowledge
// rows that are not yet durable. Immutable after construction; any thread.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clickhouse {

using Settings = std::vector<std::pair<std::string, std::string>>;

/// Settings that the sink sends where the server knows them. A server refuses a whole request for
/// one unknown name.
const Settings& insert_settings();

/// Settings for bodies of JSON besides: the reader must not divide them into several blocks.
const Settings& json_settings();

/// "SELECT name FROM system.settings WHERE name IN (...)": which of them the server knows.
std::string known_settings_query();

/// The settings of an INSERT for a server that knows `known`, and the user's own behind them.
/// `date_time_input`: how texts of times are to be read; "" as usual.
/// `exact`: blocks have the types of the table as it was described, so that a cast would only hide
/// that a column has changed since.
Settings settings_for(const std::set<std::string>& known, bool exact, const Settings& of_user,
                      std::string_view date_time_input = {});

/// Those of json_settings() that the server knows.
Settings json_settings_for(const std::set<std::string>& known);

/// Why the user may not set `name`, or "".
std::string why_refused(std::string_view name);

}  // namespace clickhouse
