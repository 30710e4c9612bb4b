// SPDX-License-Identifier: Apache-2.0
#include "log_range.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>
#include <utility>
#include <vector>

namespace kafka {
namespace {

TEST(LogRange, HoldsItsEndToo) {
  const LogRange log{100, 200};
  EXPECT_FALSE(log.holds(99));
  EXPECT_TRUE(log.holds(100));
  EXPECT_TRUE(log.holds(200));
  EXPECT_FALSE(log.holds(201));
}

TEST(LogRange, GoesOnWhereThePolicySays) {
  EXPECT_EQ(resume_elsewhere("earliest", "t/0", 5, {100, 200}).next, 100);
  EXPECT_EQ(resume_elsewhere("latest", "t/0", 5, {100, 200}).next, 200);
  EXPECT_EQ(resume_elsewhere("earliest", "t/0", 300, {100, 200}).next, 100);
  EXPECT_EQ(resume_elsewhere("latest", "t/0", 300, {100, 200}).next, 200);
}

TEST(LogRange, SaysWhatIsSkipped) {
  const auto text = [](const char* policy, int64_t wanted) {
    return resume_elsewhere(policy, "t/0", wanted, {100, 200}).text;
  };
  EXPECT_NE(text("earliest", 5).find("up to 95 records were deleted"), std::string::npos);
  EXPECT_NE(text("latest", 5).find("up to 195 records are skipped"), std::string::npos);
  EXPECT_EQ(text("earliest", 300).find("skipped"), std::string::npos);
  EXPECT_NE(text("latest", 300).find("up to 100 records are skipped"), std::string::npos);
  EXPECT_NE(text("latest", 300).find("truncated"), std::string::npos);
  EXPECT_NE(text("latest", 150).find("up to 50 records are skipped"), std::string::npos);
}

TEST(LogRange, StopsWithAHintThatNamesWhatThereIs) {
  try {
    resume_elsewhere("stop", "orders/7", 5, {100, 200});
    FAIL() << "it was stepped over";
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::halt);
    for (const char* part :
         {"orders/7: offset 5 ", "100 to 199", "orders/7=100", "on_out_of_range"})
      EXPECT_NE(error.text().find(part), std::string::npos) << error.text();
  }
}

TEST(LogRange, SaysThatTheLogIsEmpty) {
  EXPECT_NE(resume_elsewhere("earliest", "t/0", 5, {7, 7}).text.find("is empty at offset 7"),
            std::string::npos);
}

TEST(LogRange, GoesOnWhereATruncatedLogHoldsOtherRecords) {
  const auto at = [](const char* policy, int64_t kept) {
    return resume_truncated(policy, "t/0", 180, {100, 200}, kept);
  };
  EXPECT_EQ(at("earliest", 150).next, 150);
  EXPECT_EQ(at("earliest", 50).next, 100);
  EXPECT_EQ(at("earliest", 190).next, 180) << "what was not read is not skipped";
  EXPECT_EQ(at("earliest", 150).text.find("skipped"), std::string::npos);
  EXPECT_EQ(at("latest", 150).next, 200);
  EXPECT_NE(at("latest", 150).text.find("up to 50 records are skipped"), std::string::npos);
}

TEST(LogRange, StopsWhereATruncatedLogDoesNotSayWhere) {
  const std::vector<std::pair<const char*, int64_t>> cases{
      {"stop", 150}, {"earliest", -1}, {"latest", -1}};
  for (const auto& [policy, kept] : cases) {
    try {
      resume_truncated(policy, "t/0", 180, {100, 200}, kept);
      ADD_FAILURE() << policy;
    } catch (const cphost::Error& error) {
      EXPECT_EQ(error.status(), cphost::halt);
      EXPECT_NE(error.text().find(kept < 0 ? "t/0=100" : "t/0=150"), std::string::npos);
    }
  }
}

TEST(LogRange, TakesWhereALogWasTruncatedFromTheMessage) {
  EXPECT_EQ(parse_truncation("Partition log truncation detected at offset 180 (leader epoch 3): "
                             "broker end offset is 150 (offset leader epoch 2). Reset to INVALID.: "
                             "Local: Partition log truncation detected (broker 1)"),
            150);
  EXPECT_EQ(parse_truncation("No epoch found less or equal to offset 180: broker end offset is -1 "
                             "(offset leader epoch -1)."),
            -1);
  EXPECT_EQ(parse_truncation("Local: Partition log truncation detected"), -1);
}

}  // namespace
}  // namespace kafka
