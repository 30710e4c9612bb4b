// SPDX-License-Identifier: Apache-2.0
#include "rows.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>

namespace {

std::string row(rows::Shape shape, std::uint64_t index) {
  std::string out;
  rows::RowGenerator(shape).append(index, out);
  return out;
}

struct Digest {
  std::size_t bytes = 0;
  std::size_t longest = 0;
  unsigned long crc = 0;
};

// Of `count` rows from `first` on, each with a line end.
Digest digest(rows::Shape shape, std::uint64_t first, std::uint64_t count) {
  const rows::RowGenerator generator(shape);
  Digest result;
  std::string line;
  for (std::uint64_t i = first; i < first + count; ++i) {
    line.clear();
    generator.append(i, line);
    result.longest = std::max(result.longest, line.size());
    line += '\n';
    result.bytes += line.size();
    result.crc = crc32(result.crc, reinterpret_cast<const Bytef*>(line.data()),
                       static_cast<uInt>(line.size()));
  }
  return result;
}

// Published figures and stored expectations rest on these very bytes.
TEST(Rows, NarrowRowsNeverChange) {
  EXPECT_EQ(row(rows::Shape::narrow, 1),
            R"({"id":10000001,"ts":"2026-01-02T01:01:01.001Z","user_id":822466,"event":"purchase",)"
            R"("country":"US","price":95.61,"qty":1,"ok":true,"session":"12087fdb175ec8f9",)"
            R"("note":null})");
  EXPECT_EQ(row(rows::Shape::narrow, 123'456'791),
            R"({"id":133456791,"ts":"2026-01-04T23:11:11.791Z","user_id":2908009,)"
            R"("event":"purchase","country":"JP","price":65.25,"qty":9,"ok":true,)"
            R"("session":"2563c6858db2063c","note":"some note text 791"})");
  EXPECT_EQ(digest(rows::Shape::narrow, 0, 100'000).crc, 0x55a0e3b8UL);
  EXPECT_EQ(digest(rows::Shape::narrow, 7'000'000, 100'000).crc, 0x613ac7a2UL);
}

TEST(Rows, WideRowsNeverChange) {
  EXPECT_EQ(row(rows::Shape::wide, 123'456'789),
            R"({"id":1000123456789,"code":-21930,"val":526.988304389443,)"
            R"("ts":"2024-05-06 09:14:56.253","s1":"qhdmn wxkyqx ikw luhwbsff yrxcws",)"
            R"("s2":"/rfsltj/lbv/yqgdbk","s3":"41ddf56a81772132","host":"host-20.eu-west-1",)"
            R"("ok":true,"note":"uwye"})");
  EXPECT_EQ(digest(rows::Shape::wide, 0, 100'000).crc, 0xe3f6a119UL);
  EXPECT_EQ(digest(rows::Shape::wide, 7'000'000, 100'000).crc, 0xccb9cddfUL);
}

TEST(Rows, LargeRowsNeverChange) {
  EXPECT_EQ(digest(rows::Shape::nested, 0, 20'000).crc, 0x591ab1e7UL);
  EXPECT_EQ(digest(rows::Shape::numbers, 0, 20'000).crc, 0x56b19d87UL);
  EXPECT_EQ(digest(rows::Shape::text, 0, 20'000).crc, 0x29a97585UL);
}

TEST(Rows, HaveTheirDocumentedSizes) {
  const auto expect_size = [](rows::Shape shape, size_t size) {
    const Digest all = digest(shape, 0, 100'000);
    EXPECT_EQ(all.bytes / 100'000 - 1, size);
    EXPECT_LE(all.longest, rows::kMaxRowSize);
  };
  expect_size(rows::Shape::narrow, 176);
  expect_size(rows::Shape::wide, 234);
  expect_size(rows::Shape::nested, 1616);
  expect_size(rows::Shape::numbers, 428);
  expect_size(rows::Shape::text, 929);
}

TEST(Rows, AppendKeepsWhatIsThere) {
  std::string out = "before";
  rows::RowGenerator(rows::Shape::narrow).append(5, out);
  EXPECT_EQ(out, "before" + row(rows::Shape::narrow, 5));
}

}  // namespace
