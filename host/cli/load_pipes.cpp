// SPDX-License-Identifier: Apache-2.0
#include "host/cli/load_pipes.hpp"

#include <cstdio>

#include "host/config/pipe_config_builder.hpp"

namespace cphost::host {

Catalog scan_plugins(const CommandLine& line, bool& ok) {
  Catalog catalog = Catalog::scan(line.plugin_folders);
  for (const std::string& error : catalog.folder_errors()) {
    std::fprintf(stderr, "cphost: %s; give another with --plugins\n", error.c_str());
  }
  ok = catalog.folder_errors().empty();
  return catalog;
}

LoadedPipes load_pipes(const CommandLine& line) {
  LoadedPipes loaded;
  loaded.registry = std::make_unique<Registry>(Catalog::scan(line.plugin_folders));
  for (const std::string& error : loaded.registry->catalog().folder_errors()) {
    loaded.diagnostics.error(Location{"cphost", 0}, error + "; give another with --plugins");
  }
  Connections shared;
  for (const std::string& file : line.connections) shared.read_file(file, loaded.diagnostics);
  loaded.pipes = read_pipes(line.pipes, shared, *loaded.registry, loaded.diagnostics);
  return loaded;
}

}  // namespace cphost::host
