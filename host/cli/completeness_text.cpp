// SPDX-License-Identifier: Apache-2.0
#include "host/cli/completeness_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/cli/text_table.hpp"
#include "host/report/json_text.hpp"
#include "host/report/progress.hpp"

namespace cphost::host {
namespace {

// Of one kind in one stream; JSON has all of them.
constexpr size_t kRunsShown = 20;

struct Totals {
  int64_t positions = 0, present = 0, rejected = 0, missing = 0, doubled = 0, doubled_rejects = 0,
          both = 0;
  bool complete;

  explicit Totals(const std::vector<StreamReport>& reports) : complete(all_complete(reports)) {
    for (const StreamReport& report : reports) {
      positions += report.last - report.first + 1;
      present += report.present;
      rejected += report.rejected;
      missing += positions_in(report.missing);
      doubled += positions_in(report.doubled);
      doubled_rejects += positions_in(report.doubled_rejects);
      both += positions_in(report.both);
    }
  }
};

std::string run_text(const PositionRun& run) {
  std::string text = std::to_string(run.first);
  if (run.last != run.first) text += fmt::format("..{} ({})", run.last, grouped(run.count()));
  if (run.times > 1) text += fmt::format(", {} times", run.times);
  return text;
}

void append_runs(std::string& to, const std::string& stream, const char* what,
                 const std::vector<PositionRun>& runs) {
  for (size_t i = 0; i < std::min(runs.size(), kRunsShown); ++i)
    to += fmt::format("{}: {} {}\n", stream, what, run_text(runs[i]));
  if (runs.size() > kRunsShown) {
    to += fmt::format("{}: {} more runs are {}; --log-format json has all\n", stream,
                      grouped(static_cast<int64_t>(runs.size() - kRunsShown)), what);
  }
}

std::string verdict_text(const Totals& totals) {
  if (totals.complete) {
    return fmt::format("complete: each of {} positions is in the table ({}) or rejected ({})\n",
                       grouped(totals.positions), grouped(totals.present),
                       grouped(totals.rejected));
  }
  if (totals.positions == 0)
    return "NOT COMPLETE: no position is in the table or rejected, so nothing is proved\n";
  std::string text = fmt::format("NOT COMPLETE: {} missing, {} doubled", grouped(totals.missing),
                                 grouped(totals.doubled));
  if (totals.doubled_rejects > 0)
    text += fmt::format(", {} rejected twice", grouped(totals.doubled_rejects));
  if (totals.both > 0) text += fmt::format(", {} in the table and rejected", grouped(totals.both));
  return text + "\n";
}

std::string runs_json(const std::vector<PositionRun>& runs, bool with_times) {
  std::string text = "[";
  for (const PositionRun& run : runs) {
    text += fmt::format("{}[{},{}", text.size() > 1 ? "," : "", run.first, run.last);
    text += with_times ? fmt::format(",{}]", run.times) : "]";
  }
  return text + "]";
}

}  // namespace

std::string stream_name(const std::vector<std::string>& stream) {
  std::string name;
  for (const std::string& part : stream) name += (name.empty() ? "" : "/") + part;
  return name;
}

std::string completeness_text(const std::string& pipe, const std::vector<StreamReport>& reports) {
  std::string text = fmt::format("pipe {}\n", pipe);
  std::vector<std::vector<std::string>> rows{
      {"stream", "positions", "committed", "present", "rejected", "missing", "doubled", "in both"}};
  for (const StreamReport& report : reports) {
    rows.push_back({stream_name(report.stream), fmt::format("{}..{}", report.first, report.last),
                    report.committed < 0 ? "-" : std::to_string(report.committed),
                    grouped(report.present), grouped(report.rejected),
                    grouped(positions_in(report.missing)), grouped(positions_in(report.doubled)),
                    grouped(positions_in(report.both))});
  }
  text += text_table(rows);
  for (const StreamReport& report : reports) {
    const std::string name = stream_name(report.stream);
    append_runs(text, name, "missing", report.missing);
    append_runs(text, name, "doubled", report.doubled);
    append_runs(text, name, "rejected twice", report.doubled_rejects);
    append_runs(text, name, "in the table and rejected", report.both);
  }
  return text + verdict_text(Totals(reports));
}

std::string completeness_json(const std::string& pipe, const std::vector<StreamReport>& reports) {
  std::string text;
  for (const StreamReport& r : reports) {
    text += fmt::format(
        "{{\"pipe\":{},\"stream\":{},\"first\":{},\"last\":{},\"committed\":{},\"present\":{},"
        "\"rejected\":{},"
        "\"missing\":{},\"doubled\":{},\"rejects\":{},\"doubled_rejects\":{},\"both\":{},"
        "\"complete\":{}}}\n",
        json_string(pipe), json_string(stream_name(r.stream)), r.first, r.last, r.committed,
        r.present, r.rejected, runs_json(r.missing, false), runs_json(r.doubled, true),
        runs_json(r.rejects, false), runs_json(r.doubled_rejects, true), runs_json(r.both, false),
        r.complete());
  }
  const Totals totals(reports);
  return text +
         fmt::format(
             "{{\"pipe\":{},\"streams\":{},\"positions\":{},\"present\":{},\"rejected\":{},"
             "\"missing\":{},\"doubled\":{},\"doubled_rejects\":{},\"both\":{},\"complete\":{}}}\n",
             json_string(pipe), reports.size(), totals.positions, totals.present, totals.rejected,
             totals.missing, totals.doubled, totals.doubled_rejects, totals.both, totals.complete);
}

}  // namespace cphost::host
