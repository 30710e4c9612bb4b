// SPDX-License-Identifier: Apache-2.0
#include "host/cli/positions_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <map>

#include "host/cli/load_pipes.hpp"
#include "host/cli/text_table.hpp"
#include "host/exit_code.hpp"
#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {
namespace {

std::string shown(const std::string& text) {
  return text.empty() ? "-" : text;
}

std::string shown(const OpenRanges& open) {
  if (open.is_damaged) return "the note is damaged";
  std::string text;
  for (const std::string& last : open.last) text += (text.empty() ? "up to " : ", ") + last;
  return shown(text);
}

const KeptStream* find(const std::vector<KeptStream>& streams, const std::string& name) {
  const auto found = std::find_if(streams.begin(), streams.end(),
                                  [&name](const KeptStream& each) { return each.name == name; });
  return found == streams.end() ? nullptr : &*found;
}

std::string changes_table(const std::vector<KeptStream>& streams,
                          const std::vector<PositionChange>& changes) {
  std::vector<std::vector<std::string>> rows{{"STREAM", "FROM", "TO"}};
  for (const PositionChange& change : changes) {
    rows.push_back({change.name, shown(find(streams, change.name)->position), change.position});
  }
  return text_table(rows);
}

int change(const CommandLine& line, const PipeConfig& config, const Log& log) {
  const auto positions = kept_positions(config, log, line.state_folder);
  const std::vector<KeptStream> streams = positions->list(line.to);
  const std::vector<PositionChange> changes = wanted_changes(streams, line.changes);
  if (changes.empty()) {
    std::puts("nothing to change");
    return kExitDone;
  }
  std::fputs(changes_table(streams, changes).c_str(), stdout);
  const std::string forgotten = forgotten_ranges(streams, changes);
  if (!forgotten.empty() && !line.drop_pending) {
    std::fprintf(stderr,
                 "%sExactly-once delivery may have written these blocks or not, and forgets them "
                 "with this change: records may be lost or come twice. Run the pipe once to its "
                 "end of them, or say --drop-pending. Nothing is changed.\n",
                 forgotten.c_str());
    return kExitConfig;
  }
  if (line.dry_run) {
    std::puts("nothing is changed: --dry-run");
    return kExitDone;
  }
  positions->set(changes);
  std::printf("%zu set\n", changes.size());
  return kExitDone;
}

/// Calls `act` with each pipe that the command line names.
template <class Act>
int for_each_pipe(const CommandLine& line, Act act) {
  std::signal(SIGPIPE, SIG_IGN);
  const LoadedPipes loaded = load_pipes(line);
  if (loaded.diagnostics.has_errors()) {
    for (const std::string& error : loaded.diagnostics.errors())
      std::fprintf(stderr, "%s\n", error.c_str());
    return kExitConfig;
  }
  // What goes wrong is the answer; the rest of a source's log is of no use here.
  const Log log(std::max(line.log_level, LogLevel::kWarning), line.log_style);
  int exit_code = kExitDone;
  for (const auto& pipe : loaded.pipes) {
    try {
      exit_code = worse_exit_code(exit_code, act(*pipe, log, loaded.pipes.size()));
    } catch (const StopPipe& stop) {
      std::fflush(stdout);
      std::fprintf(stderr, "%s: %s\n", pipe->file.c_str(), stop.what());
      exit_code = worse_exit_code(exit_code, stop.exit_code());
    }
  }
  return exit_code;
}

}  // namespace

std::string positions_table(const std::vector<KeptStream>& streams) {
  std::vector<std::vector<std::string>> rows{{"STREAM", "POSITION", "FIRST", "END", "LAG", "OPEN"}};
  for (const KeptStream& stream : streams) {
    rows.push_back({stream.name, shown(stream.position), shown(stream.first), shown(stream.end),
                    stream.lag < 0 ? "-" : std::to_string(stream.lag),
                    shown(open_ranges(stream.note))});
  }
  return text_table(rows);
}

std::vector<PositionChange> wanted_changes(const std::vector<KeptStream>& streams,
                                           const std::vector<std::string>& given) {
  std::map<std::string, std::string> wanted;
  for (const KeptStream& stream : streams) {
    if (!stream.target.empty()) wanted[stream.name] = stream.target;
  }
  for (const std::string& each : given) {
    const size_t equals = each.rfind('=');
    if (equals == each.npos || equals == 0 || equals + 1 == each.size()) {
      throw UsageError("\"" + each + "\" is no change; write STREAM=POSITION, or --to PLACE for " +
                       "all streams");
    }
    const std::string name = each.substr(0, equals);
    if (!find(streams, name)) {
      throw StopPipe(kExitConfig, "there is no stream \"" + name +
                                      "\"; `cphost positions show` lists those that there are");
    }
    wanted[name] = each.substr(equals + 1);
  }
  std::vector<PositionChange> changes;
  for (const auto& [name, position] : wanted) {
    if (find(streams, name)->position != position) changes.push_back({name, position});
  }
  return changes;
}

std::string forgotten_ranges(const std::vector<KeptStream>& streams,
                             const std::vector<PositionChange>& changes) {
  std::string text;
  for (const PositionChange& change : changes) {
    const KeptStream& stream = *find(streams, change.name);
    const OpenRanges open = open_ranges(stream.note);
    if (!open.any()) continue;
    text += stream.name + ": open behind " + shown(stream.position) + ": " + shown(open) + "\n";
  }
  return text;
}

int show_positions(const CommandLine& line) {
  return for_each_pipe(line, [&line](const PipeConfig& config, const Log& log, size_t count) {
    const auto streams = kept_positions(config, log, line.state_folder)->list("");
    if (count > 1) std::printf("%s\n", config.name.c_str());
    std::fputs(positions_table(streams).c_str(), stdout);
    return kExitDone;
  });
}

int set_positions(const CommandLine& line) {
  return for_each_pipe(line, [&line](const PipeConfig& config, const Log& log, size_t count) {
    if (count > 1) throw UsageError("positions are set for one pipe at a time");
    return change(line, config, log);
  });
}

}  // namespace cphost::host
