// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/block.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "host/pipe/testing/batches.hpp"

namespace cphost::host {
namespace {

using testing::BatchMaker;

/// All rows of a block, as (batch, row).
std::vector<std::pair<const RecordBatch*, int64_t>> rows_of(const BlockParts& parts) {
  std::vector<std::pair<const RecordBatch*, int64_t>> rows;
  for (const BlockPart& part : parts) {
    for (int64_t i = 0; i < part.count; ++i) rows.emplace_back(part.batch.get(), part.begin + i);
  }
  return rows;
}

class BlockTest : public ::testing::Test {
 protected:
  BatchMaker make_;
};

TEST_F(BlockTest, holds_the_rows_of_its_spans_in_order) {
  Block block;
  const auto first = make_.span(1, {1, 1, 1});
  const auto second = make_.span(2, {2, 0, 3});
  block.add(first);
  block.add(second);
  EXPECT_EQ(block.rows, 8);
  EXPECT_EQ(row_count(block.parts), 8);
  ASSERT_EQ(block.shares.size(), 2u);
  EXPECT_EQ(block.shares[0].records, 3);
  EXPECT_EQ(block.shares[1].records, 2);
  EXPECT_GT(block.bytes, 0);
}

TEST_F(BlockTest, leaves_out_the_rows_of_excluded_records) {
  const auto span = make_.span(1, {2, 2, 1, 3});
  span->batch->exclude(0);
  span->batch->exclude(2);
  span->with_rows = span->batch->records_with_rows(0, 4);
  Block block;
  block.add(span);
  EXPECT_EQ(block.rows, 5);
  ASSERT_EQ(block.parts.size(), 2u);
  EXPECT_EQ(block.parts[0].begin, 2);
  EXPECT_EQ(block.parts[0].count, 2);
  EXPECT_EQ(block.parts[1].begin, 5);
  EXPECT_EQ(block.parts[1].count, 3);
}

TEST_F(BlockTest, forgets_a_stream_with_its_rows_and_bytes) {
  Block block;
  block.add(make_.span(1, {1, 2}));
  const int64_t rows = block.rows, bytes = block.bytes;
  block.add(make_.span(2, {5, 1}));
  block.add(make_.span(2, {1}));
  block.remove_stream(2);
  EXPECT_EQ(block.rows, rows);
  EXPECT_EQ(block.bytes, bytes);
  EXPECT_EQ(row_count(block.parts), rows);
  ASSERT_EQ(block.shares.size(), 1u);
  EXPECT_EQ(block.shares[0].span->stream, 1u);
}

TEST_F(BlockTest, takes_whole_records_out_by_any_of_their_rows) {
  Block block;
  block.add(make_.span(1, {1, 3, 1}));
  block.add(make_.span(1, {2, 2}));
  BlockParts parts = block.parts;
  // Rows 0 | 1 2 3 | 4 and 5 6 | 7 8: rows 2 and 3 are of one record.
  const auto taken = take_records(parts, {2, 3, 5, 8, 8});
  ASSERT_EQ(taken.size(), 3u);
  EXPECT_EQ(taken[0].record, 1);
  EXPECT_EQ(taken[0].row, 0u);
  EXPECT_EQ(taken[1].record, 0);
  EXPECT_EQ(taken[1].row, 2u);
  EXPECT_EQ(taken[2].record, 1);
  EXPECT_EQ(taken[2].batch, block.shares[1].span->batch);
  const auto rows = rows_of(parts);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].second, 0);
  EXPECT_EQ(rows[1].second, 4);
}

TEST_F(BlockTest, passes_over_rows_that_it_does_not_have) {
  Block block;
  block.add(make_.span(1, {1, 1}));
  BlockParts parts = block.parts;
  EXPECT_TRUE(take_records(parts, {-7, -1, 2, 1000}).empty());
  EXPECT_EQ(row_count(parts), 2);
}

TEST_F(BlockTest, takes_records_out_of_rows_that_have_no_batch) {
  ArrowArray rows{};
  BlockParts parts{{&rows, nullptr, 0, 5}};
  const auto taken = take_records(parts, {1, 4});
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[1].record, 4);
  EXPECT_EQ(row_count(parts), 3);
}

TEST_F(BlockTest, seals_its_rows_into_one_piece) {
  Block block;
  block.add(make_.span(1, {1, 1}));
  block.seal("token");
  EXPECT_TRUE(block.parts.empty());
  ASSERT_EQ(block.pieces.size(), 1u);
  EXPECT_EQ(block.pieces[0].token, "token");
  EXPECT_EQ(row_count(block.pieces[0].parts), 2);
}

// Every split of every shape: no row is lost or moved, no record torn, both sides have rows unless
// there is one record only.
TEST_F(BlockTest, halves_between_records) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Block block;
    int records = 0;
    const size_t spans = 1 + random() % 4;
    for (size_t i = 0; i < spans; ++i) {
      std::vector<int> rows(1 + random() % 4);
      for (int& n : rows) n = static_cast<int>(random() % 5);
      if (std::accumulate(rows.begin(), rows.end(), 0) == 0) rows[0] = 1;
      for (const int n : rows) records += n > 0;
      block.add(make_.span(1, rows));
    }
    const auto [first, second] = halves(block.parts);
    auto both = rows_of(first);
    const auto behind = rows_of(second);
    if (!behind.empty()) {
      const auto& [batch, row] = behind.front();
      const auto& [last_batch, last_row] = both.back();
      if (batch == last_batch) {
        EXPECT_NE(batch->record_of(row), batch->record_of(last_row)) << "round " << round;
      }
    }
    EXPECT_FALSE(both.empty());
    EXPECT_EQ(behind.empty(), records == 1) << "round " << round;
    both.insert(both.end(), behind.begin(), behind.end());
    EXPECT_EQ(both, rows_of(block.parts)) << "round " << round;
  }
}

}  // namespace
}  // namespace cphost::host
