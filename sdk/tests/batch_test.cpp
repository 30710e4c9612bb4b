// SPDX-License-Identifier: Apache-2.0
#include <cphost/batch.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "count_allocations.hpp"

namespace {

using cphost::BatchBuilder;
using cphost::Field;
using cphost::Schema;
using cphost::UniqueArray;

Schema records() {
  return {{"_value", "z"},
          {"_offset", "l"},
          {"_flag", "b"},
          {"_headers", "+m", {}, {{"entries", "+s", {}, {{"key", "z"}, {"value", "z"}}, false}}}};
}

void add_row(BatchBuilder& batch, std::string_view value, int64_t offset) {
  batch[0].add(value);
  batch[1].push(offset);
  batch[2].add(offset % 3 == 0);
  batch[3].add_entry("k", value);
  batch[3].add_entry("n", nullptr);
  batch[3].end();
}

void expect_row(const ArrowArray& batch, int64_t i, std::string_view value, int64_t offset) {
  EXPECT_EQ(cphost::bytes_at(*batch.children[0], i), value);
  EXPECT_EQ(cphost::value_at<int64_t>(*batch.children[1], i), offset);
  EXPECT_EQ(cphost::bool_at(*batch.children[2], i), offset % 3 == 0);
  const cphost::ListColumn headers(*batch.children[3]);
  ASSERT_EQ(headers.end(i) - headers.begin(i), 2);
  const cphost::BytesColumn keys(*headers.elements().children[0]);
  const cphost::BytesColumn values(*headers.elements().children[1]);
  EXPECT_EQ(keys[headers.begin(i)], "k");
  EXPECT_EQ(values[headers.begin(i)], value);
  EXPECT_TRUE(values.is_null(headers.begin(i) + 1));
}

TEST(Batch, HoldsWhatWasAdded) {
  BatchBuilder batch(records());
  for (int64_t i = 0; i < 1000; ++i)
    add_row(batch, std::string(static_cast<size_t>(i % 50), 'x'), i);
  EXPECT_EQ(batch.rows(), 1000);
  EXPECT_GT(batch.bytes(), 1000u * 8);
  const UniqueArray rows = batch.finish();
  EXPECT_EQ(rows->length, 1000);
  EXPECT_EQ(rows->null_count, 0);
  EXPECT_EQ(rows->offset, 0);
  EXPECT_EQ(rows->n_buffers, 1);
  EXPECT_EQ(rows->buffers[0], nullptr);
  for (int64_t i = 0; i < 1000; ++i) {
    expect_row(*rows, i, std::string(static_cast<size_t>(i % 50), 'x'), i);
  }
  EXPECT_TRUE(batch.empty());
}

TEST(Batch, AnEmptyOneHasBuffers) {
  BatchBuilder batch(records());
  const UniqueArray rows = batch.finish();
  EXPECT_EQ(rows->length, 0);
  for (int64_t i = 0; i < rows->n_children; ++i) {
    for (int64_t b = 1; b < rows->children[i]->n_buffers; ++b) {
      EXPECT_NE(rows->children[i]->buffers[b], nullptr) << i;
    }
  }
}

TEST(Batch, NullsOfAllTypes) {
  const Schema schema{{"z", "z"},
                      {"i", "i"},
                      {"b", "b"},
                      {"w", "w:3"},
                      {"l", "+l", {}, {{"item", "s"}}},
                      {"s", "+s", {}, {{"a", "g"}, {"b", "u"}}}};
  BatchBuilder batch(schema);
  for (int i = 0; i < 20; ++i) {
    for (size_t c = 0; c < batch.width(); ++c) {
      if (i % 3 == 1) batch[c].add_null();
    }
    if (i % 3 == 1) continue;
    batch[0].add("v");
    batch[1].add(i);
    batch[2].add(true);
    batch[3].add("abc");
    batch[4].child(0).add(i);
    batch[4].end();
    batch[5].child(0).add(0.5);
    batch[5].child(1).add("t");
    batch[5].end();
  }
  const UniqueArray rows = batch.finish();
  for (int64_t c = 0; c < rows->n_children; ++c) {
    const ArrowArray& column = *rows->children[c];
    EXPECT_EQ(column.null_count, 7) << c;
    for (int64_t i = 0; i < 20; ++i)
      EXPECT_EQ(cphost::is_null(column, i), i % 3 == 1) << c << " " << i;
  }
  EXPECT_EQ(cphost::value_at<int32_t>(*rows->children[1], 18), 18);
  EXPECT_EQ(cphost::FixedBytesColumn(*rows->children[3], 3)[19 - 1], "abc");
  EXPECT_EQ(rows->children[4]->children[0]->length, 13);
}

TEST(Batch, ConvertsNumbersToTheColumnsWidth) {
  const Schema schema{{"c", "c"}, {"S", "S"},       {"f", "f"},
                      {"g", "g"}, {"t", "tsm:UTC"}, {"d", "tdD"}};
  BatchBuilder batch(schema);
  for (size_t c = 0; c < batch.width(); ++c) batch[c].add(-3);
  batch[0].add(uint8_t{200});
  batch[1].add(65535);
  batch[2].add(1.5);
  batch[3].add(1.5f);
  batch[4].add(int64_t{1} << 40);
  batch[5].add(9);
  const UniqueArray rows = batch.finish();
  EXPECT_EQ(cphost::value_at<int8_t>(*rows->children[0], 0), -3);
  EXPECT_EQ(cphost::value_at<uint16_t>(*rows->children[1], 1), 65535);
  EXPECT_EQ(cphost::value_at<float>(*rows->children[2], 0), -3.0f);
  EXPECT_EQ(cphost::value_at<float>(*rows->children[2], 1), 1.5f);
  EXPECT_EQ(cphost::value_at<double>(*rows->children[3], 1), 1.5);
  EXPECT_EQ(cphost::value_at<int64_t>(*rows->children[4], 1), int64_t{1} << 40);
  EXPECT_EQ(cphost::value_at<int32_t>(*rows->children[5], 1), 9);
}

TEST(Batch, DecimalsAndWideTypesTakeTheirBytes) {
  BatchBuilder batch(Schema{{"a", "d:9,2,32"}, {"b", "d:38,5"}, {"c", "w:32"}});
  batch[0].add(std::string_view("1234"));
  batch[1].add(std::string(16, 'b'));
  batch[2].add(std::string(32, 'c'));
  EXPECT_THROW(batch[0].add("12345"), cphost::Error);
  EXPECT_THROW(batch[0].add(5), cphost::Error);
  EXPECT_EQ(batch.finish()->length, 1);
}

TEST(Batch, RefusesTypesThatTheProfileDoesNotHave) {
  for (const char* format : {"Z", "U", "vz", "n", "+L", "+us:0", "w:0", "x", "tiM", "e"}) {
    EXPECT_THROW(BatchBuilder(Schema{{"f", format}}), cphost::Error) << format;
  }
}

TEST(Batch, RefusesColumnsOfDifferentLengths) {
  BatchBuilder batch(records());
  batch[0].add("a");
  EXPECT_THROW(batch.finish(), cphost::Error);
}

TEST(Batch, RollBackLeavesNothingOfHalfARow) {
  BatchBuilder batch(records());
  batch[0].add_null();
  batch[1].add_null();
  batch[2].add(true);
  batch[3].add_null();
  for (int64_t i = 0; i < 40; ++i) {
    const int64_t mark = batch.mark();
    batch[0].add("half");
    batch[2].add_null();
    batch[3].add_entry("half", "entry");
    if (i % 2 == 0) batch[3].end();
    batch[1].add_null();
    batch.roll_back(mark);
    add_row(batch, "whole", i);
  }
  const UniqueArray rows = batch.finish();
  ASSERT_EQ(rows->length, 41);
  EXPECT_EQ(rows->children[0]->null_count, 1);
  EXPECT_EQ(rows->children[2]->null_count, 0);
  EXPECT_TRUE(cphost::is_null(*rows->children[3], 0));
  for (int64_t i = 0; i < 40; ++i) {
    expect_row(*rows, i + 1, "whole", i);
    EXPECT_FALSE(cphost::is_null(*rows->children[0], i + 1));
    EXPECT_FALSE(cphost::is_null(*rows->children[1], i + 1));
  }
}

TEST(Batch, RollBackToTheBeginning) {
  BatchBuilder batch(records());
  add_row(batch, "a", 1);
  batch.roll_back(0);
  EXPECT_TRUE(batch.empty());
  add_row(batch, "b", 2);
  expect_row(*batch.finish(), 0, "b", 2);
}

TEST(Batch, MemoryComesBackAndNothingIsAllocated) {
  BatchBuilder batch(records());
  const std::string value(100, 'v');
  const auto fill = [&] {
    for (int64_t i = 0; i < 500; ++i) add_row(batch, value, i);
  };
  for (int round = 0; round < 3; ++round) {
    fill();
    batch.finish().reset();
  }
  const void* seen[2] = {};
  for (const void*& data : seen) {
    fill();
    const UniqueArray rows = batch.finish();
    data = rows->children[0]->buffers[2];
  }
  const int64_t before = allocations_of_this_thread();
  for (int round = 0; round < 10; ++round) {
    fill();
    const UniqueArray rows = batch.finish();
    const void* data = rows->children[0]->buffers[2];
    EXPECT_TRUE(data == seen[0] || data == seen[1]);
  }
  EXPECT_EQ(allocations_of_this_thread(), before);
}

TEST(Batch, KeepsNoMoreThanThePoolsBound) {
  BatchBuilder batch(Schema{{"z", "z"}}, 1000);
  batch[0].add(std::string(10'000, 'x'));
  const auto rows = std::make_unique<UniqueArray>(batch.finish());
  const int64_t before = allocations_of_this_thread();
  rows->reset();
  batch[0].add("y");
  const UniqueArray next = batch.finish();
  EXPECT_GT(allocations_of_this_thread(), before) << "the set over the bound was kept";
}

TEST(Batch, OutlivesItsBuilderAndIsReleasedByAnotherThread) {
  UniqueArray rows;
  {
    BatchBuilder batch(records());
    add_row(batch, "value", 7);
    rows = batch.finish();
  }
  std::thread([moved = std::move(rows)]() mutable {
    expect_row(*moved, 0, "value", 7);
    moved.reset();
  }).join();
}

TEST(Batch, IsBuiltWhileOthersReleaseIt) {
  BatchBuilder batch(records());
  for (int round = 0; round < 200; ++round) {
    for (int64_t i = 0; i < 10; ++i) add_row(batch, "value", i);
    auto rows = std::make_shared<UniqueArray>(batch.finish());
    std::thread consumer([rows = std::move(rows)] { expect_row(**rows, 9, "value", 9); });
    add_row(batch, "next", 1);
    batch.roll_back(0);
    consumer.join();
  }
}

TEST(Batch, AColumnThatWasMovedOutKeepsItsMemory) {
  BatchBuilder batch(records());
  add_row(batch, "kept", 1);
  UniqueArray rows = batch.finish();
  UniqueArray headers(rows->children[3]);
  UniqueArray value(rows->children[0]);
  rows.reset();
  add_row(batch, "other", 2);
  const UniqueArray next = batch.finish();
  EXPECT_EQ(cphost::bytes_at(*value, 0), "kept");
  EXPECT_EQ(cphost::bytes_at(*headers->children[0]->children[1], 0), "kept");
  value.reset();
  EXPECT_EQ(cphost::bytes_at(*headers->children[0]->children[0], 0), "k");
}

}  // namespace
