// SPDX-License-Identifier: Apache-2.0
// The options of the JSON format: one table that the host parses, checks and documents.
#pragma once

#include <cphost/columns/date_time_input.hpp>
#include <cphost/options.hpp>

#include <cstdint>
#include <string>

#include "scanner.hpp"

namespace json {

struct Options {
  std::string rows;
  std::string null_value;
  std::string unknown_fields;
  std::string date_time_input_format;
  uint32_t max_depth = 0;
  uint32_t max_rows = 0;
};

static_assert(kDepthMax == 1024, "the range of max_depth says it in text");

inline constexpr auto kOptions = cphost::options<Options>(
    cphost::optional("rows", &Options::rows, "one",
                     "one: a record is one object; many: objects one behind the other or on lines "
                     "of their own, or "
                     "one array of them.",
                     cphost::choice("one|many")),
    cphost::optional("null_value", &Options::null_value, "filter",
                     "What becomes of records without a value (tombstones): filter drops them, row "
                     "makes each a row "
                     "of nulls.",
                     cphost::choice("filter|row")),
    cphost::optional("unknown_fields", &Options::unknown_fields, "ignore",
                     "What becomes of keys that no column wants: ignore, or reject the record.",
                     cphost::choice("ignore|reject")),
    cphost::optional("date_time_input_format", &Options::date_time_input_format, "best_effort",
                     "How texts become DateTime and DateTime64: best_effort: nearly any spelling; "
                     "best_effort_us: the same, but 01/02/2026 is the second of January; basic: "
                     "YYYY-MM-DD hh:mm:ss, or seconds since 1970.",
                     cphost::choice("basic|best_effort|best_effort_us")),
    cphost::optional("max_depth", &Options::max_depth, "1000",
                     "Brackets that may be open at once in a record; deeper ones are rejected.",
                     cphost::range("1..1024") | cphost::advanced),
    cphost::optional("max_rows", &Options::max_rows, "1000000",
                     "Rows that one record may hold where rows is many; larger ones are rejected.",
                     cphost::range("1..100000000") | cphost::advanced));

// What the decoder asks at each record, made of the words above.
struct Settings {
  bool many = false;
  bool null_row = false;
  bool reject_unknown = false;
  uint32_t max_depth = 1000;
  uint32_t max_rows = 1000000;
  cphost::columns::DateTimeInput date_time_input = cphost::columns::DateTimeInput::kBestEffort;

  static Settings of(const Options& options) {
    return {options.rows == "many",
            options.null_value == "row",
            options.unknown_fields == "reject",
            options.max_depth,
            options.max_rows,
            cphost::columns::date_time_input_named(options.date_time_input_format).value()};
  }
};

}  // namespace json
