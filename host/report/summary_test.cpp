// SPDX-License-Identifier: Apache-2.0
#include "host/report/summary.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

CounterSnapshot balanced() {
  CounterSnapshot c;
  c.in = 1'000'000;
  c.inserted = 999'990;
  c.rejected = 7;
  c.filtered = 3;
  c.rows = 1'999'980;
  c.bytes_in = 177'000'000;
  c.blocks = 10;
  c.retries = 2;
  return c;
}

TEST(Summary, BalancesAndSaysSo) {
  EXPECT_EQ(
      summary_text("orders", balanced(), 2.0),
      "pipe orders: 1,999,980 rows in 10 blocks, 2.0 s, 999,990 rows/s, 88.5 MB/s, 2 retries\n"
      "  in 1,000,000 = inserted 999,990 + rejected 7 + filtered 3 + dropped 0\n"
      "  balanced: in = inserted + rejected + filtered + dropped\n");
}

TEST(Summary, SaysWhatIsMissing) {
  CounterSnapshot c = balanced();
  c.inserted -= 5;
  EXPECT_EQ(missing_records(c), 5);
  EXPECT_NE(
      summary_text("p", c, 1).find("NOT BALANCED: 5 records came in that are not accounted for"),
      std::string::npos);
  c.inserted += 6;
  EXPECT_NE(summary_text("p", c, 1).find("NOT BALANCED: 1 records are counted twice"),
            std::string::npos);
}

TEST(Summary, SaysThatDroppedRecordsComeAgain) {
  CounterSnapshot c = balanced();
  c.dropped = 1'500;
  c.in += 1'500;
  EXPECT_NE(
      summary_text("p", c, 1).find("1,500 dropped records were not committed: they come again"),
      std::string::npos);
}

TEST(Summary, IsOneJsonObject) {
  EXPECT_EQ(summary_json("orders", balanced(), 2.0),
            "{\"pipe\":\"orders\",\"in\":1000000,\"inserted\":999990,\"rejected\":7,\"filtered\":3,"
            "\"dropped\":0,"
            "\"rows\":1999980,\"blocks\":10,\"retries\":2,\"commits\":0,\"bytes_in\":177000000,"
            "\"seconds\":2.000,"
            "\"rows_per_second\":999990,\"mb_per_second\":88.5,\"balanced\":true}\n");
}

TEST(Summary, OfAPipeThatDidNothingHasNoRates) {
  EXPECT_NE(summary_text("p", {}, 0).find("0 rows in 0 blocks, 0.0 s, 0 rows/s"),
            std::string::npos);
}

}  // namespace
}  // namespace cphost::host
