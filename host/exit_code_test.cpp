// SPDX-License-Identifier: Apache-2.0
#include "host/exit_code.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(ExitCode, OfSeveralPipesIsTheOneThatNeedsAHumanMost) {
  EXPECT_EQ(worse_exit_code(kExitDone, kExitUnreachable), kExitUnreachable);
  EXPECT_EQ(worse_exit_code(kExitConfig, kExitUnreachable), kExitConfig);
  EXPECT_EQ(worse_exit_code(kExitConfig, kExitInternal), kExitInternal);
  EXPECT_EQ(worse_exit_code(kExitIncomplete, kExitUnreachable), kExitIncomplete);
  EXPECT_EQ(worse_exit_code(kExitDone, kExitDone), kExitDone);
  EXPECT_EQ(worse_exit_code(kExitDone, 1), 1);
}

}  // namespace
}  // namespace cphost::host
