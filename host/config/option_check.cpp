// SPDX-License-Identifier: Apache-2.0
#include "host/config/option_check.hpp"

#include <algorithm>
#include <charconv>
#include <regex>

#include "host/config/units.hpp"

namespace cphost::host {
namespace {

// std::regex recurses once a character.
constexpr size_t kMatchedBytesMax = 4096;

bool parse_bound(uint32_t type, std::string_view text, int64_t& integer, double& number) {
  if (text.empty()) return true;
  std::optional<int64_t> parsed;
  if (type == CPHOST_DURATION) {
    parsed = parse_duration(text);
  } else if (type == CPHOST_BYTES) {
    parsed = parse_size(text);
  } else if (type == CPHOST_FLOAT) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size();
  } else {
    int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc{} && end == text.data() + text.size()) parsed = value;
  }
  if (parsed) integer = *parsed;
  return parsed.has_value();
}

bool is_number(uint32_t type) {
  return type == CPHOST_INT || type == CPHOST_FLOAT || type == CPHOST_DURATION ||
         type == CPHOST_BYTES;
}

bool parse_range(uint32_t type, std::string_view text, OptionCheck& check) {
  const size_t dots = text.find("..");
  if (dots == std::string_view::npos) return false;
  check.kind = OptionCheck::Kind::kRange;
  return parse_bound(type, text.substr(0, dots), check.integer_min, check.float_min) &&
         parse_bound(type, text.substr(dots + 2), check.integer_max, check.float_max);
}

bool parse_pattern(std::string_view text, OptionCheck& check) {
  if (text.size() < 2 || !text.ends_with('/')) return false;
  check.kind = OptionCheck::Kind::kPattern;
  check.pattern = text.substr(1, text.size() - 2);
  try {
    const std::regex compiled(check.pattern);
  } catch (const std::regex_error&) {
    return false;
  }
  return true;
}

bool parse_choice(std::string_view text, OptionCheck& check) {
  check.kind = OptionCheck::Kind::kChoice;
  while (true) {
    const size_t bar = text.find('|');
    check.choices.emplace_back(text.substr(0, bar));
    if (bar == std::string_view::npos) return true;
    text.remove_prefix(bar + 1);
  }
}

}  // namespace

bool OptionCheck::allows(std::string_view text) const {
  if (kind == Kind::kChoice) {
    return std::find(choices.begin(), choices.end(), text) != choices.end();
  }
  if (kind != Kind::kPattern) return true;
  if (text.size() > kMatchedBytesMax) return false;
  return std::regex_match(text.begin(), text.end(), std::regex(pattern));
}

std::string OptionCheck::allowed() const {
  if (kind == Kind::kPattern) return "text like " + source;
  if (kind != Kind::kChoice) return source;
  std::string out;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) out += i + 1 == choices.size() ? " or " : ", ";
    out += "\"" + choices[i] + "\"";
  }
  return out;
}

std::optional<OptionCheck> parse_check(const cphost_option& option) {
  OptionCheck check;
  if (option.check == nullptr || *option.check == '\0') return check;
  check.source = option.check;
  bool good = false;
  if (is_number(option.type)) {
    good = parse_range(option.type, check.source, check);
  } else if (option.type != CPHOST_BOOL) {
    good = check.source.starts_with('/') ? parse_pattern(check.source, check)
                                         : parse_choice(check.source, check);
  }
  if (!good) return std::nullopt;
  return check;
}

std::string_view option_type_name(uint32_t type) {
  switch (type) {
    case CPHOST_BOOL:
      return "bool";
    case CPHOST_INT:
      return "int";
    case CPHOST_FLOAT:
      return "float";
    case CPHOST_STRING:
      return "string";
    case CPHOST_DURATION:
      return "duration";
    case CPHOST_BYTES:
      return "bytes";
    case CPHOST_LIST:
      return "list";
    case CPHOST_MAP:
      return "map";
    default:
      return "unknown";
  }
}

}  // namespace cphost::host
