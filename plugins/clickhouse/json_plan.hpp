// SPDX-License-Identifier: Apache-2.0
// How one column is written as JSON: decided once, when a writer is opened, from the field that the
// rows have and the type that the target has. Immutable afterwards.
//
// Native cannot say everything: which type a value of a Dynamic or Variant has only the server's
// own JSON reader decides, and a column is absent from all rows of a block or from none. Blocks
// that need more than that travel as JSONEachRow. All else in them is written such that the server
// reads exactly the value that Native would have carried.
#pragma once

#include <cphost/arrow_c_data.h>
#include <cphost/columns/type.hpp>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "conversions.hpp"

namespace clickhouse {

struct JsonPlan {
  cphost::columns::Kind kind = cphost::columns::Kind::kText;  ///< Of the values.
  uint8_t scale = 0;
  size_t width = 0;
  bool key = false;        ///< Of a map: always in quotes.
  bool spelled = false;    ///< A time or enum by its text, not its number: the type is not known.
  bool guessed = false;    ///< The server finds the type out from the text: of a Dynamic.
  bool raw = false;        ///< The text is JSON already.
  bool seconds = false;    ///< A time that is a key: the server reads no other with a zone.
  bool as_double = false;  ///< A Float32 for a Float64: the server reads what it is told.
  int64_t factor = 1;      ///< A DateTime for a DateTime64: its ticks a second.
  Conversion conversion;   ///< Of fixed-width values, before they are written as `kind`.
  cphost::columns::Kind source = kind;  ///< What a conversion takes, and bytes of one.
  size_t source_width = 0;
  std::vector<cphost::columns::EnumItem> items;  ///< Of an enum in a map's key, by number.
  std::vector<std::string> names;                ///< Of a named tuple: `"name":`
  std::vector<JsonPlan> children;
};

/// How the server is to read times in the texts of these rows (date_time_input_format), or "": the
/// columns of a format that was told so say it. Throws std::invalid_argument where two of them say
/// different things: a request has one setting.
std::string_view date_time_input_of(const ArrowSchema& rows);

/// Throws std::invalid_argument with the reason where JSON cannot say what Native would. `basic`:
/// the server reads texts like that.
JsonPlan plan_json(const ArrowSchema& field, const cphost::columns::Type& target,
                   bool basic = false);

/// `"text"`, escaped.
std::string json_string(std::string_view text);

}  // namespace clickhouse
