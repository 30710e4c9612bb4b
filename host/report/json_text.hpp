// SPDX-License-Identifier: Apache-2.0
// Text as a JSON string. Pure functions.
#pragma once

#include <string>
#include <string_view>

namespace cphost::host {

/// Appends `text` within quotes; bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& to, std::string_view text);

std::string json_string(std::string_view text);

/// Bytes of the UTF-8 sequence that `text`, which is not empty, begins with; 0 if it begins with
/// none.
size_t utf8_sequence(std::string_view text);

}  // namespace cphost::host
