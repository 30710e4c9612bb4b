// SPDX-License-Identifier: Apache-2.0
// What run and check begin with: the plugins and the pipe files of a command line. [main]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/cli/command_line.hpp"
#include "host/config/diagnostics.hpp"
#include "host/config/pipe_config.hpp"
#include "host/plugins/registry.hpp"

namespace cphost::host {

/// The pipes live as long as the registry that found their components.
struct LoadedPipes {
  std::unique_ptr<Registry> registry;
  std::vector<std::unique_ptr<PipeConfig>> pipes;
  Diagnostics diagnostics;
};

LoadedPipes load_pipes(const CommandLine& line);

/// Scans the folders of the command line; a folder that can't be read is printed to standard error,
/// and `ok` is false.
Catalog scan_plugins(const CommandLine& line, bool& ok);

}  // namespace cphost::host
