// SPDX-License-Identifier: Apache-2.0
// What commands that work on one pipe after the other have in common.
#pragma once

#include <functional>

#include "host/cli/command_line.hpp"
#include "host/config/pipe_config.hpp"

namespace cphost::host {

/// Calls `work` for each pipe of the command line; it returns an exit code, or throws StopPipe or
/// BindingError, whose texts go to standard error while the other pipes go on. Returns the worst
/// exit code, and CONFIG before any work where a pipe file is wrong.
int for_each_pipe(const CommandLine& line, const std::function<int(const PipeConfig&)>& work);

}  // namespace cphost::host
