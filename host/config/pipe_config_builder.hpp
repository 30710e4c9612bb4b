// SPDX-License-Identifier: Apache-2.0
// From pipe files to checked pipes: reads each file, finds its components, binds their options.
// Loads the plugins that the files name and calls none of their functions. [main]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/config/config_value.hpp"
#include "host/config/connections.hpp"
#include "host/config/diagnostics.hpp"
#include "host/config/pipe_config.hpp"
#include "host/plugins/registry.hpp"

namespace cphost::host {

/// The pipe of one parsed file; complete only if `diagnostics` got no error. Its own connections
/// stand before `shared` ones of the same name.
std::unique_ptr<PipeConfig> build_pipe_config(const ConfigValue& root, const std::string& file,
                                              const Connections& shared, Registry& registry,
                                              Diagnostics& diagnostics);

/// The pipes of `paths`, each a file or a folder of *.toml, in order. What is wrong with any of
/// them goes to `diagnostics`.
std::vector<std::unique_ptr<PipeConfig>> read_pipes(const std::vector<std::string>& paths,
                                                    const Connections& shared, Registry& registry,
                                                    Diagnostics& diagnostics);

}  // namespace cphost::host
