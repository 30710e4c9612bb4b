// SPDX-License-Identifier: Apache-2.0
#include "host/config/option_value_reader.hpp"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "host/config/nearest_name.hpp"
#include "host/config/secrets.hpp"
#include "host/config/units.hpp"

namespace cphost::host {
namespace {

using Type = ConfigValue::Type;

constexpr size_t kTextBytesMax = 64 << 10;
constexpr size_t kItemsMax = 10'000;

/// What a value of the option's type looks like.
std::string wanted_value(uint32_t type) {
  switch (type) {
    case CPHOST_BOOL:
      return "true or false is wanted";
    case CPHOST_INT:
      return "an integer is wanted";
    case CPHOST_FLOAT:
      return "a number is wanted";
    case CPHOST_STRING:
      return "a text in quotes is wanted";
    case CPHOST_DURATION:
      return "a duration with its unit is wanted, such as \"5s\" (ms, s, m, h, d)";
    case CPHOST_BYTES:
      return "a size with its unit is wanted, such as \"64MiB\" (B, KiB, MiB, GiB, kB, MB, GB)";
    case CPHOST_LIST:
      return "a text or a list of texts is wanted, such as [\"a\", \"b\"]";
    default:
      return "a table of texts is wanted, such as { key = \"value\" }";
  }
}

/// Converts one value; the first thing that is wrong is kept in `error`.
class ValueReader {
 public:
  ValueReader(const cphost_option& option, const OptionCheck& check, const TextSources& sources,
              OptionValues& values)
      : option_(option), check_(check), sources_(sources), values_(values) {}

  bool read(const ConfigValue& from, cphost_value& to) {
    switch (option_.type) {
      case CPHOST_BOOL:
        return read_bool(from, to);
      case CPHOST_FLOAT:
        return read_float(from, to);
      case CPHOST_STRING:
        return read_string(from, to);
      case CPHOST_LIST:
        return read_list(from, to);
      case CPHOST_MAP:
        return read_map(from, to);
      default:
        return read_integer(from, to);
    }
  }

  const std::string& error() const { return error_; }

 private:
  bool secret() const { return (option_.flags & CPHOST_SECRET) != 0; }

  bool wrong_type(const ConfigValue& from) {
    return fail(fmt::format("is {}; {}", shown(from), wanted_value(option_.type)));
  }

  bool not_allowed(const ConfigValue& from) {
    std::string hint;
    if (check_.kind == OptionCheck::Kind::kChoice && !secret() && !is_referenced_) {
      hint = did_you_mean(from.text, check_.choices);
    }
    return fail(fmt::format("is {}; allowed is {}{}", shown(from), check_.allowed(), hint));
  }

  std::string shown(const ConfigValue& from) const {
    if (is_referenced_) return "not shown, being read from elsewhere";
    return secret() ? "not shown, being a secret" : describe_value(from);
  }

  bool fail(std::string text) {
    error_ = std::move(text);
    return false;
  }

  bool read_bool(const ConfigValue& from, cphost_value& to) {
    if (!from.is(Type::kBool)) return wrong_type(from);
    to.i = from.integer;
    return true;
  }

  bool read_integer(const ConfigValue& from, cphost_value& to) {
    std::optional<int64_t> number;
    if (option_.type == CPHOST_INT && from.is(Type::kInteger)) number = from.integer;
    if (option_.type == CPHOST_DURATION && from.is(Type::kText)) number = parse_duration(from.text);
    if (option_.type == CPHOST_BYTES && from.is(Type::kText)) number = parse_size(from.text);
    if (!number) return wrong_type(from);
    if (!check_.allows(*number)) return not_allowed(from);
    to.i = *number;
    return true;
  }

  bool read_float(const ConfigValue& from, cphost_value& to) {
    if (!from.is(Type::kFloat) && !from.is(Type::kInteger)) return wrong_type(from);
    to.f = from.is(Type::kFloat) ? from.number : static_cast<double>(from.integer);
    if (!std::isfinite(to.f)) return wrong_type(from);
    return check_.allows(to.f) || not_allowed(from);
  }

