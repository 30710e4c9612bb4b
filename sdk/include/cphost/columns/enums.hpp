// SPDX-License-Identifier: Apache-2.0
// cphost/columns/enums.hpp: the labels and numbers of an Enum8 or Enum16.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cphost::columns {

struct EnumItem {
  std::string label;
  int16_t value = 0;
};

class EnumTable {
 public:
  EnumTable() = default;
  explicit EnumTable(std::vector<EnumItem> items)
      : by_label_(std::move(items)), by_value_(by_label_) {
    std::sort(by_label_.begin(), by_label_.end(),
              [](const EnumItem& a, const EnumItem& b) { return less(a.label, b.label); });
    std::sort(by_value_.begin(), by_value_.end(),
              [](const EnumItem& a, const EnumItem& b) { return a.value < b.value; });
  }

  bool find(std::string_view label, int16_t& value) const {
    const auto it = std::lower_bound(
        by_label_.begin(), by_label_.end(), label,
        [](const EnumItem& item, std::string_view wanted) { return less(item.label, wanted); });
    if (it == by_label_.end() || it->label != label) return false;
    value = it->value;
    return true;
  }

  bool has(int64_t value) const {
    const auto it =
        std::lower_bound(by_value_.begin(), by_value_.end(), value,
                         [](const EnumItem& item, int64_t v) { return item.value < v; });
    return it != by_value_.end() && it->value == value;
  }

  int16_t least() const { return by_value_.front().value; }
  bool empty() const { return by_label_.empty(); }

 private:
  // By size first: most comparisons then look at no bytes.
  static bool less(std::string_view a, std::string_view b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  }

  std::vector<EnumItem> by_label_, by_value_;
};

}  // namespace cphost::columns
