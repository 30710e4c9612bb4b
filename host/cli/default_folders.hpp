// SPDX-License-Identifier: Apache-2.0
// Where plugins and state are when the command line does not say.
#pragma once

#include <string>

namespace cphost::host {

/// The installed plugin folder; where it does not exist, ../lib/cphost/plugins beside this
/// executable.
std::string default_plugin_folder();

/// $STATE_DIRECTORY (systemd), else cphost in the XDG state folder.
std::string default_state_folder();

}  // namespace cphost::host
