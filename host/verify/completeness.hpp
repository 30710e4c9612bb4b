// SPDX-License-Identifier: Apache-2.0
// What became of each position of a stream, from the runs that the target and the error table hold
// (cphost/runs.h). Pure functions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cphost::host {

/// Positions first, first + 1, ... last, each of them in so many rows.
struct PositionRun {
  int64_t first = 0;
  int64_t last = 0;
  uint64_t times = 1;

  int64_t count() const { return last - first + 1; }
  bool operator==(const PositionRun&) const = default;
};

/// By stream; the runs of a stream in order, without a position in common.
using StreamRuns = std::map<std::vector<std::string>, std::vector<PositionRun>>;

/// By stream: the last position that is committed, so that all up to it must be somewhere.
using CommittedPositions = std::map<std::vector<std::string>, int64_t>;

/// Of one stream, from the first position that is found anywhere to the last one that is found or
/// committed. Each list is in order; `times` is 1 where it means nothing.
struct StreamReport {
  std::vector<std::string> stream;
  int64_t first = 0;
  int64_t last = 0;
  int64_t committed = -1;            ///< -1: not known. What is absent behind it is not missing.
  int64_t present = 0;               ///< Positions in the target.
  int64_t rejected = 0;              ///< Positions in the error table.
  std::vector<PositionRun> missing;  ///< In neither.
  std::vector<PositionRun> doubled;  ///< In several rows of the target.
  std::vector<PositionRun> rejects;  ///< In the error table.
  std::vector<PositionRun> doubled_rejects;  ///< In several rows of the error table.
  std::vector<PositionRun> both;             ///< In both.

  bool complete() const {
    return missing.empty() && doubled.empty() && doubled_rejects.empty() && both.empty();
  }
};

int64_t positions_in(const std::vector<PositionRun>& runs);

/// Something was found, and no report names a fault.
bool all_complete(const std::vector<StreamReport>& reports);

/// A report for each stream that either of them has, numbers in their names in numeric order.
std::vector<StreamReport> compare_runs(const StreamRuns& target, const StreamRuns& errors,
                                       const CommittedPositions& committed = {});

}  // namespace cphost::host
