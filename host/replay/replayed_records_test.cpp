// SPDX-License-Identifier: Apache-2.0
#include "host/replay/replayed_records.hpp"

#include <gtest/gtest.h>

#include <cphost/batch.hpp>
#include <cphost/rejects.hpp>

namespace cphost::host {
namespace {

using C = RejectColumn;

Field required(const char* name, const char* format) {
  return Field{name, format, {}, {}, false};
}

Field position(const char* name, const char* format) {
  return Field{name, format, {{std::string(kRole), "position"}}, {}, false};
}

class ReplayedRecords : public ::testing::Test {
 protected:
  ColumnBuilder& at(C column) { return rejects_[static_cast<size_t>(column)]; }

  void add(const std::string& place, const std::string& raw, bool truncated = false) {
    at(C::kId).add(std::string_view("id"));
    at(C::kTs).add(1);
    at(C::kCode).add(std::string_view("JSON"));
    at(C::kPosition).add(std::string_view(place));
    at(C::kTopic).add(std::string_view("orders"));
    at(C::kPartition).add(3);
    at(C::kOffset).add(std::stoll(place));
    at(C::kRecordTs).add(1'700'000'000'001);
    at(C::kKey).add_null();
    at(C::kHeaders).add_entry("h", "1");
    at(C::kHeaders).add_entry("h", "2");
    at(C::kHeaders).end();
    at(C::kRaw).add(std::string_view(raw));
    at(C::kTruncated).add(truncated ? 1 : 0);
  }

  UniqueArray records(const Schema& schema) {
    const UniqueArray page = rejects_.finish();
    return records_of_rejects(*schema.to_arrow().get(), *page, rows_);
  }

  BatchBuilder rejects_{rejects_schema()};
  std::vector<int64_t> rows_;
};

TEST_F(ReplayedRecords, HaveTheMetadataThatTheyHad) {
  add("41", "one");
  add("42", "two");
  Schema schema{{"_value", "z"},
                {"_key", "z"},
                {"_timestamp", "tsm:UTC"},
                required("_topic", "z"),
                required("_partition", "i"),
                position("_offset", "l")};
  schema.add(Field{"_headers",
                   "+m",
                   {},
                   {Field{"e", "+s", {}, {required("k", "z"), {"v", "z"}}, false}},
                   false});
  EXPECT_TRUE(columns_not_kept(*schema.to_arrow().get()).empty());
  const UniqueArray built = records(schema);
  ASSERT_EQ(built->length, 2);
  const auto column = [&](int i) -> const ArrowArray& { return *built->children[i]; };
  EXPECT_EQ(bytes_at(column(0), 1), "two");
  EXPECT_TRUE(is_null(column(1), 1));
  EXPECT_EQ(value_at<int64_t>(column(2), 1), 1'700'000'000'001);
  EXPECT_EQ(bytes_at(column(3), 1), "orders");
  EXPECT_EQ(value_at<int32_t>(column(4), 1), 3);
  EXPECT_EQ(value_at<int64_t>(column(5), 1), 42);
  const ListColumn headers(column(6));
  ASSERT_EQ(headers.end(1) - headers.begin(1), 2);
  EXPECT_EQ(bytes_at(*headers.elements().children[1], headers.begin(1) + 1), "2");
}

TEST_F(ReplayedRecords, LeaveOutWhatWasCutOff) {
  add("1", "", true);
  add("2", "whole");
  const UniqueArray built = records(Schema{{"_value", "z"}, position("_offset", "l")});
  ASSERT_EQ(built->length, 1);
  EXPECT_EQ(bytes_at(*built->children[0], 0), "whole");
  EXPECT_EQ(rows_, (std::vector<int64_t>{1}));
}

TEST_F(ReplayedRecords, TakePositionsThatAreText) {
  add("0042", "v");
  const UniqueArray built = records(Schema{{"_value", "z"}, position("_sequence", "z")});
  EXPECT_EQ(bytes_at(*built->children[1], 0), "0042");
}

TEST_F(ReplayedRecords, HaveNothingInColumnsThatAreNotKept) {
  add("1", "v");
  const Schema schema{{"_value", "z"},         position("_offset", "l"), required("_file", "z"),
                      required("_level", "i"), {"_size", "l"},           required("_hash", "w:4"),
                      required("_topic", "l")};
  EXPECT_EQ(columns_not_kept(*schema.to_arrow().get()),
            (std::vector<std::string>{"_file", "_level", "_size", "_hash", "_topic"}));
  const UniqueArray built = records(schema);
  EXPECT_EQ(bytes_at(*built->children[2], 0), "");
  EXPECT_EQ(value_at<int32_t>(*built->children[3], 0), 0);
  EXPECT_TRUE(is_null(*built->children[4], 0));
  EXPECT_EQ(value_at<uint32_t>(*built->children[5], 0), 0u);
}

}  // namespace
}  // namespace cphost::host
