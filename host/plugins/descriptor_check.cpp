// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/descriptor_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>
#include <string_view>

#include "host/plugins/component.hpp"

namespace cphost::host {
namespace {

constexpr uint32_t kTableItemsMax = 1024;
constexpr uint32_t kStrideMax = 4096;

uint32_t size_of_table(const void* table) {
  uint32_t size = 0;
  std::memcpy(&size, table, sizeof size);
  return size;
}

bool is_option_name(const char* name) {
  if (name == nullptr || *name < 'a' || *name > 'z') return false;
  const std::string_view text(name);
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Keys of the host's own in the tables of a pipe file where the options of a component stand.
bool is_host_key(std::string_view kind, std::string_view name) {
  if (name == "plugin") return true;
  return kind == "sink" && (name == "writers" || name == "raw_max" || name == "stop_at");
}

std::string check_strides(const cphost_component& c) {
  const bool options_good = c.option_count == 0 ||
                            (c.options != nullptr && c.option_count <= kTableItemsMax &&
                             c.option_size >= sizeof(cphost_option) && c.option_size <= kStrideMax);
  if (!options_good) return "its option table is malformed";
  const bool metrics_good = c.metric_count == 0 ||
                            (c.metrics != nullptr && c.metric_count <= kTableItemsMax &&
                             c.metric_size >= sizeof(cphost_metric) && c.metric_size <= kStrideMax);
  return metrics_good ? "" : "its metric table is malformed";
}

std::string check_options(const Component& component) {
  std::set<std::string_view> names;
  for (const cphost_option& option : component.options) {
    if (!is_option_name(option.name)) return "an option has no snake_case name";
    if (!names.insert(option.name).second)
      return fmt::format("two options are named {}", option.name);
    if (is_host_key(component.kind, option.name)) {
      return fmt::format("its option {} has the name of an option of the host", option.name);
    }
    if (option.doc == nullptr || *option.doc == '\0')
      return fmt::format("its option {} has no doc", option.name);
    if (option.type < CPHOST_BOOL || option.type > CPHOST_MAP) {
      return fmt::format("its option {} has the unknown type {}", option.name, option.type);
    }
    if ((option.flags & CPHOST_REQUIRED) != 0 && option.default_value != nullptr) {
      return fmt::format("its option {} is required and has a default", option.name);
    }
  }
  for (const cphost_metric& metric : component.metrics) {
    if (!is_option_name(metric.name) || metric.unit == nullptr || metric.help == nullptr) {
      return "a metric lacks its name, unit or help";
    }
  }
  return {};
}

std::string check_table(const Component& component, uint32_t size) {
  bool good = false;
  if (component.kind == "source") {
    const cphost_source& t = component.source;
    good = size >= offsetof(cphost_source, commit) && t.create && t.schema && t.destroy && t.open &&
           t.poll && t.seek && t.close;
  } else if (component.kind == "format") {
    const cphost_format& t = component.format;
    good = size >= offsetof(cphost_format, infer) && t.create && t.destroy && t.open && t.decode &&
           t.close;
  } else {
    const cphost_sink& t = component.sink;
    good = size >= offsetof(cphost_sink, describe) && t.create && t.destroy && t.open && t.write &&
           t.close;
  }
  return good ? "" : "its function table lacks a function that is not optional";
}

std::string check_component(const cphost_component* c, const PluginNote& note) {
  if (c == nullptr || c->struct_size < offsetof(cphost_component, extension)) {
    return "a component's descriptor is missing or too short";
  }
  if (c->kind == nullptr || c->name == nullptr || c->summary == nullptr || c->table == nullptr) {
    return "a component lacks its kind, name, summary or table";
  }
  const bool promised = std::any_of(
      note.provides.begin(), note.provides.end(),
      [c](const ProvidedComponent& each) { return each.kind == c->kind && each.name == c->name; });
  if (!promised) {
    return fmt::format("it has the component {}:{}, which its note does not name", c->kind,
                       c->name);
  }
  std::string error = check_strides(*c);
  if (error.empty()) {
    const Component component = make_component(*c);
    error = check_options(component);
    if (error.empty()) error = check_table(component, size_of_table(c->table));
  }
  return error.empty() ? error : fmt::format("{}:{}: {}", c->kind, c->name, error);
}

}  // namespace

std::string check_descriptors(const cphost_plugin* plugin, const PluginNote& note) {
  if (plugin == nullptr || plugin->struct_size < sizeof(cphost_plugin) ||
      plugin->components == nullptr) {
    return "its descriptor is missing or too short";
  }
  if (plugin->component_count != note.provides.size()) {
    return fmt::format("it has {} components, its note names {}", plugin->component_count,
                       note.provides.size());
  }
  std::set<std::string> seen;
  for (uint32_t i = 0; i < plugin->component_count; ++i) {
    const cphost_component* component = plugin->components[i];
    if (std::string error = check_component(component, note); !error.empty()) return error;
    if (!seen.insert(fmt::format("{}:{}", component->kind, component->name)).second) {
      return fmt::format("it has {}:{} twice", component->kind, component->name);
    }
  }
  return {};
}

}  // namespace cphost::host
