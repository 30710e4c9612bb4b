// SPDX-License-Identifier: Apache-2.0
// Values of Arrow arrays as JSON text that the server's JSONEachRow reads back exactly. Pure
// functions; any thread.
#pragma once

#include <cphost/arrow_c_data.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "json_plan.hpp"

namespace clickhouse {

/// Why a value cannot be written.
enum class Unwritable : uint8_t {
  kNone,
  kDoesNotFit,     ///< Its number is beyond the target's type.
  kNotJson,        ///< A text that should be one JSON value is none.
  kKeyIsNoText,    ///< JSON that is a key, but not a string.
  kTimeHasNoText,  ///< The server would read another value, or none.
};

struct Written {
  Unwritable why = Unwritable::kNone;
  size_t culprit = 0;  ///< Where in `out` the value begins that is to blame, which is its end.

  explicit operator bool() const { return why == Unwritable::kNone; }
};

/// Appends value number i (the array's offset not counted). Where that fails, what was appended is
/// of no use but for a message.
Written append_json(const JsonPlan& plan, const ArrowArray& array, size_t i, std::string& out);

/// Whether a reader of JSON that takes `text` for a value ends with it and not before or behind:
/// strings and brackets are closed, and nothing follows. What lies between is the server's to
/// judge.
bool is_one_json_value(std::string_view text);

}  // namespace clickhouse
