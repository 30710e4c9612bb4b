// SPDX-License-Identifier: Apache-2.0
// `cphost check`: tells every error of pipe files at once. With --connect it also creates the
// components and asks the target for its columns; it never creates a table, joins a group or
// commits.
#pragma once

#include "host/cli/command_line.hpp"

namespace cphost::host {

/// Prints what it found; the exit code.
int check_pipes(const CommandLine& line);

}  // namespace cphost::host
