// SPDX-License-Identifier: Apache-2.0
// cphost/option_text.hpp: reads the text of defaults and bounds of options, at compile time too.
//
// The host parses what users write; this is for what authors write in their tables, so that a
// default that would not parse does not compile, and for tests that need the values of a table's
// defaults without a host.
#pragma once

#include <optional>
#include <string_view>

#include "options.h"

namespace cphost::option_text {

struct Unit {
  std::string_view name;
  int64_t factor;
};

inline constexpr Unit kDurations[] = {{"ms", 1},       {"s", 1000},      {"m", 60'000},
                                      {"min", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};
inline constexpr Unit kSizes[] = {{"", 1},
                                  {"B", 1},
                                  {"KB", 1000},
                                  {"MB", 1000'000},
                                  {"GB", 1000'000'000},
                                  {"TB", 1000'000'000'000},
                                  {"KiB", 1 << 10},
                                  {"MiB", 1 << 20},
                                  {"GiB", 1 << 30},
                                  {"TiB", int64_t{1} << 40}};

// Digits with an optional minus; the rest of the text stays in `text`.
constexpr std::optional<int64_t> leading_integer(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
  uint64_t value = 0;
  while (!text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '_')) {
    if (text[0] != '_') {
      if (value > (UINT64_MAX >> 1) / 10) return std::nullopt;
      value = value * 10 + static_cast<uint64_t>(text[0] - '0');
    }
    text.remove_prefix(1);
  }
  if (value > UINT64_MAX >> 1) return std::nullopt;
  return negative ? -static_cast<int64_t>(value) : static_cast<int64_t>(value);
}

// BOOL, INT, DURATION (milliseconds) or BYTES.
constexpr std::optional<int64_t> integer(uint32_t type, std::string_view text) {
  if (type == CPHOST_BOOL) {
    if (text == "true") return 1;
    if (text == "false") return 0;
    return std::nullopt;
  }
  const std::optional<int64_t> number = leading_integer(text);
  if (!number) return std::nullopt;
  if (type == CPHOST_INT) return text.empty() ? number : std::nullopt;
  const auto scaled = [&](const auto& units) -> std::optional<int64_t> {
    for (const Unit& unit : units) {
      if (unit.name != text) continue;
      if (*number > INT64_MAX / unit.factor || *number < INT64_MIN / unit.factor)
        return std::nullopt;
      return *number * unit.factor;
    }
    return std::nullopt;
  };
  // "0" needs no unit.
  if (type == CPHOST_DURATION && *number == 0 && text.empty()) return 0;
  return type == CPHOST_DURATION ? scaled(kDurations) : scaled(kSizes);
}

constexpr bool is_integral(uint32_t type) {
  return type == CPHOST_BOOL || type == CPHOST_INT || type == CPHOST_DURATION ||
         type == CPHOST_BYTES;
}

// True if `check` admits the number; a check that is no range admits everything here.
constexpr bool in_range(uint32_t type, int64_t value, const char* check) {
  if (check == nullptr || !is_integral(type)) return true;
  const std::string_view text(check);
  const size_t dots = text.find("..");
  if (dots == text.npos) return true;
  const std::string_view least = text.substr(0, dots), most = text.substr(dots + 2);
  return (least.empty() || integer(type, least).value() <= value) &&
         (most.empty() || value <= integer(type, most).value());
}

constexpr bool in_choice(std::string_view value, std::string_view choices) {
  while (true) {
    const size_t bar = choices.find('|');
    if (choices.substr(0, bar) == value) return true;
    if (bar == choices.npos) return false;
    choices.remove_prefix(bar + 1);
  }
}

}  // namespace cphost::option_text
