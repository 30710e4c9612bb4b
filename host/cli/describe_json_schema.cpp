// SPDX-License-Identifier: Apache-2.0
#include "host/cli/describe_json_schema.hpp"

#include <fmt/format.h>

#include "host/cli/describe_text.hpp"
#include "host/config/config_value.hpp"
#include "host/config/option_check.hpp"
#include "host/config/option_default.hpp"
#include "host/report/json_text.hpp"

namespace cphost::host {
namespace {

constexpr std::string_view kDurationPattern = "^([0-9]+ ?(ms|s|m|h|d)|0)$";
constexpr std::string_view kSizePattern = "^([0-9]+ ?(B|[kK]B|MB|GB|TB|KiB|MiB|GiB|TiB)|0)$";
constexpr std::string_view kReference =
    R"({"type":"object","properties":{"file":{"type":"string"},"env":{"type":"string"},)"
    R"("credential":{"type":"string"}},"minProperties":1,"maxProperties":1,)"
    R"("additionalProperties":false})";

/// The schema of one text, with the check that holds for it.
std::string text_schema(const OptionCheck& check) {
  if (check.kind == OptionCheck::Kind::kPattern) {
    return fmt::format(R"({{"type":"string","pattern":{}}})",
                       json_string("^(?:" + check.pattern + ")$"));
  }
  if (check.kind != OptionCheck::Kind::kChoice) return R"({"type":"string"})";
  std::string choices;
  for (const std::string& choice : check.choices)
    choices += (choices.empty() ? "" : ",") + json_string(choice);
  return fmt::format(R"({{"type":"string","enum":[{}]}})", choices);
}

/// `"minimum":1,"maximum":9` of what is bounded, with a comma before each.
std::string bounds(const OptionCheck& check, uint32_t type) {
  std::string out;
  if (check.kind != OptionCheck::Kind::kRange) return out;
  const size_t dots = check.source.find("..");
  const std::string low = check.source.substr(0, dots);
  const std::string high = check.source.substr(dots + 2);
  if (!low.empty()) {
    out += type == CPHOST_FLOAT ? fmt::format(",\"minimum\":{}", check.float_min)
                                : fmt::format(",\"minimum\":{}", check.integer_min);
  }
  if (!high.empty()) {
    out += type == CPHOST_FLOAT ? fmt::format(",\"maximum\":{}", check.float_max)
                                : fmt::format(",\"maximum\":{}", check.integer_max);
  }
  return out;
}

/// The members that say which values are valid, without braces.
std::string type_members(const cphost_option& option, const OptionCheck& check) {
  const std::string text = text_schema(check);
  switch (option.type) {
    case CPHOST_BOOL:
      return R"("type":"boolean")";
    case CPHOST_INT:
      return R"("type":"integer")" + bounds(check, option.type);
    case CPHOST_FLOAT:
      return R"("type":"number")" + bounds(check, option.type);
    case CPHOST_DURATION:
      return fmt::format(R"("type":"string","pattern":{})", json_string(kDurationPattern));
    case CPHOST_BYTES:
      return fmt::format(R"("type":"string","pattern":{})", json_string(kSizePattern));
    case CPHOST_LIST:
      return fmt::format(R"("anyOf":[{},{{"type":"array","items":{}}}])", text, text);
    case CPHOST_MAP:
      return R"("type":"object")";
    default:
      return fmt::format(R"("anyOf":[{},{{"$ref":"#/$defs/reference"}}])", text);
  }
}

std::string json_value(const ConfigValue& value) {
  using Type = ConfigValue::Type;
  std::string items;
  switch (value.type) {
    case Type::kBool:
      return value.integer != 0 ? "true" : "false";
    case Type::kInteger:
      return std::to_string(value.integer);
    case Type::kFloat:
      return fmt::format("{}", value.number);
    case Type::kText:
      return json_string(value.text);
    case Type::kList:
      for (const ConfigValue& item : value.items)
        items += (items.empty() ? "" : ",") + json_value(item);
      return "[" + items + "]";
    case Type::kTable:
      for (size_t i = 0; i < value.items.size(); ++i) {
        items +=
            (i == 0 ? "" : ",") + json_string(value.keys[i]) + ":" + json_value(value.items[i]);
      }
      return "{" + items + "}";
  }
  return "null";
}

std::string default_member(const cphost_option& option) {
  if (option.default_value == nullptr) return {};
  const auto value = parse_default(option);
  return value ? ",\"default\":" + json_value(*value) : std::string();
}

std::string option_schema(const cphost_option& option) {
  const OptionCheck check = parse_check(option).value_or(OptionCheck{});
  std::string out =
      "{" + type_members(option, check) + ",\"description\":" + json_string(option.doc);
  out += default_member(option);
  if (check.kind != OptionCheck::Kind::kNone)
    out += ",\"x-allowed\":" + json_string(check.allowed());
  if ((option.flags & CPHOST_SECRET) != 0) out += ",\"writeOnly\":true";
  if ((option.flags & CPHOST_DEPRECATED) != 0) out += ",\"deprecated\":true";
  if ((option.flags & CPHOST_ADVANCED) != 0) out += ",\"x-advanced\":true";
  return out + fmt::format(",\"x-type\":{}}}", json_string(option_type_name(option.type)));
}

// A connection may have what the table lacks.
constexpr const char* kRequiredHere =
    "  \"if\":{{\"not\":{{\"required\":[\"connection\"]}}}},\"then\":{{\"required\":[{}]}},\n";

std::string component_schema(const Component& component) {
  std::string properties = fmt::format(R"("plugin":{{"const":{}}})", json_string(component.name));
  std::string required;
  for (const cphost_option& option : shown_options(component)) {
    properties += ",\n    " + json_string(option.name) + ":" + option_schema(option);
    if ((option.flags & CPHOST_REQUIRED) != 0)
      required += (required.empty() ? "" : ",") + json_string(option.name);
  }
  return fmt::format(
      "{{\"title\":{},\n  \"description\":{},\n  \"type\":\"object\",\n  \"properties\":{{\n    "
      "{}}},\n"
      "  \"required\":[\"plugin\"],\n{}  \"additionalProperties\":false}}",
      json_string(component.kind + ":" + component.name), json_string(component.summary),
      properties, required.empty() ? "" : fmt::format(kRequiredHere, required));
}

}  // namespace

std::string describe_as_json_schema(const std::vector<const Component*>& components) {
  std::string alternatives;
  for (const Component* component : components) {
    if (!alternatives.empty()) alternatives += ",\n";
    alternatives += component_schema(*component);
  }
  return fmt::format(
      "{{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
      "\"$defs\":{{\"reference\":{}}},\n\"anyOf\":[\n{}]}}\n",
      kReference, alternatives);
}

}  // namespace cphost::host
