// SPDX-License-Identifier: Apache-2.0
#include "sql_text.hpp"

namespace clickhouse {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == '\0') {
      out += "\\0";
      continue;
    }
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string quote_identifier(std::string_view name) {
  return quoted(name, '`');
}

std::string quote_string(std::string_view text) {
  return quoted(text, '\'');
}

}  // namespace clickhouse
