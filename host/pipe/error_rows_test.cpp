// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/error_rows.hpp"

#include <gtest/gtest.h>

#include "host/pipe/arrow_size.hpp"
#include "host/pipe/error_schema.hpp"

namespace cphost::host {
namespace {

const ArrowArray& column(const UniqueArray& rows, ErrorColumn c) {
  return *rows->children[static_cast<size_t>(c)];
}

TEST(ErrorSchemaTest, has_the_columns_in_the_order_of_their_numbers) {
  const UniqueSchema schema = error_schema();
  EXPECT_EQ(schema->n_children, static_cast<int64_t>(ErrorColumn::kReplayedAt) + 1);
  EXPECT_EQ(find(*schema.get(), "ts"), static_cast<int>(ErrorColumn::kTs));
  EXPECT_EQ(find(*schema.get(), "headers"), static_cast<int>(ErrorColumn::kHeaders));
  EXPECT_EQ(find(*schema.get(), "raw"), static_cast<int>(ErrorColumn::kRaw));
  EXPECT_EQ(find(*schema.get(), "replayed_at"), static_cast<int>(ErrorColumn::kReplayedAt));
  for (int64_t i = 0; i < schema->n_children; ++i) {
    const ArrowSchema& field = *schema->children[i];
    EXPECT_NE(clickhouse_type(field), "") << field.name;
    EXPECT_EQ(is_nullable(field), clickhouse_type(field).starts_with("Nullable(")) << field.name;
  }
}

TEST(ErrorRowsTest, a_row_has_all_that_is_known_of_the_record) {
  const Rejection why{Rejection::Stage::kFormat, "JSON_SYNTAX", "user.age", "no number", 17};
  ErrorRow row;
  row.ts_us = 1'700'000'000'000'000;
  row.pipe = "orders";
  row.host = "here";
  row.why = &why;
  row.hint = "mend it";
  row.plugin = "json";
  row.stream = "orders/3";
  row.position = "42";
  row.topic = "orders";
  row.partition = 3;
  row.offset = 42;
  row.record_ts_ms = 1'699'999'999'123;
  row.has_key = true;
  row.key = "k";
  row.headers = {{"a", "1"}, {"b", ""}};
  row.raw = "{\"a\":";
  row.raw_size = 5;
  ErrorRows rows;
  rows.add(row);
  EXPECT_EQ(rows.count(), 1);
  EXPECT_GT(rows.bytes(), 5);
  const UniqueArray array = rows.finish();
  EXPECT_EQ(rows.count(), 0);
  EXPECT_EQ(rows.bytes(), 0);

  using C = ErrorColumn;
  ASSERT_EQ(array->length, 1);
  EXPECT_EQ(value_at<int64_t>(column(array, C::kTs), 0), row.ts_us);
  EXPECT_EQ(bytes_at(column(array, C::kPipe), 0), "orders");
  EXPECT_EQ(value_at<int8_t>(column(array, C::kStage), 0), 2);
  EXPECT_EQ(bytes_at(column(array, C::kCode), 0), "JSON_SYNTAX");
  EXPECT_EQ(bytes_at(column(array, C::kMessage), 0), "no number");
  EXPECT_EQ(bytes_at(column(array, C::kColumn), 0), "user.age");
  EXPECT_EQ(value_at<uint64_t>(column(array, C::kByteOffset), 0), 17u);
  EXPECT_EQ(bytes_at(column(array, C::kStream), 0), "orders/3");
  EXPECT_EQ(bytes_at(column(array, C::kPosition), 0), "42");
  EXPECT_EQ(value_at<int32_t>(column(array, C::kPartition), 0), 3);
  EXPECT_EQ(value_at<int64_t>(column(array, C::kOffset), 0), 42);
  EXPECT_EQ(value_at<int64_t>(column(array, C::kRecordTs), 0), row.record_ts_ms);
  EXPECT_EQ(bytes_at(column(array, C::kKey), 0), "k");
  EXPECT_EQ(bytes_at(column(array, C::kRaw), 0), row.raw);
  EXPECT_EQ(value_at<uint64_t>(column(array, C::kRawSize), 0), 5u);
  EXPECT_EQ(value_at<uint8_t>(column(array, C::kRawTruncated), 0), 0);
  EXPECT_TRUE(is_null(column(array, C::kReplayedAt), 0));
  const ListColumn headers(column(array, C::kHeaders));
  ASSERT_EQ(headers.end(0) - headers.begin(0), 2);
  EXPECT_EQ(bytes_at(*headers.elements().children[0], 1), "b");
  EXPECT_EQ(bytes_at(*headers.elements().children[1], 0), "1");
}

TEST(ErrorRowsTest, what_is_not_known_is_null) {
  const Rejection why{Rejection::Stage::kSource, "LINE_TOO_LONG", "", "too long", -1};
  ErrorRow row;
  row.why = &why;
  row.raw = "first bytes";
  row.raw_size = 5'000'000'000;
  ErrorRows rows;
  rows.add(row);
  const UniqueArray array = rows.finish();
  using C = ErrorColumn;
  for (const C c :
       {C::kPartition, C::kOffset, C::kRecordTs, C::kKey, C::kByteOffset, C::kReplayedAt})
    EXPECT_TRUE(is_null(column(array, c), 0)) << static_cast<int>(c);
  EXPECT_EQ(value_at<uint8_t>(column(array, C::kRawTruncated), 0), 1);
  EXPECT_EQ(value_at<uint64_t>(column(array, C::kRawSize), 0), 5'000'000'000u);
}

TEST(ErrorRowsTest, an_empty_key_is_not_a_missing_one) {
  const Rejection why{Rejection::Stage::kSink, "X", "", "", -1};
  ErrorRow row;
  row.why = &why;
  ErrorRows rows;
  for (int i = 0; i < 20; ++i) {
    row.has_key = i % 3 == 0;
    rows.add(row);
  }
  const UniqueArray array = rows.finish();
  for (int64_t i = 0; i < 20; ++i)
    EXPECT_EQ(is_null(column(array, ErrorColumn::kKey), i), i % 3 != 0) << i;
}

TEST(ErrorRowsTest, begins_anew_after_finish) {
  const Rejection why{Rejection::Stage::kSink, "X", "", "text", -1};
  ErrorRow row;
  row.why = &why;
  row.headers = {{"h", "v"}};
  ErrorRows rows;
  rows.add(row);
  rows.add(row);
  const UniqueArray first = rows.finish();
  rows.add(row);
  const UniqueArray second = rows.finish();
  EXPECT_EQ(first->length, 2);
  EXPECT_EQ(second->length, 1);
  EXPECT_EQ(column(second, ErrorColumn::kMessage).length, 1);
  EXPECT_EQ(ListColumn(column(first, ErrorColumn::kHeaders)).end(1), 2);
  EXPECT_EQ(ListColumn(column(second, ErrorColumn::kHeaders)).end(0), 1);
  EXPECT_GT(array_bytes(*error_schema().get(), *first.get()), 0) << "schema and array agree";
}

TEST(ErrorRowsTest, counts_headers_and_keys_as_bytes) {
  const Rejection why{Rejection::Stage::kSink, "X", "", "", -1};
  ErrorRow row;
  row.why = &why;
  ErrorRows small, large;
  small.add(row);
  const std::string big(100'000, 'h');
  row.headers = {{"h", big}};
  large.add(row);
  EXPECT_GE(large.bytes() - small.bytes(), 100'000);
}

}  // namespace
}  // namespace cphost::host
