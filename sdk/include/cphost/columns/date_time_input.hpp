// SPDX-License-Identifier: Apache-2.0
// cphost/columns/date_time_input.hpp: which spellings of a DateTime or DateTime64 a text may have.
//
// As ClickHouse's setting date_time_input_format; other types do not ask it. What travels as JSON
// text is read by the server, so columns of rows say it (kDateTimeInputKey) where it is not the
// usual one.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cphost::columns {

enum class DateTimeInput : uint8_t {
  kBasic,         // basic.hpp
  kBestEffort,    // best_effort.hpp: the usual one
  kBestEffortUs,  // the same, but the month before the day: 01/31/2026
};

inline constexpr std::string_view kDateTimeInputKey = "cphost.date_time_input";

// As the setting has it.
constexpr const char* setting_of(DateTimeInput input) {
  switch (input) {
    case DateTimeInput::kBasic:
      return "basic";
    case DateTimeInput::kBestEffortUs:
      return "best_effort_us";
    default:
      return "best_effort";
  }
}

// The other way; nothing where the setting has no such word.
constexpr std::optional<DateTimeInput> date_time_input_named(std::string_view name) {
  for (const DateTimeInput input :
       {DateTimeInput::kBasic, DateTimeInput::kBestEffort, DateTimeInput::kBestEffortUs}) {
    if (name == setting_of(input)) return input;
  }
  return std::nullopt;
}

}  // namespace cphost::columns
