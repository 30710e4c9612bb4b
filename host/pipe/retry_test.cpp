// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/retry.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

namespace cphost::host {
namespace {

TEST(BackoffTest, doubles_its_ceiling_up_to_the_maximum) {
  int64_t largest[12] = {};
  for (uint64_t seed = 0; seed < 400; ++seed) {
    Backoff backoff(10, 1000, seed);
    for (auto& most : largest) most = std::max(most, backoff.next_ms());
  }
  for (int n = 0; n < 12; ++n) {
    const int64_t ceiling = std::min<int64_t>(1000, 10ll << n);
    EXPECT_LE(largest[n], ceiling);
    EXPECT_GT(largest[n], ceiling * 9 / 10);
  }
}

TEST(BackoffTest, is_at_least_what_the_other_side_asked_for) {
  Backoff backoff(1, 10, 1);
  EXPECT_GE(backoff.next_ms(5000), 5000);
}

TEST(BackoffTest, begins_anew_after_a_reset) {
  Backoff backoff(10, 100'000, 3);
  for (int i = 0; i < 50; ++i) backoff.next_ms();  // beyond any shift that would overflow
  EXPECT_EQ(backoff.attempts(), 50u);
  backoff.reset();
  for (int i = 0; i < 20; ++i) {
    backoff.reset();
    EXPECT_LE(backoff.next_ms(), 10);
  }
}

/// A log whose lines can be read.
class CapturedLog {
 public:
  CapturedLog() {
    if (::pipe(ends_) != 0) throw std::runtime_error("no pipe");
  }
  ~CapturedLog() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  Log log() const { return {LogLevel::kInfo, LogStyle::kText, ends_[1]}; }
  size_t lines() {
    const char end = 0;
    if (::write(ends_[1], &end, 1) != 1) return 0;
    size_t count = 0;
    for (char c = 1; ::read(ends_[0], &c, 1) == 1 && c != 0;) count += c == '\n';
    return count;
  }

 private:
  int ends_[2] = {};
};

TEST(OutageLogTest, says_once_that_it_began_and_once_that_it_is_over) {
  CapturedLog captured;
  OutageLog outage(captured.log(), "writing");
  outage.recovered();
  EXPECT_FALSE(outage.active());
  EXPECT_EQ(captured.lines(), 0u);
  for (int i = 0; i < 100; ++i) outage.failed({CPHOST_RETRY, "NETWORK", "refused"});
  EXPECT_TRUE(outage.active());
  EXPECT_EQ(captured.lines(), 1u);
  outage.recovered();
  outage.recovered();
  EXPECT_FALSE(outage.active());
  EXPECT_EQ(captured.lines(), 1u);
}

}  // namespace
}  // namespace cphost::host
