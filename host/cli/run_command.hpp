// SPDX-License-Identifier: Apache-2.0
// `cphost --pipe p.toml`: runs pipes until their sources are done or a signal comes. Blocks
// SIGTERM, SIGINT and SIGHUP in the calling thread, and so in all threads that are made after it;
// call it once, from main.
#pragma once

#include "host/cli/command_line.hpp"

namespace cphost::host {

/// The exit code.
int run_pipes(const CommandLine& line);

}  // namespace cphost::host
