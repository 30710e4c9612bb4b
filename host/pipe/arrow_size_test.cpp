// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/arrow_size.hpp"

#include <gtest/gtest.h>

#include <cphost/schema.hpp>

#include "host/pipe/testing/arrays.hpp"

namespace cphost::host {
namespace {

using testing::bytes_column;
using testing::fixed_column;
using testing::list_column;
using testing::struct_array;
using testing::struct_column;

int64_t size_of(const Field& field, testing::TestColumn column) {
  const UniqueSchema schema = Schema{field}.to_arrow();
  const UniqueArray array = struct_array({std::move(column)});
  return array_bytes(*schema.get(), *array.get());
}

TEST(ArrowSizeTest, knows_the_width_of_every_fixed_type_of_the_profile) {
  const std::pair<const char*, int64_t> widths[] = {
      {"c", 1},        {"C", 1},          {"s", 2},           {"S", 2},       {"e", 2},
      {"i", 4},        {"I", 4},          {"f", 4},           {"l", 8},       {"L", 8},
      {"g", 8},        {"w:16", 16},      {"w:1", 1},         {"d:18,4", 16}, {"d:18,4,128", 16},
      {"d:9,2,32", 4}, {"d:18,4,64", 8},  {"d:76,0,256", 32}, {"tdD", 4},     {"tdm", 8},
      {"tts", 4},      {"ttm", 4},        {"ttu", 8},         {"ttn", 8},     {"tss:UTC", 8},
      {"tsm:", 8},     {"tsu:Asia/X", 8}, {"tDs", 8},         {"b", 0},       {"z", 0},
      {"u", 0},        {"+l", 0},         {"+s", 0},          {"+m", 0},      {"", 0}};
  for (const auto& [format, width] : widths) EXPECT_EQ(fixed_width(format), width) << format;
}

TEST(ArrowSizeTest, counts_values_bitmaps_and_offsets) {
  EXPECT_EQ(size_of({"c", "l"}, fixed_column<int64_t>({1, 2, 3})), 24);
  auto nullable = fixed_column<int64_t>({1, 2, 3});
  nullable.valid = {true, false, true};
  EXPECT_EQ(size_of({"c", "l"}, nullable), 25);
  EXPECT_EQ(size_of({"c", "z"}, bytes_column({"abc", "", "de"})), 4 * 4 + 5);
  EXPECT_EQ(size_of({"c", "z"}, bytes_column({})), 0);
}

TEST(ArrowSizeTest, counts_what_lies_below_lists) {
  const Field list{"c", "+l", {}, {{"item", "i"}}};
  EXPECT_EQ(size_of(list, list_column({0, 2, 5}, fixed_column<int32_t>({1, 2, 3, 4, 5}))),
            4 * 3 + 5 * 4);
}

TEST(ArrowSizeTest, counts_only_the_bytes_that_a_slice_has) {
  EXPECT_EQ(size_of({"c", "z"}, testing::skipping(bytes_column({"long text", "de"}), 1)),
            4 * 2 + 2);
}

}  // namespace
}  // namespace cphost::host
