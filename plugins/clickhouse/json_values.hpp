// SPDX-License-Identifier: Apache-2.0
// Values of Arrow arrays as JSON text that the server's JSONEachRow reads back exactly. Pure
// functions; any thread.
#pragma once

#include <cphost/arrow_c_data.h>

#include <string>
#include <string_view>

#include "json_plan.hpp"

namespace clickhouse {

/// Appends value number i (the array's offset not counted). False where it does not fit the target,
/// a text that should be JSON is none, or the server would read another value; then what was
/// appended is of no use.
bool append_json(const JsonPlan& plan, const ArrowArray& array, size_t i, std::string& out);

/// Whether a reader of JSON that takes `text` for a value ends with it and not before or behind:
/// strings and brackets are closed, and nothing follows. What lies between is the server's to
/// judge.
bool is_one_json_value(std::string_view text);

}  // namespace clickhouse
