// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/library.hpp"

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/shared_library.hpp>
#include <deque>

#include "host/plugins/descriptor_check.hpp"
#include "host/plugins/file_trust.hpp"

namespace cphost::host {
namespace {

constexpr const char* kEntryPoint = "cphost_plugin_v1";

/// Never destroyed, so that no plugin is ever unloaded, at exit neither.
std::deque<boost::dll::shared_library>& loaded_libraries() {
  static auto& libraries = *new std::deque<boost::dll::shared_library>;
  return libraries;
}

LoadedPlugin refused(std::string why) {
  LoadedPlugin plugin;
  plugin.refusal = std::move(why);
  return plugin;
}

}  // namespace

LoadedPlugin load_plugin(const CatalogEntry& entry) {
  if (!entry.refusal.empty() || !entry.note) return refused(entry.refusal);
  if (std::string why = check_file_trust(entry.path, trusted_owners()); !why.empty())
    return refused(why);

  using boost::dll::load_mode::type;
  boost::dll::shared_library library;
  try {
    // Not local scope alone but also now: a symbol that is missing shall be told here and not when
    // it is first called.
    library.load(entry.path, static_cast<type>(boost::dll::load_mode::rtld_now |
                                               boost::dll::load_mode::rtld_local));
  } catch (const std::exception& error) {
    return refused(std::string("can't be loaded: ") + error.what());
  }
  loaded_libraries().push_back(library);
  if (!library.has(kEntryPoint)) {
    return refused(std::string("does not export ") + kEntryPoint +
                   "; build it with cphost_add_plugin()");
  }
  const cphost_plugin* plugin = library.get<const cphost_plugin*()>(kEntryPoint)();
  if (std::string why = check_descriptors(plugin, *entry.note); !why.empty()) {
    return refused(why + "; this is a bug of the plugin");
  }
  LoadedPlugin loaded;
  for (uint32_t i = 0; i < plugin->component_count; ++i) {
    Component component = make_component(*plugin->components[i]);
    component.plugin_path = entry.path;
    component.plugin_version = entry.note->version;
    loaded.components.push_back(std::make_unique<const Component>(std::move(component)));
  }
  return loaded;
}

}  // namespace cphost::host
