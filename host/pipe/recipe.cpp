// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/recipe.hpp"

#include <string>

#include "host/pipe/crc32c.hpp"
#include "host/pipe/schema_text.hpp"

namespace cphost::host {
namespace {

// Sizes before bytes, so that no two lists of options give one text.
void add(std::string& text, std::string_view part) {
  text += std::to_string(part.size()) + ":";
  text += part;
}

void add_value(std::string& text, const cphost_option& option, const cphost_value& value) {
  add(text, option.name);
  switch (option.type) {
    case CPHOST_FLOAT:
      return add(text, std::to_string(value.f));
    case CPHOST_STRING:
      return add(text, {value.s.data, static_cast<size_t>(value.s.size)});
    case CPHOST_LIST:
    case CPHOST_MAP:
      for (uint32_t i = 0; i < value.count; ++i)
        add(text, {value.items[i].data, static_cast<size_t>(value.items[i].size)});
      return;
    default:
      return add(text, std::to_string(value.i));
  }
}

void add_stage(std::string& text, const Stage& stage) {
  add(text, stage.component->name);
  add(text, stage.component->plugin_version);
  const auto& options = stage.component->options;
  for (size_t i = 0; i < options.size(); ++i) {
    if (stage.options && (options[i].flags & CPHOST_SECRET) == 0)
      add_value(text, options[i], (*stage.options)[i]);
  }
}

}  // namespace

uint32_t recipe_of(const PipeConfig& config, const Binding& binding) {
  std::string text;
  add(text, config.name);
  add(text, schema_text(binding.columns_schema()));
  if (binding.wanted()) add(text, schema_text(*binding.wanted()));
  if (config.format) add_stage(text, *config.format);
  add_stage(text, config.sink);
  return crc32c(text);
}

}  // namespace cphost::host