  /// One text of a STRING, LIST or MAP, read from where it points to if it is a reference.
  bool read_text(const ConfigValue& from, cphost_str& to) {
    ConfigValue text = from;
    if (is_reference(from)) {
      ResolvedText resolved = resolve_reference(from, sources_.folder);
      if (!resolved.ok) return fail("can't be resolved: " + resolved.error);
      text = ConfigValue::text_value(std::move(resolved.text), from.line);
      is_referenced_ = true;
    } else if (!from.is(Type::kText)) {
      return wrong_type(from);
    } else if (secret() && !sources_.literal_secrets) {
      return fail(
          "is a secret and stands in the pipe file; write { file = \"PATH\" }, { env = \"NAME\" } "
          "or "
          "{ credential = \"NAME\" }, or set allow_literal_secrets = true at the top of the file");
    }
    if (text.text.size() > kTextBytesMax) return fail("is longer than 64 KiB");
    if (text.text.find('\0') != std::string::npos) return fail("contains a NUL character");
    if (option_.type != CPHOST_MAP && !check_.allows(std::string_view(text.text))) {
      return not_allowed(text);
    }
    to = values_.keep(std::move(text.text));
    return true;
  }

  bool read_string(const ConfigValue& from, cphost_value& to) { return read_text(from, to.s); }

  bool read_list(const ConfigValue& from, cphost_value& to) {
    std::vector<cphost_str> items;
    if (from.is(Type::kText) || is_reference(from)) {
      cphost_str item{};
      if (!read_text(from, item)) return false;
      items.push_back(item);
    } else if (from.is(Type::kList)) {
      if (from.items.size() > kItemsMax) return fail("has more than 10000 items");
      for (const ConfigValue& each : from.items) {
        cphost_str item{};
        if (!read_text(each, item)) return false;
        items.push_back(item);
      }
      if (items.empty() && (option_.flags & CPHOST_REQUIRED) != 0) {
        return fail("is an empty list; at least one item is wanted");
      }
    } else {
      return wrong_type(from);
    }
    to.count = static_cast<uint32_t>(items.size());
    to.items = values_.keep(std::move(items));
    return true;
  }

  bool read_map(const ConfigValue& from, cphost_value& to) {
    if (!from.is(Type::kTable)) return wrong_type(from);
    std::vector<cphost_str> items;
    if (!read_entries(from, "", items)) return false;
    to.count = static_cast<uint32_t>(items.size());
    to.items = values_.keep(std::move(items));
    return true;
  }

  /// Keys with dots need no quotes: `socket.timeout.ms = 5` nests tables, which are flattened here.
  bool read_entries(const ConfigValue& from, const std::string& prefix,
                    std::vector<cphost_str>& items) {
    for (size_t i = 0; i < from.items.size(); ++i) {
      const ConfigValue& value = from.items[i];
      const std::string key = prefix + from.keys[i];
      if (value.is(Type::kTable) && !is_reference(value)) {
        if (!read_entries(value, key + ".", items)) return false;
        continue;
      }
      if (!check_.allows(std::string_view(key))) {
        return fail(fmt::format("has the key {}; allowed is {}", in_quotes(key), check_.allowed()));
      }
      cphost_str text{};
      if (!read_text(as_text(value), text)) {
        return fail(fmt::format("at the key {} {}", in_quotes(key), error_));
      }
      items.push_back(values_.keep(key));
      items.push_back(text);
      if (items.size() > 2 * kItemsMax) return fail("has more than 10000 entries");
    }
    return true;
  }

  static ConfigValue as_text(const ConfigValue& value) {
    ConfigValue text = value;
    if (value.is(Type::kBool)) text.text = value.integer != 0 ? "true" : "false";
    if (value.is(Type::kInteger)) text.text = std::to_string(value.integer);
    if (value.is(Type::kFloat)) text.text = fmt::format("{}", value.number);
    if (!value.is(Type::kList) && !value.is(Type::kTable)) text.type = Type::kText;
    return text;
  }

  const cphost_option& option_;
  const OptionCheck& check_;
  const TextSources& sources_;
  OptionValues& values_;
  bool is_referenced_ = false;  // the text at hand may be a secret, whatever the option says
  std::string error_;
};

}  // namespace

std::string read_option_value(const cphost_option& option, const OptionCheck& check,
                              const TextSources& sources, const ConfigValue& from,
                              OptionValues& values, cphost_value& to) {
  ValueReader reader(option, check, sources, values);
  return reader.read(from, to) ? std::string() : reader.error();
}

}  // namespace cphost::host
