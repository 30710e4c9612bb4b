// SPDX-License-Identifier: Apache-2.0
#include <cphost/arrow.hpp>

#include <gtest/gtest.h>

namespace {

int released = 0;

ArrowArray column(int64_t length, const void** buffers, int64_t offset = 0) {
  ArrowArray a{};
  a.length = length;
  a.offset = offset;
  a.null_count = -1;
  a.buffers = buffers;
  a.release = [](ArrowArray* array) {
    ++released;
    array->release = nullptr;
  };
  return a;
}

TEST(Unique, ReleasesOnceAndMoves) {
  released = 0;
  const void* none[] = {nullptr, nullptr};
  ArrowArray raw = column(1, none);
  {
    cphost::UniqueArray a(&raw);
    EXPECT_EQ(raw.release, nullptr);
    cphost::UniqueArray b = std::move(a);
    EXPECT_FALSE(a);
    EXPECT_TRUE(b);
    a = std::move(b);
    EXPECT_EQ(released, 0);
  }
  EXPECT_EQ(released, 1);
}

TEST(Unique, GivenAwayIsNotReleased) {
  released = 0;
  const void* none[] = {nullptr, nullptr};
  ArrowArray raw = column(1, none);
  ArrowArray moved{};
  {
    cphost::UniqueArray a(&raw);
    moved = a.move_out();
  }
  EXPECT_EQ(released, 0);
  moved.release(&moved);
  EXPECT_EQ(released, 1);
}

TEST(Views, ReadValuesAndNulls) {
  const uint8_t valid[] = {0b101};
  const int32_t offsets[] = {0, 2, 2, 5};
  const void* bytes[] = {valid, offsets, "abcde"};
  const ArrowArray a = column(3, bytes);
  const cphost::BytesColumn view(a);
  EXPECT_EQ(view[0], "ab");
  EXPECT_EQ(view[1], "");
  EXPECT_EQ(view[2], "cde");
  EXPECT_TRUE(view.is_null(1));
  EXPECT_FALSE(view.is_null(2));
  EXPECT_EQ(cphost::bytes_at(a, 2), "cde");
  EXPECT_TRUE(cphost::is_null(a, 1));
}

TEST(Views, CountFromTheArraysOffset) {
  const uint8_t bits[] = {0b1010};
  const int64_t numbers[] = {7, 8, 9, 10};
  const void* buffers[] = {bits, numbers};
  const ArrowArray a = column(2, buffers, 2);
  const cphost::FixedColumn<int64_t> view(a);
  EXPECT_EQ(view[0], 9);
  EXPECT_TRUE(view.is_null(0));
  EXPECT_FALSE(view.is_null(1));
  EXPECT_EQ(cphost::value_at<int64_t>(a, 1), 10);

  const void* bools[] = {nullptr, bits};
  const ArrowArray b = column(2, bools, 2);
  EXPECT_FALSE(cphost::BoolColumn(b)[0]);
  EXPECT_TRUE(cphost::BoolColumn(b)[1]);
  EXPECT_TRUE(cphost::bool_at(b, 1));
  EXPECT_FALSE(cphost::BoolColumn(b).has_nulls());
}

TEST(Views, ListsAndFixedBytes) {
  const void* letters[] = {nullptr, "aabbcc"};
  ArrowArray elements = column(3, letters);
  ArrowArray* children[] = {&elements};
  const int32_t offsets[] = {0, 1, 3};
  const void* buffers[] = {nullptr, offsets};
  ArrowArray list = column(2, buffers);
  list.children = children;
  list.n_children = 1;
  const cphost::ListColumn view(list);
  EXPECT_EQ(view.begin(1), 1);
  EXPECT_EQ(view.end(1), 3);
  EXPECT_EQ(cphost::FixedBytesColumn(view.elements(), 2)[2], "cc");
}

TEST(Metadata, OfAFieldWithoutAnyIsEmpty) {
  ArrowSchema field{};
  EXPECT_EQ(cphost::metadata(field, "k"), "");
  EXPECT_EQ(cphost::name_of(field), "");
}

}  // namespace
