// SPDX-License-Identifier: Apache-2.0
#include "host/cli/verify_command.hpp"

#include <cstdio>
#include <string>

#include "host/cli/completeness_text.hpp"
#include "host/cli/each_pipe.hpp"
#include "host/exit_code.hpp"
#include "host/verify/stored_runs.hpp"

namespace cphost::host {
namespace {

int verify_pipe(const PipeConfig& config, const CommandLine& line) {
  const Log log(line.log_level, line.log_style);
  const StoredRuns stored =
      read_stored_runs(config, line.runs_max, line.state_folder, log.with("pipe", config.name));
  const std::vector<StreamReport> reports =
      compare_runs(stored.target, stored.errors, stored.committed);
  for (const auto& [stream, position] : stored.committed) {
    if (stored.target.count(stream) > 0 || stored.errors.count(stream) > 0) continue;
    log.warning("nothing of a stream is in either table",
                {{"pipe", config.name},
                 {"stream", stream_name(stream)},
                 {"committed", std::to_string(position)}});
  }
  if (!stored.note.empty()) log.warning(stored.note, {{"pipe", config.name}});
  const std::string text = line.log_style == LogStyle::kJson
                               ? completeness_json(config.name, reports)
                               : completeness_text(config.name, reports);
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  return all_complete(reports) ? kExitDone : kExitIncomplete;
}

}  // namespace

int verify_pipes(const CommandLine& line) {
  return for_each_pipe(line, [&](const PipeConfig& config) { return verify_pipe(config, line); });
}

}  // namespace cphost::host
