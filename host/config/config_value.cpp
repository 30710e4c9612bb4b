// SPDX-License-Identifier: Apache-2.0
#include "host/config/config_value.hpp"

#include <fmt/format.h>

namespace cphost::host {
namespace {

constexpr size_t kShownBytesMax = 80;

}  // namespace

const ConfigValue* ConfigValue::find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) return &items[i];
  }
  return nullptr;
}

void ConfigValue::set(std::string_view key, ConfigValue value) {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == key) {
      items[i] = std::move(value);
      return;
    }
  }
  keys.emplace_back(key);
  items.push_back(std::move(value));
}

ConfigValue ConfigValue::text_value(std::string text, uint32_t line) {
  ConfigValue value;
  value.type = Type::kText;
  value.line = line;
  value.text = std::move(text);
  return value;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text.substr(0, kShownBytesMax)) {
    if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  if (text.size() > kShownBytesMax) out += "...";
  return out + "\"";
}

std::string describe_value(const ConfigValue& value) {
  switch (value.type) {
    case ConfigValue::Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case ConfigValue::Type::kInteger:
      return fmt::format("the number {}", value.integer);
    case ConfigValue::Type::kFloat:
      return fmt::format("the number {}", value.number);
    case ConfigValue::Type::kText:
      return "the text " + in_quotes(value.text);
    case ConfigValue::Type::kList:
      return "a list";
    case ConfigValue::Type::kTable:
      return "a table";
  }
  return "a value";
}

}  // namespace cphost::host
