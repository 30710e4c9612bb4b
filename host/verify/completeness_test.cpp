// SPDX-License-Identifier: Apache-2.0
#include "host/verify/completeness.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace cphost::host {
namespace {

using Runs = std::vector<PositionRun>;

StreamReport compare(Runs target, Runs errors) {
  const auto reports =
      compare_runs({{{"a", "0"}, std::move(target)}}, {{{"a", "0"}, std::move(errors)}});
  return reports.empty() ? StreamReport{} : reports.front();
}

TEST(Completeness, OfNothingIsNothing) {
  EXPECT_TRUE(compare_runs({}, {}).empty());
  EXPECT_TRUE(compare_runs({{{"a", "0"}, {}}}, {}).empty());
}

TEST(Completeness, HoldsWhenRowsAndRejectsFillEachOthersGaps) {
  const StreamReport report = compare({{0, 4, 1}, {6, 9, 1}}, {{5, 5, 1}, {10, 12, 1}});
  EXPECT_TRUE(report.complete());
  EXPECT_EQ(report.first, 0);
  EXPECT_EQ(report.last, 12);
  EXPECT_EQ(report.present, 9);
  EXPECT_EQ(report.rejected, 4);
  EXPECT_EQ(report.rejects, (Runs{{5, 5, 1}, {10, 12, 1}}));
}

TEST(Completeness, NamesEachPositionThatIsMissingDoubledOrInBoth) {
  const StreamReport report =
      compare({{3, 9, 1}, {10, 11, 2}, {12, 12, 5}, {20, 29, 1}}, {{14, 14, 1}, {25, 31, 3}});
  EXPECT_FALSE(report.complete());
  EXPECT_EQ(report.missing, (Runs{{13, 13, 1}, {15, 19, 1}}));
  EXPECT_EQ(report.doubled, (Runs{{10, 11, 2}, {12, 12, 5}}));
  EXPECT_EQ(report.doubled_rejects, (Runs{{25, 31, 3}}));
  EXPECT_EQ(report.both, (Runs{{25, 29, 1}}));
  EXPECT_EQ(report.first, 3);
  EXPECT_EQ(report.last, 31);
  EXPECT_EQ(positions_in(report.missing), 6);
}

TEST(Completeness, OfAStreamWithRejectsOnly) {
  const StreamReport report = compare({}, {{7, 7, 1}, {9, 9, 1}});
  EXPECT_EQ(report.present, 0);
  EXPECT_EQ(report.rejected, 2);
  EXPECT_EQ(report.missing, (Runs{{8, 8, 1}}));
}

TEST(Completeness, ReachesToTheCommittedPositionAndNoFurther) {
  const StreamRuns target{{{"a"}, {{3, 9, 1}, {12, 14, 1}}}};
  const auto up_to = [&](int64_t committed) {
    return compare_runs(target, {}, {{{"a"}, committed}}).front();
  };
  EXPECT_EQ(up_to(20).missing, (Runs{{10, 11, 1}, {15, 20, 1}}));
  EXPECT_EQ(up_to(20).last, 20);
  EXPECT_EQ(up_to(10).missing, (Runs{{10, 10, 1}})) << "11 is still on its way";
  EXPECT_EQ(up_to(10).present, 10);
  EXPECT_TRUE(up_to(9).complete());
  EXPECT_TRUE(up_to(1).complete()) << "read before it was committed";
  EXPECT_EQ(compare_runs(target, {}, {{{"b"}, 7}}).size(), 1u);
}

TEST(Completeness, ListsStreamsByNumber) {
  const Runs one{{0, 0, 1}};
  const auto reports =
      compare_runs({{{"b", "2"}, one}, {{"a", "10"}, one}}, {{{"a", "9"}, one}, {{"b", "2"}, one}});
  ASSERT_EQ(reports.size(), 3u);
  EXPECT_EQ(reports[0].stream, (std::vector<std::string>{"a", "9"}));
  EXPECT_EQ(reports[1].stream, (std::vector<std::string>{"a", "10"}));
  EXPECT_EQ(reports[2].stream, (std::vector<std::string>{"b", "2"}));
}

// Positions one by one are the judge.
class OneByOne {
 public:
  explicit OneByOne(std::mt19937& random) {
    for (int64_t at = 0; at < 40; ++at) {
      if (const uint64_t times = random() % 8 < 5 ? 1 : random() % 3) rows_[at] = times;
    }
  }
  Runs runs() const {
    Runs runs;
    for (const auto& [at, times] : rows_) {
      if (!runs.empty() && runs.back().last + 1 == at && runs.back().times == times) {
        runs.back().last = at;
      } else {
        runs.push_back({at, at, times});
      }
    }
    return runs;
  }
  uint64_t times(int64_t at) const {
    const auto found = rows_.find(at);
    return found == rows_.end() ? 0 : found->second;
  }

 private:
  std::map<int64_t, uint64_t> rows_;
};

bool has(const Runs& runs, int64_t at) {
  for (const PositionRun& run : runs) {
    if (run.first <= at && at <= run.last) return true;
  }
  return false;
}

TEST(Completeness, AgreesWithPositionsOneByOne) {
  std::mt19937 random(1);
  for (int round = 0; round < 2'000; ++round) {
    const OneByOne rows(random), rejects(random);
    const StreamReport report = compare(rows.runs(), rejects.runs());
    for (int64_t at = report.first; at <= report.last; ++at) {
      const uint64_t in_rows = rows.times(at), in_rejects = rejects.times(at);
      ASSERT_EQ(has(report.missing, at), in_rows == 0 && in_rejects == 0) << round << " " << at;
      ASSERT_EQ(has(report.doubled, at), in_rows > 1) << round << " " << at;
      ASSERT_EQ(has(report.rejects, at), in_rejects > 0) << round << " " << at;
      ASSERT_EQ(has(report.doubled_rejects, at), in_rejects > 1) << round << " " << at;
      ASSERT_EQ(has(report.both, at), in_rows > 0 && in_rejects > 0) << round << " " << at;
    }
  }
}

}  // namespace
}  // namespace cphost::host
