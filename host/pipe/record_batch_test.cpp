// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/record_batch.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "host/pipe/testing/batches.hpp"

namespace cphost::host {
namespace {

using testing::BatchMaker;
using testing::fixed_column;
using testing::struct_array;

class RecordBatchTest : public ::testing::Test {
 protected:
  void take(RecordBatch& batch, const std::vector<int64_t>& rows, const uint32_t* map) {
    UniqueArray array = struct_array({fixed_column(rows)});
    ArrowArray moved = array.move_out();
    batch.take_rows(&moved, map);
  }
  BatchMaker make_;
};

TEST_F(RecordBatchTest, tells_positions_of_integers_and_of_bytes) {
  const auto batch = make_.batch(3);
  EXPECT_EQ(batch->position(0), "100");
  EXPECT_EQ(batch->position(2), "102");

  PipeConfig config;
  const UniqueSchema schema = Schema{{"_seq", "z", {{"cphost.role", "position"}}}}.to_arrow();
  Binding binding(config, *schema.get(), nullptr);
  binding.complete({});
  UniqueArray array =
      struct_array({testing::skipping(testing::bytes_column({"x", "0007", "0012"}), 1)});
  ArrowArray moved = array.move_out();
  const RecordBatch texts(binding, &moved, make_.budget());
  EXPECT_EQ(texts.position(0), "0007");
  EXPECT_EQ(texts.position(1), "0012");
}

TEST_F(RecordBatchTest, without_a_map_a_row_is_a_record) {
  const auto batch = make_.batch(4);
  make_.give_rows(*batch, {1, 1, 1, 1}, false);
  EXPECT_EQ(batch->row_count(), 4);
  EXPECT_EQ(batch->first_row(3), 3);
  EXPECT_EQ(batch->record_of(2), 2);
  EXPECT_EQ(batch->records_with_rows(1, 4), 3);
}

TEST_F(RecordBatchTest, a_map_gives_rows_to_records) {
  const auto batch = make_.batch(4);
  make_.give_rows(*batch, {2, 0, 1, 3});
  EXPECT_EQ(batch->row_count(), 6);
  EXPECT_EQ(batch->first_row(0), 0);
  EXPECT_EQ(batch->first_row(1), 2);
  EXPECT_EQ(batch->first_row(2), 2);
  EXPECT_EQ(batch->first_row(4), 6);
  EXPECT_EQ(batch->record_of(5), 3);
  EXPECT_EQ(batch->records_with_rows(0, 4), 3);
  EXPECT_EQ(batch->records_with_rows(1, 2), 0);
}

TEST_F(RecordBatchTest, the_sources_columns_stand_beside_the_rows_of_their_records) {
  const auto batch = make_.batch(3);
  make_.give_rows(*batch, {2, 0, 1});
  const ArrowArray& columns = batch->columns();
  ASSERT_EQ(columns.n_children, 2);
  EXPECT_EQ(columns.length, 3);
  EXPECT_EQ(value_at<int64_t>(*columns.children[1], 0), 100);
  EXPECT_EQ(value_at<int64_t>(*columns.children[1], 1), 100);
  EXPECT_EQ(value_at<int64_t>(*columns.children[1], 2), 102);
}

TEST_F(RecordBatchTest, no_rows_at_all_is_no_row_of_any_record) {
  const auto none = make_.batch(2);
  none->join(make_.binding());
  EXPECT_EQ(none->row_count(), 0);
  EXPECT_EQ(none->records_with_rows(0, 2), 0);

  const auto empty = make_.batch(2);
  take(*empty, {}, nullptr);
  empty->join(make_.binding());
  EXPECT_EQ(empty->row_count(), 0);
  EXPECT_EQ(empty->records_with_rows(0, 2), 0);
}

TEST_F(RecordBatchTest, an_excluded_record_counts_no_more) {
  const auto batch = make_.batch(3);
  make_.give_rows(*batch, {1, 2, 1});
  EXPECT_FALSE(batch->excluded(1));
  EXPECT_TRUE(batch->exclude(1));
  EXPECT_FALSE(batch->exclude(1));
  EXPECT_TRUE(batch->excluded(1));
  EXPECT_EQ(batch->records_with_rows(0, 3), 2);
  EXPECT_EQ(batch->excluded_count(0, 3), 1);
  EXPECT_EQ(batch->excluded_count(2, 3), 0);
}

TEST_F(RecordBatchTest, memory_is_charged_for_records_rows_and_gathered_columns_and_given_back) {
  auto batch = make_.batch(100);
  const int64_t records_only = make_.memory;
  EXPECT_GT(records_only, 100 * (10 + 4 + 8));
  make_.give_rows(*batch, std::vector<int>(100, 2));
  EXPECT_EQ(make_.memory, records_only + 200 * 8 + 200 * 8);
  EXPECT_EQ(batch->bytes(), make_.memory);
  batch->forget_rows();
  EXPECT_EQ(make_.memory, records_only);
  make_.give_rows(*batch, std::vector<int>(100, 1), false);
  EXPECT_EQ(make_.memory, records_only + 100 * 8);
  batch.reset();
  EXPECT_EQ(make_.memory, 0);
}

TEST_F(RecordBatchTest, rows_can_be_made_again_and_excluded_records_stay_so) {
  const auto batch = make_.batch(3);
  make_.give_rows(*batch, {1, 1, 1}, false);
  batch->exclude(1);
  batch->forget_rows();
  make_.give_rows(*batch, {0, 2, 2});
  EXPECT_EQ(batch->row_count(), 4);
  EXPECT_EQ(batch->records_with_rows(0, 3), 1);
}

TEST_F(RecordBatchTest, refuses_rows_without_a_map_that_are_not_as_many_as_records) {
  const auto batch = make_.batch(3);
  take(*batch, {1, 2}, nullptr);
  EXPECT_THROW(batch->join(make_.binding()), std::runtime_error);
}

TEST_F(RecordBatchTest, refuses_a_map_that_decreases_or_names_a_record_beyond_the_batch) {
  const auto decreasing = make_.batch(3);
  const uint32_t back[] = {1, 0};
  take(*decreasing, {1, 2}, back);
  EXPECT_THROW(decreasing->join(make_.binding()), std::runtime_error);
  const auto beyond = make_.batch(3);
  const uint32_t far[] = {1, 3};
  take(*beyond, {1, 2}, far);
  EXPECT_THROW(beyond->join(make_.binding()), std::runtime_error);
}

TEST_F(RecordBatchTest, rows_that_are_given_twice_replace_the_first) {
  const auto batch = make_.batch(2);
  take(*batch, {1, 2}, nullptr);
  make_.give_rows(*batch, {0, 1});
  EXPECT_EQ(batch->row_count(), 1);
}

TEST(RejectionTest, takes_what_a_plugin_told_and_no_more_than_is_sane) {
  const std::string text(1 << 20, 'x');
  const auto why = Rejection::told(Rejection::Stage::kSink, nullptr, {nullptr, 0},
                                   {text.data(), text.size()}, 7);
  EXPECT_EQ(why.code, "NOT_TOLD");
  EXPECT_EQ(why.column, "");
  EXPECT_EQ(why.text.size(), 8192u);
  EXPECT_EQ(why.byte_offset, 7);
}

}  // namespace
}  // namespace cphost::host
