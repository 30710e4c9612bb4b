// SPDX-License-Identifier: Apache-2.0
// A component of a loaded plugin, seen through its descriptor. Constant and shared by every pipe;
// plugins are never unloaded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <cphost/plugin.h>

namespace cphost::host {

struct Component {
  std::string kind;
  std::string name;
  std::string summary;
  std::string plugin_path;
  std::string plugin_version;
  std::vector<cphost_option> options;  ///< Copied by the plugin's own stride; absent members are 0.
  std::vector<cphost_metric> metrics;

  /// The function table as this host knows it: what the plugin's own table lacks is a stub that
  /// answers UNSUPPORTED (or does nothing), so hot calls test nothing. `has_*` tell which optional
  /// functions are real. Exactly one of the three is filled.
  cphost_source source{};
  cphost_format format{};
  cphost_sink sink{};
  bool has_commit = false;
  bool has_pause = false;
  bool has_describe = false;
  bool has_prepare = false;

  /// What the component has besides: the table of an extension ("cphost.NAME/REV"), or nullptr.
  /// `self` is what create made.
  const void* (*extension)(void* self, const char* id) = nullptr;

  /// The same as this host knows it. Nothing where the component lacks it, or part of it.
  template <class T>
  const T* extension_of(void* self, const char* id) const {
    const auto* table = static_cast<const T*>(extension(self, id));
    return table != nullptr && table->struct_size >= sizeof(T) ? table : nullptr;
  }
};

/// The component of a descriptor that was found sane (descriptor_check.hpp).
Component make_component(const cphost_component& descriptor);

}  // namespace cphost::host
