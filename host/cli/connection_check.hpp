// SPDX-License-Identifier: Apache-2.0
// What `check` asks of the components of a pipe. Neither function makes anything in either end,
// joins a group or commits.
#pragma once

#include <string>
#include <vector>

#include "host/config/pipe_config.hpp"
#include "host/pipe/stop_pipe.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

struct ConnectionReport {
  int exit_code = 0;
  std::string text;        ///< One sentence; what was found, or what failed and why.
  bool timed_out = false;  ///< A thread still uses `config` and the plugins.
};

/// Creates each component, which opens no connection, and says what each has to say against its
/// options taken together.
std::vector<StopPipe> check_components(const PipeConfig& config, Log log);

/// Asks the target for its columns, to see whether both ends can be reached.
/// Waits at most config.start_timeout for plugins that hang.
ConnectionReport check_connections(const PipeConfig& config, const Log& log);

}  // namespace cphost::host
