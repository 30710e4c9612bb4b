// SPDX-License-Identifier: Apache-2.0
#include "host/config/pipe_file.hpp"

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <sstream>

namespace cphost::host {
namespace {

// A pipe file is written by hand; a bigger one is a mistake (a data file, a device).
constexpr size_t kFileBytesMax = 1 << 20;

ConfigValue converted(const toml::node& node, uint32_t line);

ConfigValue converted_table(const toml::table& table, uint32_t line) {
  struct Place {
    toml::source_position at;
    size_t index;
  };
  ConfigValue raw;
  raw.line = line;
  std::vector<Place> places;
  for (const auto& [key, node] : table) {
    const toml::source_position at = key.source().begin;
    places.push_back(Place{at, raw.items.size()});
    raw.keys.emplace_back(key.str());
    raw.items.push_back(converted(node, at.line));
  }
  // The parser sorts by key; columns of a new table shall come in the order in which the user wrote
  // them.
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) { return a.at < b.at; });
  ConfigValue ordered;
  ordered.line = line;
  for (const Place& place : places) {
    ordered.keys.push_back(std::move(raw.keys[place.index]));
    ordered.items.push_back(std::move(raw.items[place.index]));
  }
  return ordered;
}

ConfigValue converted(const toml::node& node, uint32_t line) {
  using Type = ConfigValue::Type;
  ConfigValue value;
  value.line = line;
  if (const toml::table* table = node.as_table()) return converted_table(*table, line);
  if (const toml::array* array = node.as_array()) {
    value.type = Type::kList;
    for (const toml::node& item : *array) {
      value.items.push_back(converted(item, item.source().begin.line));
    }
  } else if (const auto* flag = node.as_boolean()) {
    value.type = Type::kBool;
    value.integer = flag->get() ? 1 : 0;
  } else if (const auto* integer = node.as_integer()) {
    value.type = Type::kInteger;
    value.integer = integer->get();
  } else if (const auto* number = node.as_floating_point()) {
    value.type = Type::kFloat;
    value.number = number->get();
  } else if (const auto* text = node.as_string()) {
    value.type = Type::kText;
    value.text = text->get();
  } else {
    std::ostringstream out;
    node.visit([&out](const auto& other) {
      if constexpr (toml::is_chronological<decltype(other)>) out << other.get();
    });
    value.type = Type::kText;
    value.text = out.str();
  }
  return value;
}

}  // namespace

std::optional<ConfigValue> parse_pipe_text(std::string_view text, const std::string& file,
                                           Diagnostics& diagnostics) {
  const toml::parse_result result = toml::parse(text);
  if (!result) {
    const toml::parse_error& error = result.error();
    diagnostics.error(Location{file, error.source().begin.line},
                      "not TOML: " + std::string(error.description()));
    return std::nullopt;
  }
  return converted_table(result.table(), 1);
}

std::optional<ConfigValue> read_pipe_file(const std::string& path, Diagnostics& diagnostics) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text(kFileBytesMax + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad()) {
    const char* why = errno != 0 ? std::strerror(errno) : "it is not a file";
    diagnostics.error(Location{path, 0}, "can't be read: " + std::string(why));
    return std::nullopt;
  }
  text.resize(static_cast<size_t>(in.gcount()));
  if (text.size() > kFileBytesMax) {
    diagnostics.error(Location{path, 0}, "is longer than 1 MiB, the most a pipe file may have");
    return std::nullopt;
  }
  return parse_pipe_text(text, path, diagnostics);
}

std::optional<ConfigValue> parse_value(std::string_view text) {
  const toml::parse_result result = toml::parse("v = " + std::string(text));
  if (!result || result.table().size() != 1) return std::nullopt;
  return converted(*result.table().get("v"), 0);
}

}  // namespace cphost::host
