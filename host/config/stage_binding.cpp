// SPDX-License-Identifier: Apache-2.0
#include "host/config/stage_binding.hpp"

#include <fmt/format.h>

#include "host/config/nearest_name.hpp"

namespace cphost::host {

Stage StageBinder::bind(const std::string& kind, const ConfigValue& table,
                        const std::vector<std::string>& host_keys) {
  const std::string section = "[" + kind + "]";
  const Component* component = find(kind, section, table);
  if (component == nullptr) return Stage{};
  return bind_to(*component, section, table, host_keys);
}

const Component* StageBinder::find(const std::string& kind, const std::string& section,
                                   const ConfigValue& table) {
  const ConfigValue* plugin = table.find("plugin");
  if (plugin == nullptr || !plugin->is(ConfigValue::Type::kText)) {
    const uint32_t line = plugin == nullptr ? table.line : plugin->line;
    diagnostics_.error(
        Location{place_.file, line},
        plugin == nullptr
            ? fmt::format(
                  "{0} plugin is missing; write plugin = \"NAME\", a {1} of `cphost plugins`",
                  section, kind)
            : fmt::format("{} plugin is {}; a name in quotes is wanted", section,
                          describe_value(*plugin)));
    return nullptr;
  }
  std::string refusal;
  const Component* component = registry_.find(kind, plugin->text, refusal);
  if (component == nullptr) {
    diagnostics_.error(Location{place_.file, plugin->line},
                       fmt::format("{} {}{}", section, refusal,
                                   did_you_mean(plugin->text, registry_.catalog().names(kind))));
  }
  return component;
}

Stage StageBinder::bind_to(const Component& component, const std::string& section,
                           const ConfigValue& table, const std::vector<std::string>& host_keys) {
  BindingPlace place = place_;
  place.section = section;
  place.owner = fmt::format("the {} {}", component.kind, component.name);
  std::vector<std::string> other_keys = host_keys;
  other_keys.emplace_back("plugin");
  Stage stage;
  stage.component = &component;
  stage.where = Location{place_.file, table.line};
  stage.options = bind_options(component.options, table, other_keys, place, diagnostics_);
  return stage;
}

}  // namespace cphost::host
