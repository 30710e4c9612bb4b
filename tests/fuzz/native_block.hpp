// SPDX-License-Identifier: Apache-2.0
// native_block.hpp: a strict reader of one block of ClickHouse's format Native, written from the
// format's description. Anything that the server would have to be lenient about is a finding:
// flags other than 0 and 1, enum numbers without a label, numbers longer than need be, bytes left
// over.
//
//     columns varuint | rows varuint | for each column: name, type, data
//     JSON: 1 (UInt64) before the data of the column around it, then texts
//     Nullable: a byte a row, then the values | Array, Map: the ends (UInt64), then the elements
#pragma once

#include <cphost/columns/type.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace fuzz {

struct Value {
  bool null = false;
  std::string bytes = {};         // of what has no elements: text, or little-endian; UUIDs and
                                  // IPv6 in the order of their text
  std::vector<Value> items = {};  // Array, Tuple; Map: key, value, key, value

  bool operator==(const Value& o) const {
    return null == o.null && bytes == o.bytes && items == o.items;
  }
};

std::string text_of(const Value& value);

// What stands where nothing was said: zeros, "", no elements; of an enum the least number.
Value default_value(const cphost::columns::Type& type);

struct NativeColumn {
  std::string name;
  cphost::columns::Type type;
  std::vector<Value> values;
};

struct NativeBlock {
  size_t rows = 0;
  std::vector<NativeColumn> columns;
};

NativeBlock read_native(const uint8_t* data, size_t size);

}  // namespace fuzz
