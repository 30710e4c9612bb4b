// SPDX-License-Identifier: Apache-2.0
// Creates the components of a pipe and asks the target for its columns, to see whether both ends
// can be reached. It makes nothing in them, joins no group and commits nothing.
#pragma once

#include <string>

#include "host/config/pipe_config.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

struct ConnectionReport {
  int exit_code = 0;
  std::string text;        ///< One sentence; what was found, or what failed and why.
  bool timed_out = false;  ///< A thread still uses `config` and the plugins.
};

/// Waits at most config.start_timeout for plugins that hang.
ConnectionReport check_connections(const PipeConfig& config, const Log& log);

}  // namespace cphost::host
