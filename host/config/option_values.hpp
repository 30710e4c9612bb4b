// SPDX-License-Identifier: Apache-2.0
// The values of one component's options, in the order of its table; owns what the cphost_value
// point to.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include <cphost/options.h>

namespace cphost::host {

class OptionValues {
 public:
  explicit OptionValues(size_t count) : values_(count + 1) {}
  OptionValues(const OptionValues&) = delete;
  OptionValues& operator=(const OptionValues&) = delete;

  /// What create() is given; valid as long as this object.
  const cphost_value* data() const { return values_.data(); }
  cphost_value& operator[](size_t i) { return values_[i]; }

  /// Keeps a copy of `text` and returns the view that a value holds.
  cphost_str keep(std::string text) {
    const std::string& kept = text_.emplace_back(std::move(text));
    return {kept.data(), kept.size()};
  }
  /// Keeps a list and returns its address.
  const cphost_str* keep(std::vector<cphost_str> items) {
    return lists_.emplace_back(std::move(items)).data();
  }

 private:
  std::vector<cphost_value> values_;
  std::deque<std::string> text_;
  std::deque<std::vector<cphost_str>> lists_;
};

}  // namespace cphost::host
