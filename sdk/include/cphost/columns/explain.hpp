// SPDX-License-Identifier: Apache-2.0
// cphost/columns/explain.hpp: what a reject says of a value. Only ever called for records that are
// refused.
#pragma once

#include <string>
#include <string_view>

#include "column.hpp"
#include "reason.hpp"

namespace cphost::columns {

// Where a value stands: "user.tags[3]", "attrs{}", as users find it in their document. Asked before
// the row is taken back.
inline std::string column_path(const Column& column) {
  const Column* parent = column.parent();
  if (parent == nullptr) return column.name();
  std::string path = column_path(*parent);
  switch (parent->kind()) {
    case Kind::kArray:
      return path + "[" + std::to_string(parent->open_elements()) + "]";
    case Kind::kMap:
      return path + (&column == &parent->child(0) ? "{key}" : "{}");
    default:
      return path + "." + column.name();
  }
}

// The sentence of a reject.
inline std::string reason_sentence(Reason reason, const Column& column, std::string_view value) {
  return shortened(value) + " " + reason_text(reason) + ": " + column_path(column) + " wants " +
         column.type().text;
}

}  // namespace cphost::columns
