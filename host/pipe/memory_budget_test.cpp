// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/memory_budget.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(MemoryBudgetTest, counts_what_is_charged_and_what_is_left) {
  std::atomic<int64_t> total{0};
  MemoryBudget budget(100, total);
  budget.charge(30);
  EXPECT_EQ(budget.used(), 30);
  EXPECT_EQ(budget.left(), 70);
  budget.charge(90);
  EXPECT_EQ(budget.left(), 0);
  budget.release(100);
  EXPECT_EQ(budget.used(), 20);
  EXPECT_EQ(total, 20);
}

TEST(MemoryBudgetTest, is_exhausted_from_the_limit_until_half_is_free) {
  std::atomic<int64_t> total{0};
  MemoryBudget budget(100, total);
  budget.charge(99);
  EXPECT_FALSE(budget.exhausted());
  budget.charge(1);
  EXPECT_TRUE(budget.exhausted());
  budget.release(49);
  EXPECT_TRUE(budget.exhausted());
  budget.release(1);
  EXPECT_FALSE(budget.exhausted());
  budget.charge(49);
  EXPECT_FALSE(budget.exhausted());
}

TEST(MemoryBudgetTest, budgets_of_several_workers_add_up) {
  std::atomic<int64_t> total{0};
  {
    MemoryBudget one(100, total), two(100, total);
    one.charge(10);
    two.charge(20);
    EXPECT_EQ(total, 30);
  }
  EXPECT_EQ(total, 0);
}

}  // namespace
}  // namespace cphost::host
