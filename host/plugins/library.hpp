// SPDX-License-Identifier: Apache-2.0
// Loads a plugin. Plugins stay loaded for the life of the process: their threads, thread-locals and
// atexit handlers could otherwise run code that is no longer there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/plugins/catalog.hpp"
#include "host/plugins/component.hpp"

namespace cphost::host {

/// The components of a plugin, or the reason why it is refused.
struct LoadedPlugin {
  std::vector<std::unique_ptr<const Component>> components;
  std::string refusal;
};

/// Checks the file's owner and mode, loads it, and checks its descriptors against its note. [main]
LoadedPlugin load_plugin(const CatalogEntry& entry);

}  // namespace cphost::host
