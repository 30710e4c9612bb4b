// SPDX-License-Identifier: Apache-2.0
// Arrow arrays made by hand, for tests. A column is a plain value; struct_array gives it the shape
// in which it crosses the ABI.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <cphost/arrow.hpp>

namespace cphost::host::testing {

struct TestColumn {
  int64_t length = 0;
  std::vector<bool> valid;       // empty: no null
  std::vector<uint8_t> values;   // fixed width, or a bitmap
  std::vector<int32_t> offsets;  // bytes and lists
  std::string data;              // bytes
  std::vector<TestColumn> children;
  int64_t offset = 0;  // leading values that the array skips
};

template <class T>
TestColumn fixed_column(const std::vector<T>& values) {
  TestColumn column;
  column.length = static_cast<int64_t>(values.size());
  column.values.resize(values.size() * sizeof(T) + 1);
  if (!values.empty()) std::memcpy(column.values.data(), values.data(), values.size() * sizeof(T));
  return column;
}

TestColumn bytes_column(const std::vector<std::optional<std::string>>& values);
TestColumn bool_column(const std::vector<bool>& values);
TestColumn list_column(std::vector<int32_t> offsets, TestColumn items);
TestColumn struct_column(std::vector<TestColumn> children);

/// The same column, which skips its first `offset` values.
TestColumn skipping(TestColumn column, int64_t offset);

UniqueArray struct_array(std::vector<TestColumn> columns);

}  // namespace cphost::host::testing
