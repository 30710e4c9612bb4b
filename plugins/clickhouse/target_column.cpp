// SPDX-License-Identifier: Apache-2.0
#include "target_column.hpp"

#include <cphost/schema.hpp>

#include <algorithm>
#include <cstring>

namespace clickhouse {

using cphost::metadata;

const TargetColumn* find_column(const std::vector<TargetColumn>& target, std::string_view name) {
  const auto column = std::find_if(target.begin(), target.end(),
                                   [&](const TargetColumn& c) { return c.name == name; });
  return column == target.end() ? nullptr : &*column;
}

int64_t absent_column(const ArrowSchema& rows, std::string_view name) {
  for (int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *rows.children[i];
    if (std::strcmp(field.format, "b") == 0 && metadata(field, "cphost.absent") == name) return i;
  }
  return -1;
}

bool marks_absent(const ArrowSchema& field) {
  return std::strcmp(field.format, "b") == 0 && !metadata(field, "cphost.absent").empty();
}

}  // namespace clickhouse
