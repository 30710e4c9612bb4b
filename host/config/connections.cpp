// SPDX-License-Identifier: Apache-2.0
#include "host/config/connections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "host/config/nearest_name.hpp"
#include "host/config/pipe_file.hpp"

namespace cphost::host {
namespace {

using Type = ConfigValue::Type;

constexpr const char* kTable = "connections";
constexpr const char* kLiterals = "allow_literal_secrets";
constexpr const char* kKey = "connection";

// What a connection can't set: they are the table's own.
bool is_of_the_table(const std::string& key) {
  return key == "plugin" || key == kKey;
}

}  // namespace

bool allows_literal_secrets(const ConfigValue& root) {
  const ConfigValue* literals = root.find(kLiterals);
  return literals != nullptr && literals->is(Type::kBool) && literals->integer != 0;
}

void Connections::read_file(const std::string& path, Diagnostics& diagnostics) {
  const std::optional<ConfigValue> root = read_pipe_file(path, diagnostics);
  if (!root) return;
  for (size_t i = 0; i < root->keys.size(); ++i) {
    const std::string& key = root->keys[i];
    const Location where{path, root->items[i].line};
    if (key == kLiterals && !root->items[i].is(Type::kBool)) {
      diagnostics.error(where, fmt::format("{} is {}; true or false is wanted", key,
                                           describe_value(root->items[i])));
    }
    if (key == kLiterals || key == kTable) continue;
    diagnostics.error(where, fmt::format("{} does not belong into a file of connections{}",
                                         in_quotes(key), did_you_mean(key, {kTable, kLiterals})));
  }
  add(*root, path, false, diagnostics);
}

void Connections::add(const ConfigValue& root, const std::string& file, bool replaces,
                      Diagnostics& diagnostics) {
  const ConfigValue* tables = root.find(kTable);
  if (tables == nullptr) return;
  if (!tables->is(Type::kTable)) {
    diagnostics.error(Location{file, tables->line},
                      fmt::format("{} is {}; tables [connections.NAME] are wanted", kTable,
                                  describe_value(*tables)));
    return;
  }
  for (size_t i = 0; i < tables->keys.size(); ++i) {
    const std::string& name = tables->keys[i];
    const ConfigValue& options = tables->items[i];
    const Location where{file, options.line};
    if (!options.is(Type::kTable)) {
      diagnostics.error(where, fmt::format("connections: {} is {}; a table [connections.NAME] is "
                                           "wanted",
                                           name, describe_value(options)));
      continue;
    }
    ValueOrigin origin{file, fmt::format("[connections.{}]", name),
                       std::filesystem::path(file).parent_path().string(),
                       allows_literal_secrets(root)};
    Connection made{name, std::make_shared<const ValueOrigin>(std::move(origin)), options};
    const auto old =
        std::find_if(all_.begin(), all_.end(), [&name](const auto& c) { return c.name == name; });
    if (old == all_.end()) {
      all_.push_back(std::move(made));
    } else if (replaces) {
      *old = std::move(made);
    } else {
      diagnostics.error(where, fmt::format("the name {} is that of a connection in {}:{} too; give "
                                           "each its own",
                                           in_quotes(name), old->origin->file, old->options.line));
    }
  }
}

const Connections::Connection* Connections::find(const std::string& name) const {
  const auto found =
      std::find_if(all_.begin(), all_.end(), [&name](const auto& c) { return c.name == name; });
  return found == all_.end() ? nullptr : &*found;
}

ConfigValue Connections::applied(const ConfigValue& table, const std::string& file,
                                 const std::string& section, Diagnostics& diagnostics) const {
  const ConfigValue* name = table.find(kKey);
  if (name == nullptr) return table;
  const Location where{file, name->line};
  if (!name->is(Type::kText)) {
    diagnostics.error(where, fmt::format("{} {} is {}; a name in quotes is wanted", section, kKey,
                                         describe_value(*name)));
    return table;
  }
  const Connection* connection = find(name->text);
  if (connection == nullptr) {
    std::vector<std::string> names;
    for (const Connection& each : all_) names.push_back(each.name);
    const std::string hint = did_you_mean(name->text, names);
    diagnostics.error(
        where, fmt::format("{} {} is {}; there is no such connection{}", section, kKey,
                           in_quotes(name->text),
                           hint.empty() ? fmt::format("; write [connections.{}] in this file, or "
                                                      "in one that --connections names",
                                                      name->text)
                                        : hint));
    return table;
  }
  ConfigValue merged = table;
  for (size_t i = 0; i < connection->options.keys.size(); ++i) {
    const std::string& key = connection->options.keys[i];
    ConfigValue value = connection->options.items[i];
    if (is_of_the_table(key)) {
      diagnostics.error(Location{connection->origin->file, value.line},
                        fmt::format("{} {} can't be set by a connection; it stands in {}",
                                    connection->origin->section, in_quotes(key), section));
      continue;
    }
    if (table.find(key) != nullptr) continue;
    value.origin = connection->origin;
    merged.set(key, std::move(value));
  }
  return merged;
}

}  // namespace cphost::host
