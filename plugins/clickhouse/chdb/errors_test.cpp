// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <gtest/gtest.h>

namespace chdb {
namespace {

TEST(Errors, MapsCodesToTheStatusesOfAServer) {
  EXPECT_EQ(http_status(194), 401);
  EXPECT_EQ(http_status(516), 403);
  EXPECT_EQ(http_status(497), 403);
  EXPECT_EQ(http_status(27), 400);
  EXPECT_EQ(http_status(62), 400);
  EXPECT_EQ(http_status(117), 400);
  EXPECT_EQ(http_status(53), 400);
  EXPECT_EQ(http_status(60), 404);
  EXPECT_EQ(http_status(81), 404);
  EXPECT_EQ(http_status(115), 404);
  EXPECT_EQ(http_status(73), 404);
  EXPECT_EQ(http_status(159), 408);
  EXPECT_EQ(http_status(48), 501);
  EXPECT_EQ(http_status(76), 503);
}

TEST(Errors, AnswersEveryOtherCodeWith500) {
  for (int code : {0, 1, 16, 164, 202, 241, 242, 252, 319, 999, 100'000}) {
    EXPECT_EQ(http_status(code), 500) << code;
  }
}

TEST(Errors, KeepsTheEnginesTextAndItsCode) {
  const auto failure = Failure::from_engine("Code: 60. DB::Exception: no table (UNKNOWN_TABLE)");
  EXPECT_EQ(failure.code(), 60);
  EXPECT_EQ(failure.status(), 404);
  EXPECT_EQ(failure.text(), "Code: 60. DB::Exception: no table (UNKNOWN_TABLE)");
}

TEST(Errors, GivesACodeToATextWithoutOne) {
  const auto failure = Failure::from_engine("connection is closed");
  EXPECT_EQ(failure.code(), kUnknownException);
  EXPECT_EQ(failure.status(), 500);
  EXPECT_EQ(failure.text(), "Code: 1002. DB::Exception: connection is closed (UNKNOWN_EXCEPTION)");
}

TEST(Errors, NamesItsOwnFailures) {
  const Failure failure(kUnknownSetting, "Unknown setting 'x'");
  EXPECT_EQ(failure.text(), "Code: 115. DB::Exception: Unknown setting 'x' (UNKNOWN_SETTING)");
  EXPECT_EQ(failure.status(), 404);
  EXPECT_EQ(Failure(kBadArguments, "large", 413).status(), 413);
}

TEST(Errors, ReadsACodeOnlyFromTheBeginning) {
  EXPECT_EQ(code_of("Code: 252. DB::Exception"), 252);
  EXPECT_EQ(code_of("x Code: 252"), 0);
  EXPECT_EQ(code_of("Code: x"), 0);
  EXPECT_EQ(code_of(""), 0);
}

}  // namespace
}  // namespace chdb
