// SPDX-License-Identifier: Apache-2.0
#include "host/cli/core_dumps.hpp"

#include <gtest/gtest.h>
#include <sys/prctl.h>

namespace cphost::host {
namespace {

TEST(CoreDumps, AreForbiddenToTheProcess) {
  const int before = ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
  forbid_core_dumps();
  EXPECT_EQ(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
  ::prctl(PR_SET_DUMPABLE, before == 0 ? 1 : before, 0, 0, 0);
}

}  // namespace
}  // namespace cphost::host
