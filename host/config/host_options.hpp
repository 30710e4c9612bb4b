// SPDX-License-Identifier: Apache-2.0
// The host's own options of a pipe file, declared as a component declares its own: one table feeds
// parsing, checks and docs.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <cphost/options.h>

namespace cphost::host {

const std::vector<cphost_option>& pipe_options();  ///< Top of the file.
const std::vector<cphost_option>& sink_options();
/// Of [source], [sink] and [errors].
const std::vector<cphost_option>& connected_options();  ///< [sink], beside the component's.
const std::vector<cphost_option>& batch_options();      ///< [batch]
const std::vector<cphost_option>& errors_options();     ///< [errors], beside the sink's.
const std::vector<cphost_option>& column_options();     ///< A column that is written as a table.

/// The position of option `name` in a table, or nothing.
std::optional<size_t> option_index(const std::vector<cphost_option>& options,
                                   std::string_view name);

}  // namespace cphost::host
