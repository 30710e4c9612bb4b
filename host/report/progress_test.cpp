// SPDX-License-Identifier: Apache-2.0
#include "host/report/progress.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

namespace cphost::host {
namespace {

TEST(Progress, WritesNumbersForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-1'234), "-1,234");
  EXPECT_EQ(grouped(-123), "-123");
  EXPECT_EQ(approximate_number(0), "0");
  EXPECT_EQ(approximate_number(1'200'000), "1.20M");
  EXPECT_EQ(approximate_number(12'345), "12.3k");
  EXPECT_EQ(approximate_number(999.9), "1.00k");
}

TEST(Progress, ShowsRatesOverTheLastInterval) {
  CounterSnapshot before;
  before.rows = 1'000'000;
  before.bytes_in = 100'000'000;
  CounterSnapshot now = before;
  now.rows = 1'240'000;
  now.bytes_in = 142'000'000;
  now.lag = 12'345;
  now.rejected = 3;
  now.memory = 35'861'299;
  EXPECT_EQ(
      progress_line("orders", before, now, 0.2),
      "orders  1,240,000 rows  1.20M rows/s  210 MB/s  lag 12,345  rejected 3  memory 34.2 MiB");
}

TEST(Progress, SaysThatTheLagIsUnknown) {
  EXPECT_NE(progress_line("p", {}, {}, 0).find("lag unknown"), std::string::npos);
  for (const auto& field : progress_fields({}, {}, 0)) EXPECT_NE(field.first, "lag");
}

TEST(Progress, TakesItsTerminalLineAway) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const Log log(LogLevel::kInfo, LogStyle::kText, ends[1]);
  Counters counters;
  counters.rows = 7;
  char buffer[1024];
  ssize_t got = 0;
  {
    const Progress progress(log, Progress::Style::kTerminal, {WatchedPipe{"orders", &counters}});
    got = ::read(ends[0], buffer, sizeof buffer);
  }
  EXPECT_NE(std::string(buffer, static_cast<size_t>(got)).find("orders  7 rows"),
            std::string::npos);
  ::close(ends[1]);
  std::string rest;
  while ((got = ::read(ends[0], buffer, sizeof buffer)) > 0)
    rest.append(buffer, static_cast<size_t>(got));
  EXPECT_TRUE(rest.ends_with("\r\x1b[K"));
  ::close(ends[0]);
}

}  // namespace
}  // namespace cphost::host
