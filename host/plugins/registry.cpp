// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/registry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cphost::host {

const Component* Registry::find(const std::string& kind, const std::string& name,
                                std::string& refusal) {
  const CatalogEntry* entry = catalog_.find(kind, name);
  if (entry == nullptr) {
    refusal = not_installed(kind, name);
    return nullptr;
  }
  auto found = loaded_.find(entry->path);
  if (found == loaded_.end()) found = loaded_.emplace(entry->path, load_plugin(*entry)).first;
  const LoadedPlugin& plugin = found->second;
  for (const auto& component : plugin.components) {
    if (component->kind == kind && component->name == name) return component.get();
  }
  refusal = fmt::format("{}: {}", entry->path, plugin.refusal);
  return nullptr;
}

std::string Registry::not_installed(const std::string& kind, const std::string& name) const {
  const std::vector<std::string> names = catalog_.names(kind);
  if (names.empty()) {
    return fmt::format(
        "no {} named \"{}\" is installed, nor any other {}; give the folder with --plugins", kind,
        name, kind);
  }
  return fmt::format("no {} named \"{}\" is installed; installed are: {}", kind, name,
                     fmt::join(names, ", "));
}

}  // namespace cphost::host
