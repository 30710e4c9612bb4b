// SPDX-License-Identifier: Apache-2.0
// json_text.hpp: a strict reader of one JSON value (RFC 8259), written from the grammar. Numbers
// keep their digits, whatever type may hold them, and strings may have bytes that are no UTF-8, as
// ClickHouse's do.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

struct Json {
  enum Kind { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };
  Kind kind = kNull;
  std::string text = {};               // of a number; of a string, unescaped
  std::vector<std::string> keys = {};  // of an object, as many as items
  std::vector<Json> items = {};

  bool operator==(const Json& o) const {
    return kind == o.kind && text == o.text && keys == o.keys && items == o.items;
  }
};

// Nothing where the text is no value, or more than one.
std::optional<Json> read_json(std::string_view text);

}  // namespace fuzz
