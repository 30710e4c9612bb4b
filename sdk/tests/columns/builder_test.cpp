// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/builder.hpp>
#include <cphost/columns/values.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace cphost::columns {
namespace {

UniqueSchema wanted(const std::vector<std::pair<std::string, std::string>>& columns) {
  Schema schema;
  for (const auto& column : columns)
    schema.add(carrier(TypeParser::parse(column.second), column.first, true));
  return schema.to_arrow();
}

TEST(Builder, absentColumnsBecomeNulls) {
  const UniqueSchema schema = wanted({{"n", "UInt32"}, {"t", "String"}, {"b", "Bool"}});
  Builder builder(*schema);
  for (uint32_t i = 0; i < 100; ++i) {
    size_t filled = 0;
    if (i % 2 == 0) {
      builder.column(0).push(i);
      ++filled;
    }
    if (i % 3 == 0) {
      EXPECT_EQ(put_text(builder.column(1), std::to_string(i)), Reason::kNone);
      ++filled;
    }
    if (i % 5 == 0) {
      EXPECT_EQ(put_bool(builder.column(2), i % 2 == 0), Reason::kNone);
      ++filled;
    }
    builder.commit_row(filled);
  }
  const UniqueArray batch = builder.finish();
  ASSERT_EQ(batch->length, 100);
  EXPECT_EQ(batch->children[0]->null_count, 50);
  for (int64_t i = 0; i < 100; ++i) {
    for (int column = 0; column < 3; ++column) {
      const int step = column == 0 ? 2 : column == 1 ? 3 : 5;
      ASSERT_EQ(is_null(*batch->children[column], i), i % step != 0) << i;
    }
    ASSERT_EQ(value_at<uint32_t>(*batch->children[0], i), i % 2 == 0 ? i : 0);
    ASSERT_EQ(bytes_at(*batch->children[1], i), i % 3 == 0 ? std::to_string(i) : "");
    ASSERT_EQ(bool_at(*batch->children[2], i), i % 10 == 0);
  }
}

TEST(Builder, aRowOfWideValuesIsTakenHoweverManyAreExpected) {
  const UniqueSchema schema = wanted({{"f", "FixedString(2000000)"}});
  Builder builder(*schema);
  builder.reserve(100000);
  for (int i = 0; i < 40; ++i) {
    ASSERT_EQ(put_text(builder.column(0), std::to_string(i)), Reason::kNone);
    builder.commit_row(1);
  }
  const UniqueArray batch = builder.finish();
  const FixedBytesColumn column(*batch->children[0], 2000000);
  EXPECT_EQ(column[39].substr(0, 3), std::string_view("39\0", 3));
  EXPECT_EQ(column[0].substr(0, 2), std::string_view("0\0", 2));
}

TEST(Builder, rowsAreTakenBackWithTheirNulls) {
  const UniqueSchema schema =
      wanted({{"n", "Nullable(UInt8)"}, {"l", "Array(Array(Nullable(UInt8)))"}});
  Builder builder(*schema);
  const auto fill = [&builder](uint32_t i) {
    Column& inner = builder.column(1).child(0);
    if (i % 2 == 0) {
      builder.column(0).push_null();
    } else {
      builder.column(0).push(static_cast<uint8_t>(i));
    }
    for (uint32_t k = 0; k < i % 4; ++k) {
      EXPECT_EQ(put_null(inner.child(0)), Reason::kNone);
      inner.child(0).push(static_cast<uint8_t>(k));
      inner.push_list();
    }
    builder.column(1).push_list();
    builder.commit_row(2);
  };
  for (uint32_t i = 0; i < 50; ++i) fill(i);
  builder.column(1).child(0).child(0).push_null();  // half a row
  builder.roll_back(10);
  for (uint32_t i = 1; i < 50; i += 2) fill(i);  // no nulls in n from here on
  const UniqueArray batch = builder.finish();
  ASSERT_EQ(batch->length, 35);
  EXPECT_EQ(batch->children[0]->null_count, 5);
  for (int64_t i = 0; i < 35; ++i) ASSERT_EQ(is_null(*batch->children[0], i), i < 10 && i % 2 == 0);
  const ListColumn outer(*batch->children[1]);
  const ListColumn inner(outer.elements());
  ASSERT_EQ(outer.elements().length, outer.end(34));
  ASSERT_EQ(inner.elements().length, inner.end(outer.end(34) - 1));
  EXPECT_EQ(inner.elements().null_count, outer.elements().length);
}

TEST(Builder, batchesDoNotTouchEachOther) {
  const UniqueSchema schema = wanted({{"t", "String"}, {"m", "Map(String, UInt8)"}});
  Builder builder(*schema);
  std::vector<UniqueArray> batches;
  for (int b = 0; b < 10; ++b) {
    for (int i = 0; i < 2000 + b; ++i) {
      EXPECT_EQ(put_text(builder.column(0), std::to_string(b * i)), Reason::kNone);
      EXPECT_EQ(put_text(builder.column(1).child(0), std::to_string(b)), Reason::kNone);
      builder.column(1).child(1).push(static_cast<uint8_t>(b));
      builder.column(1).push_list();
      builder.commit_row(2);
    }
    batches.push_back(builder.finish());
    if (b % 3 == 2) batches.erase(batches.begin());
  }
  for (const UniqueArray& batch : batches) {
    const int b = static_cast<int>(batch->length) - 2000;
    ASSERT_EQ(bytes_at(*batch->children[0], 1999), std::to_string(b * 1999));
    const ListColumn map(*batch->children[1]);
    ASSERT_EQ(map.end(1999), 2000);
    ASSERT_EQ(bytes_at(*map.elements().children[0], 1999), std::to_string(b));
    ASSERT_EQ(value_at<uint8_t>(*map.elements().children[1], 1999), b);
  }
}

TEST(Builder, memoryComesBackAndIsUsedAgain) {
  const UniqueSchema schema = wanted({{"n", "UInt64"}, {"t", "String"}});
  Builder builder(*schema);
  std::vector<const void*> seen;
  for (int b = 0; b < 6; ++b) {
    builder.reserve(1000);
    for (uint64_t i = 0; i < 1000; ++i) {
      builder.column(0).push(i);
      EXPECT_EQ(put_text(builder.column(1), "text"), Reason::kNone);
      builder.commit_row(2);
    }
    const UniqueArray batch = builder.finish();
    seen.push_back(batch->children[0]->buffers[1]);
  }
  // Two sets take turns: the one that is built, and the one that was just released.
  EXPECT_EQ(seen[2], seen[4]);
  EXPECT_EQ(seen[3], seen[5]);
}

TEST(Builder, batchesOutliveItAndMayBeReleasedAnywhere) {
  UniqueArray batch, moved_child;
  {
    const UniqueSchema schema = wanted({{"t", "String"}, {"u", "String"}});
    Builder builder(*schema);
    EXPECT_EQ(put_text(builder.column(0), "kept"), Reason::kNone);
    builder.commit_row(1);
    batch = builder.finish();
    moved_child = UniqueArray(batch->children[0]);
  }
  std::thread([&batch] { batch.reset(); }).join();
  EXPECT_EQ(bytes_at(*moved_child, 0), "kept");
}

TEST(Builder, emptyBatchesHaveTheirBuffers) {
  const UniqueSchema schema =
      wanted({{"t", "String"}, {"l", "Array(String)"}, {"u", "Tuple(UInt8)"}});
  Builder builder(*schema);
  const UniqueArray batch = builder.finish();
  EXPECT_EQ(batch->length, 0);
  for (const int i : {0, 1}) {
    ASSERT_NE(batch->children[i]->buffers[1], nullptr);
    EXPECT_EQ(static_cast<const int32_t*>(batch->children[i]->buffers[1])[0], 0);
  }
  ASSERT_NE(batch->children[0]->buffers[2], nullptr);
}

TEST(Builder, aColumnThatGrowsTooLargeSaysSo) {
  const UniqueSchema schema = wanted({{"f", "FixedString(16777215)"}});
  Builder builder(*schema);
  EXPECT_THROW(
      {
        for (int i = 0; i < 100; ++i) {
          EXPECT_EQ(put_text(builder.column(0), "x"), Reason::kNone);
          builder.commit_row(1);
        }
      },
      ColumnTooLarge);
}

TEST(Builder, errorsNameTheColumn) {
  const Schema schema{{"good", "l"}, {"odd", "+us:0"}};
  const UniqueSchema arrow = schema.to_arrow();
  try {
    Builder builder(*arrow);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.text().find("odd"), std::string::npos);
    EXPECT_EQ(error.status(), config);
  }
}

TEST(Bits, everyFlagBecomesItsBit) {
  for (size_t n = 0; n < 100; ++n) {
    std::vector<Byte> flags(n + 16), bits(n / 8 + 4);
    for (size_t i = 0; i < n; ++i) flags[i] = i * i % 3 == 1;
    pack_bits(flags.data(), n, bits.data());
    for (size_t i = 0; i < n; ++i)
      ASSERT_EQ(bit_at(bits.data(), static_cast<int64_t>(i)), flags[i] == 1);
  }
}

}  // namespace
}  // namespace cphost::columns
