// SPDX-License-Identifier: Apache-2.0
#include "host/config/errors_stage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/config/host_options.hpp"
#include "host/config/option_binding.hpp"

namespace cphost::host {
namespace {

using Type = ConfigValue::Type;

constexpr const char* kSection = "[errors]";
constexpr const char* kDefaultTtl = "7d";

/// The options of the target, with a table and a time to live of the error table's own.
ConfigValue inherited(const ConfigValue& sink, const Stage& target, uint32_t line) {
  ConfigValue options;
  options.line = line;
  for (size_t i = 0; i < sink.items.size(); ++i) {
    const std::string& key = sink.keys[i];
    if (key != "plugin" && key != "connection" && key != "writers" && key != "table" &&
        key != "ttl")
      options.set(key, sink.items[i]);
  }
  const std::vector<cphost_option>& declared = target.component->options;
  if (const auto table = option_index(declared, "table")) {
    const cphost_value& value = (*target.options)[*table];
    if (value.set != 0 && declared[*table].type == CPHOST_STRING) {
      const std::string name(value.s.data, value.s.size);
      options.set("table", ConfigValue::text_value(name + "_errors", line));
    }
  }
  if (option_index(declared, "ttl")) options.set("ttl", ConfigValue::text_value(kDefaultTtl, line));
  return options;
}

const std::vector<std::string>& host_keys() {
  static const std::vector<std::string> keys{"raw_max", "stop_at", "connection"};
  return keys;
}

/// The keys of [errors] that are the host's.
void read_host_keys(const ConfigValue& given, StageBinder& stages, ErrorsConfig& errors) {
  ConfigValue own;
  own.line = given.line;
  for (const cphost_option& option : errors_options()) {
    if (const ConfigValue* value = given.find(option.name)) own.set(option.name, *value);
  }
  BindingPlace place = stages.place();
  place.section = kSection;
  place.owner = "an error table";
  const auto values = bind_options(errors_options(), own, {}, place, stages.diagnostics());
  const auto value = [&](const char* name) -> const cphost_value& {
    return (*values)[option_index(errors_options(), name).value()];
  };
  errors.raw_bytes_max = value("raw_max").i;
  if (value("stop_at").set == 0) return;
  const std::string text(value("stop_at").s.data, value("stop_at").s.size);
  if (const auto limit = parse_reject_limit(text)) {
    errors.stop_at = *limit;
  } else {
    stages.diagnostics().error(
        Location{place.file, given.find("stop_at")->line},
        fmt::format("[errors] stop_at is \"{}\"; allowed is \"never\", a share or a number, and "
                    "a time from 1s to 24h: \"10%/1m\", \"1000/1m\"",
                    text));
  }
}

}  // namespace

ErrorsConfig read_errors(const ConfigValue* given, const ConfigValue& sink, const Stage& target,
                         bool target_is_good, const Connections& connections, StageBinder& stages) {
  ErrorsConfig errors;
  ConfigValue table;
  table.line = sink.line;
  if (given != nullptr && given->is(Type::kTable)) {
    table = connections.applied(*given, stages.place().file, kSection, stages.diagnostics());
  } else if (given != nullptr && given->is(Type::kBool)) {
    errors.enabled = given->integer != 0;
    table.line = given->line;
  } else if (given != nullptr) {
    stages.diagnostics().error(
        Location{stages.place().file, given->line},
        fmt::format("errors is {}; a table [errors] or errors = false is wanted",
                    describe_value(*given)));
    return errors;
  }
  if (!errors.enabled) return errors;

  read_host_keys(table, stages, errors);
  if (table.find("plugin") != nullptr) {
    const Component* component = stages.find("sink", kSection, table);
    if (component != nullptr)
      errors.sink = stages.bind_to(*component, kSection, table, host_keys());
    return errors;
  }
  if (target.component == nullptr) return errors;
  ConfigValue merged = inherited(sink, target, table.line);
  for (size_t i = 0; i < table.items.size(); ++i) merged.set(table.keys[i], table.items[i]);
  // What is wrong with an inherited option was told where it stands; only the section's own lines
  // are news.
  Diagnostics found;
  errors.sink = StageBinder(stages.registry(), stages.place(), found)
                    .bind_to(*target.component, kSection, merged, host_keys());
  const std::string& file = stages.place().file;
  stages.diagnostics().add(found, [&](const Location& where) {
    return target_is_good ||
           std::any_of(table.items.begin(), table.items.end(), [&](const ConfigValue& own) {
             return own.line == where.line && (own.origin ? own.origin->file : file) == where.file;
           });
  });
  return errors;
}

}  // namespace cphost::host
