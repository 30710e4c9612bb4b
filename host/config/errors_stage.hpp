// SPDX-License-Identifier: Apache-2.0
// [errors]: the second sink, which takes rejected records. Unless it names a plugin, it is the
// pipe's sink with the same options and a table of its own. [main]
#pragma once

#include "host/config/config_value.hpp"
#include "host/config/connections.hpp"
#include "host/config/pipe_config.hpp"
#include "host/config/stage_binding.hpp"

namespace cphost::host {

/// `given` is the value of `errors` or nullptr, `sink` the table [sink] with what its connection
/// adds, and `target` what was made of it, without an error if `target_is_good`.
ErrorsConfig read_errors(const ConfigValue* given, const ConfigValue& sink, const Stage& target,
                         bool target_is_good, const Connections& connections, StageBinder& stages);

}  // namespace cphost::host
