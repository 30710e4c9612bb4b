// SPDX-License-Identifier: Apache-2.0
// cphost/testing/option_values.hpp: the values of an option table, as the host would make them.
//
//     const Options options = cphost::testing::parse(kOptions, {{"path", "a.txt"}, {"timeout",
//     "5s"}});
//
// Values are written as in a pipe file, without quotes for text; lists as [a, b], maps as {k = v,
// ...}. Defaults are filled in. Throws std::invalid_argument for what the host would refuse,
// patterns aside.
#pragma once

#include <deque>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../options.hpp"

namespace cphost::testing {

using GivenOptions = std::vector<std::pair<std::string, std::string>>;

class OptionValues {
 public:
  OptionValues(const cphost_option* table, uint32_t count, const GivenOptions& given)
      : values_(count) {
    for (const auto& [name, text] : given) {
      bool known = false;
      for (uint32_t i = 0; i < count; ++i) known = known || name == table[i].name;
      if (!known) throw std::invalid_argument("unknown option " + name);
    }
    for (uint32_t i = 0; i < count; ++i) {
      const std::string* text = nullptr;
      for (const auto& entry : given) {
        if (entry.first == table[i].name) text = &entry.second;
      }
      if (text != nullptr) {
        set(values_[i], table[i], *text);
      } else if (table[i].default_value != nullptr) {
        set(values_[i], table[i], table[i].default_value);
      } else if ((table[i].flags & CPHOST_REQUIRED) != 0) {
        throw std::invalid_argument(std::string(table[i].name) + " is required");
      }
    }
  }
  template <class O, class... M>
  explicit OptionValues(const Options<O, M...>& options, const GivenOptions& given = {})
      : OptionValues(options.table, options.count, given) {}
  OptionValues(const OptionValues&) = delete;
  OptionValues& operator=(const OptionValues&) = delete;

  // In the order of the table; valid as long as this object.
  const cphost_value* data() const { return values_.data(); }

 private:
  void set(cphost_value& value, const cphost_option& option, const std::string& text) {
    value.set = 1;
    if (option_text::is_integral(option.type)) {
      const auto number = option_text::integer(option.type, text);
      if (!number || !option_text::in_range(option.type, *number, option.check))
        refuse(option, text);
      value.i = *number;
    } else if (option.type == CPHOST_FLOAT) {
      value.f = std::stod(text);
    } else if (option.type == CPHOST_STRING) {
      if (option.check != nullptr && option.check[0] != '/' &&
          !option_text::in_choice(text, option.check)) {
        refuse(option, text);
      }
      value.s = keep(text);
    } else {
      set_items(value, option, text);
    }
  }

  void set_items(cphost_value& value, const cphost_option& option, std::string_view text) {
    const bool map = option.type == CPHOST_MAP;
    std::vector<cphost_str>& items = items_.emplace_back();
    if (text.starts_with(map ? '{' : '[')) {
      text = text.substr(1, text.size() - 2);
      while (!trimmed(text).empty()) {
        const std::string_view item = next(text, ',');
        std::string_view rest = item;
        items.push_back(keep(trimmed(map ? next(rest, '=') : item)));
        if (map) items.push_back(keep(trimmed(rest)));
      }
    } else if (map) {
      refuse(option, std::string(text));
    } else {
      items.push_back(keep(text));
    }
    value.items = items.data();
    value.count = static_cast<uint32_t>(items.size());
  }

  // Cuts the text before `separator` off the front of `text`.
  static std::string_view next(std::string_view& text, char separator) {
    const size_t end = text.find(separator);
    const std::string_view item = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
    return item;
  }
  static std::string_view trimmed(std::string_view text) {
    const auto outer = [](char c) { return c == ' ' || c == '"'; };
    while (!text.empty() && outer(text.front())) text.remove_prefix(1);
    while (!text.empty() && outer(text.back())) text.remove_suffix(1);
    return text;
  }

  cphost_str keep(std::string_view text) { return str(texts_.emplace_back(text)); }

  [[noreturn]] static void refuse(const cphost_option& option, const std::string& text) {
    throw std::invalid_argument(std::string(option.name) + " = " + text + " is no valid value");
  }

  std::vector<cphost_value> values_;
  std::deque<std::vector<cphost_str>> items_;
  std::deque<std::string> texts_;
};

template <class O, class... M>
O parse(const Options<O, M...>& options, const GivenOptions& given = {}) {
  return options.parse(OptionValues(options, given).data());
}

}  // namespace cphost::testing
