// SPDX-License-Identifier: Apache-2.0
// cphost/columns/json_string.hpp: text as a JSON string. Bytes that are no UTF-8 stay as they are:
// ClickHouse's strings are bytes, and its JSON reader takes them.
#pragma once

#include <string_view>

#include "bytes.hpp"

namespace cphost::columns {

inline constexpr size_t kJsonStringMax = 6;  // bytes that one byte may become

// Quotes included. `out` has room for kJsonStringMax bytes for each of the text's, and two.
inline Byte* write_json_string(std::string_view text, Byte* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  *out++ = '"';
  for (const char c : text) {
    const Byte byte = static_cast<Byte>(c);
    if (byte == '"' || byte == '\\') {
      *out++ = '\\';
      *out++ = byte;
    } else if (byte >= 0x20) {
      *out++ = byte;
    } else {
      std::memcpy(out, "\\u00", 4);
      out[4] = static_cast<Byte>(kHex[byte >> 4]);
      out[5] = static_cast<Byte>(kHex[byte & 15]);
      out += 6;
    }
  }
  *out++ = '"';
  return out;
}

}  // namespace cphost::columns
