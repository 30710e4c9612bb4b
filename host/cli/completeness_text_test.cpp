// SPDX-License-Identifier: Apache-2.0
#include "host/cli/completeness_text.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

std::vector<StreamReport> damaged() {
  StreamReport report;
  report.stream = {"orders", "3"};
  report.last = 2'499;
  report.present = 2'480;
  report.rejected = 5;
  report.missing = {{17, 30, 1}, {99, 99, 1}};
  report.doubled = {{40, 44, 2}};
  report.rejects = {{50, 54, 1}};
  return {report};
}

TEST(CompletenessText, NamesWhatIsMissingAndDoubled) {
  EXPECT_EQ(completeness_text("p", damaged()),
            "pipe p\n"
            "stream    positions  committed  present  rejected  missing  doubled  in both\n"
            "orders/3  0..2499    -          2,480    5         15       5        0\n"
            "orders/3: missing 17..30 (14)\n"
            "orders/3: missing 99\n"
            "orders/3: doubled 40..44 (5), 2 times\n"
            "NOT COMPLETE: 15 missing, 5 doubled\n");
}

TEST(CompletenessText, SaysThatAllIsThere) {
  StreamReport report;
  report.stream = {"orders", "0"};
  report.first = 5;
  report.last = 9;
  report.present = 4;
  report.rejected = 1;
  const std::string text = completeness_text("p", {report});
  EXPECT_NE(text.find("\ncomplete: each of 5 positions is in the table (4) or rejected (1)\n"),
            text.npos)
      << text;
}

TEST(CompletenessText, OfNothingNothingIsProved) {
  EXPECT_NE(completeness_text("p", {}).find("NOT COMPLETE: no position is in the table"),
            std::string::npos);
  EXPECT_NE(completeness_json("p", {}).find("\"complete\":false"), std::string::npos);
}

TEST(CompletenessText, ShowsTheFirstOfManyRuns) {
  StreamReport report;
  report.stream = {"a", "0"};
  for (int64_t i = 0; i < 25; ++i) report.missing.push_back({2 * i, 2 * i, 1});
  const std::string text = completeness_text("p", {report});
  EXPECT_NE(text.find("a/0: missing 38\na/0: 5 more runs are missing"), text.npos) << text;
}

TEST(CompletenessText, IsJsonLinesWithAllRuns) {
  EXPECT_EQ(completeness_json("p", damaged()),
            "{\"pipe\":\"p\",\"stream\":\"orders/"
            "3\",\"first\":0,\"last\":2499,\"committed\":-1,\"present\":2480,"
            "\"rejected\":5,\"missing\":[[17,30],[99,99]],\"doubled\":[[40,44,2]],"
            "\"rejects\":[[50,54]],\"doubled_rejects\":[],\"both\":[],\"complete\":false}\n"
            "{\"pipe\":\"p\",\"streams\":1,\"positions\":2500,\"present\":2480,\"rejected\":5,"
            "\"missing\":15,\"doubled\":5,\"doubled_rejects\":0,\"both\":0,\"complete\":false}\n");
}

}  // namespace
}  // namespace cphost::host
