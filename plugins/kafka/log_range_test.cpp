// SPDX-License-Identifier: Apache-2.0
#include "log_range.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>

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

}  // namespace
}  // namespace kafka
