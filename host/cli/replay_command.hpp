// SPDX-License-Identifier: Apache-2.0
// `cphost replay`: feeds the rejects of a pipe through its present configuration.
#pragma once

#include "host/cli/command_line.hpp"

namespace cphost::host {

/// Prints what became of them; the exit code.
int replay_pipes(const CommandLine& line);

}  // namespace cphost::host
