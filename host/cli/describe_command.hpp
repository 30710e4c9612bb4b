// SPDX-License-Identifier: Apache-2.0
// `cphost describe NAME`: the options of all components of that name, from the tables that they
// declare.
#pragma once

#include "host/cli/command_line.hpp"

namespace cphost::host {

/// Prints them; the exit code.
int describe_component(const CommandLine& line);

}  // namespace cphost::host
