// SPDX-License-Identifier: Apache-2.0
#include "host/verify/completeness.hpp"

#include <algorithm>

namespace cphost::host {
namespace {

// Appends what continues the last run to it.
void append(std::vector<PositionRun>& runs, const PositionRun& run) {
  if (!runs.empty() && runs.back().last + 1 == run.first && runs.back().times == run.times) {
    runs.back().last = run.last;
  } else {
    runs.push_back(run);
  }
}

// Walks over the runs of target and error table side by side. Between two of their bounds nothing
// changes.
class Walk {
 public:
  Walk(const std::vector<PositionRun>& target, const std::vector<PositionRun>& errors,
       int64_t committed)
      : target_(target), errors_(errors) {
    report_.committed = committed;
  }

  StreamReport report() {
    report_.first = first();
    report_.last = std::max(last(), report_.committed);
    for (int64_t at = report_.first;;) {
      at = take(at);
      if (at >= report_.last) return std::move(report_);
      ++at;
    }
  }

 private:
  using Runs = std::vector<PositionRun>;

  int64_t first() const {
    if (target_.empty()) return errors_.front().first;
    return errors_.empty() ? target_.front().first
                           : std::min(target_.front().first, errors_.front().first);
  }
  int64_t last() const {
    if (target_.empty()) return errors_.back().last;
    return errors_.empty() ? target_.back().last
                           : std::max(target_.back().last, errors_.back().last);
  }

  // The rows of position `at`, and how far it stays so; `next` is the first run that has not ended.
  static uint64_t times_at(const Runs& runs, size_t& next, int64_t at, int64_t& until) {
    while (next < runs.size() && runs[next].last < at) ++next;
    if (next == runs.size()) return 0;
    const bool inside = runs[next].first <= at;
    until = std::min(until, inside ? runs[next].last : runs[next].first - 1);
    return inside ? runs[next].times : 0;
  }

  // Notes what begins at `at`; its last position.
  int64_t take(int64_t at) {
    const bool due = report_.committed < 0 || at <= report_.committed;
    int64_t until = due && report_.committed >= 0 ? report_.committed : report_.last;
    const uint64_t rows = times_at(target_, next_target_, at, until);
    const uint64_t rejects = times_at(errors_, next_error_, at, until);
    const PositionRun run{at, until, 1};
    if (rows > 0) report_.present += run.count();
    if (rejects > 0) report_.rejected += run.count();
    if (rows == 0 && rejects == 0 && due) append(report_.missing, run);
    if (rows > 1) append(report_.doubled, {at, until, rows});
    if (rejects > 0) append(report_.rejects, run);
    if (rejects > 1) append(report_.doubled_rejects, {at, until, rejects});
    if (rows > 0 && rejects > 0) append(report_.both, run);
    return until;
  }

  const Runs& target_;
  const Runs& errors_;
  size_t next_target_ = 0, next_error_ = 0;
  StreamReport report_;
};

bool is_number(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

// "orders/2" before "orders/10".
bool before(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](const std::string& x, const std::string& y) {
                                        if (is_number(x) && is_number(y) && x.size() != y.size())
                                          return x.size() < y.size();
                                        return x < y;
                                      });
}

}  // namespace

int64_t positions_in(const std::vector<PositionRun>& runs) {
  int64_t count = 0;
  for (const PositionRun& run : runs) count += run.count();
  return count;
}

bool all_complete(const std::vector<StreamReport>& reports) {
  return !reports.empty() &&
         std::all_of(reports.begin(), reports.end(),
                     [](const StreamReport& report) { return report.complete(); });
}

std::vector<StreamReport> compare_runs(const StreamRuns& target, const StreamRuns& errors,
                                       const CommittedPositions& committed) {
  static const std::vector<PositionRun> kNone;
  StreamRuns streams;
  for (const auto& of_one : {&target, &errors}) {
    for (const auto& entry : *of_one) streams[entry.first];
  }
  const auto of = [](const StreamRuns& all, const std::vector<std::string>& stream) -> const auto& {
    const auto found = all.find(stream);
    return found == all.end() ? kNone : found->second;
  };
  std::vector<StreamReport> reports;
  for (const auto& entry : streams) {
    const auto& of_target = of(target, entry.first);
    const auto& of_errors = of(errors, entry.first);
    if (of_target.empty() && of_errors.empty()) continue;
    const auto position = committed.find(entry.first);
    reports.push_back(
        Walk(of_target, of_errors, position == committed.end() ? -1 : position->second).report());
    reports.back().stream = entry.first;
  }
  std::sort(reports.begin(), reports.end(), [](const StreamReport& a, const StreamReport& b) {
    return before(a.stream, b.stream);
  });
  return reports;
}

}  // namespace cphost::host
