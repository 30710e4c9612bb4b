// SPDX-License-Identifier: Apache-2.0
#include "host/cli/replay_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "host/cli/each_pipe.hpp"
#include "host/exit_code.hpp"
#include "host/replay/replay.hpp"
#include "host/report/json_text.hpp"
#include "host/report/progress.hpp"

namespace cphost::host {
namespace {

int64_t sum(const std::map<std::string, int64_t>& counts) {
  int64_t all = 0;
  for (const auto& count : counts) all += count.second;
  return all;
}

std::string report_text(const PipeConfig& config, const ReplayReport& report, bool dry_run) {
  std::string text = fmt::format(
      "pipe {}: {} rejects: {} {}, {} rejected again, {} left because raw_max cut them off\n",
      config.name, grouped(report.rejects), grouped(report.replayed),
      dry_run ? "would be sent" : "replayed", grouped(sum(report.again)), grouped(report.cut));
  for (const auto& [code, count] : report.again)
    text += fmt::format("  again {}: {}\n", code, grouped(count));
  return text;
}

std::string report_json(const PipeConfig& config, const ReplayReport& report, bool dry_run) {
  std::string codes;
  for (const auto& [code, count] : report.again)
    codes += fmt::format("{}{}:{}", codes.empty() ? "" : ",", json_string(code), count);
  return fmt::format(
      "{{\"pipe\":{},\"dry_run\":{},\"rejects\":{},\"replayed\":{},\"again\":{},\"cut\":{},"
      "\"codes\":{{{}}}}}\n",
      json_string(config.name), dry_run, report.rejects, report.replayed, sum(report.again),
      report.cut, codes);
}

void replay_pipe(const PipeConfig& config, const CommandLine& line) {
  const Log log(line.log_level, line.log_style);
  const ReplayRequest request{line.reject_code, line.since_us, line.dry_run};
  const ReplayReport report = replay(config, request, log.with("pipe", config.name));
  const std::string text = line.log_style == LogStyle::kJson
                               ? report_json(config, report, line.dry_run)
                               : report_text(config, report, line.dry_run);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
}

}  // namespace

int replay_pipes(const CommandLine& line) {
  return for_each_pipe(line, [&](const PipeConfig& config) {
    replay_pipe(config, line);
    return kExitDone;
  });
}

}  // namespace cphost::host
