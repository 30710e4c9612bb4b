// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/gather.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include <cphost/schema.hpp>

#include "host/pipe/testing/arrays.hpp"

namespace cphost::host {
namespace {

using testing::bool_column;
using testing::bytes_column;
using testing::fixed_column;
using testing::list_column;
using testing::skipping;
using testing::struct_array;
using testing::struct_column;
using testing::TestColumn;

class GatherTest : public ::testing::Test {
 protected:
  /// Gathers one column; the result lives as long as the test.
  const ArrowArray& gather(const Field& field, TestColumn column, std::vector<uint32_t> indices) {
    schema_ = Schema{field}.to_arrow();
    from_ = struct_array({std::move(column)});
    gathered_ =
        std::make_unique<GatheredArray>(*schema_->children[0], *from_->children[0], indices);
    return *gathered_->array();
  }

  UniqueSchema schema_;
  UniqueArray from_;
  std::unique_ptr<GatheredArray> gathered_;
};

TEST_F(GatherTest, repeats_and_leaves_out_fixed_values) {
  const ArrowArray& a = gather({"c", "l"}, fixed_column<int64_t>({10, 11, 12}), {0, 0, 2, 2, 2});
  ASSERT_EQ(a.length, 5);
  EXPECT_EQ(a.null_count, 0);
  EXPECT_EQ(value_at<int64_t>(a, 1), 10);
  EXPECT_EQ(value_at<int64_t>(a, 4), 12);
}

TEST_F(GatherTest, keeps_nulls) {
  TestColumn column = fixed_column<int32_t>({1, 2, 3});
  column.valid = {true, false, true};
  const ArrowArray& a = gather({"c", "i"}, column, {2, 1, 1, 0, 1, 2, 0, 1, 1});
  const std::vector<bool> null = {false, true, true, false, true, false, false, true, true};
  for (int64_t i = 0; i < a.length; ++i) EXPECT_EQ(is_null(a, i), null[static_cast<size_t>(i)]);
}

TEST_F(GatherTest, takes_bits) {
  const ArrowArray& a = gather({"c", "b"}, bool_column({true, false, true}), {1, 0, 0, 2, 1});
  EXPECT_FALSE(bool_at(a, 0));
  EXPECT_TRUE(bool_at(a, 1));
  EXPECT_TRUE(bool_at(a, 3));
  EXPECT_FALSE(bool_at(a, 4));
}

TEST_F(GatherTest, takes_bytes_with_empty_and_null_ones) {
  const ArrowArray& a =
      gather({"c", "z"}, bytes_column({"one", std::nullopt, "", "four"}), {3, 3, 2, 1, 0});
  EXPECT_EQ(bytes_at(a, 0), "four");
  EXPECT_EQ(bytes_at(a, 1), "four");
  EXPECT_EQ(bytes_at(a, 2), "");
  EXPECT_FALSE(is_null(a, 2));
  EXPECT_TRUE(is_null(a, 3));
  EXPECT_EQ(bytes_at(a, 4), "one");
}

TEST_F(GatherTest, takes_headers_which_are_a_map_of_bytes) {
  const Field map{
      "_headers", "+m", {}, {Field{"entries", "+s", {}, {{"key", "z"}, {"value", "z"}}}}};
  const TestColumn column = list_column(
      {0, 2, 2, 3},
      struct_column({bytes_column({"a", "b", "c"}), bytes_column({"1", std::nullopt, "3"})}));
  const ListColumn lists(gather(map, column, {2, 0, 1, 0}));
  ASSERT_EQ(lists.size(), 4);
  const ArrowArray& keys = *lists.elements().children[0];
  const ArrowArray& values = *lists.elements().children[1];
  EXPECT_EQ(lists.end(0) - lists.begin(0), 1);
  EXPECT_EQ(bytes_at(keys, lists.begin(0)), "c");
  EXPECT_EQ(lists.end(1) - lists.begin(1), 2);
  EXPECT_EQ(bytes_at(keys, lists.begin(1) + 1), "b");
  EXPECT_TRUE(is_null(values, lists.begin(1) + 1));
  EXPECT_EQ(lists.end(2), lists.begin(2));
  EXPECT_EQ(bytes_at(values, lists.begin(3)), "1");
}

TEST_F(GatherTest, respects_the_offset_of_a_column) {
  EXPECT_EQ(value_at<int64_t>(
                gather({"c", "l"}, skipping(fixed_column<int64_t>({7, 8, 9}), 1), {1, 0}), 0),
            9);
  const ArrowArray& texts =
      gather({"c", "z"}, skipping(bytes_column({"x", std::nullopt, "z"}), 1), {1, 0});
  EXPECT_EQ(bytes_at(texts, 0), "z");
  EXPECT_TRUE(is_null(texts, 1));
  EXPECT_TRUE(bool_at(gather({"c", "b"}, skipping(bool_column({false, true}), 1), {0}), 0));
  TestColumn pair = struct_column({fixed_column<int32_t>({1, 2, 3})});
  const ArrowArray& structs =
      gather({"c", "+s", {}, {{"i", "i"}}}, skipping(std::move(pair), 2), {0});
  EXPECT_EQ(value_at<int32_t>(*structs.children[0], 0), 3);
}

TEST_F(GatherTest, can_be_empty) {
  EXPECT_EQ(gather({"c", "z"}, bytes_column({"one"}), {}).length, 0);
}

TEST_F(GatherTest, refuses_a_type_that_the_profile_does_not_have) {
  EXPECT_THROW(gather({"c", "vu"}, bytes_column({"one"}), {0}), std::runtime_error);
}

}  // namespace
}  // namespace cphost::host
