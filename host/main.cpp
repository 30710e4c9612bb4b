// SPDX-License-Identifier: Apache-2.0
// cphost: parses the command line, calls a command, turns what comes of it into an exit code.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "host/cli/check_command.hpp"
#include "host/cli/command_line.hpp"
#include "host/cli/core_dumps.hpp"
#include "host/cli/describe_command.hpp"
#include "host/cli/plugins_command.hpp"
#include "host/cli/positions_command.hpp"
#include "host/cli/replay_command.hpp"
#include "host/cli/run_command.hpp"
#include "host/cli/verify_command.hpp"
#include "host/exit_code.hpp"

namespace {

using namespace cphost::host;

int call(const CommandLine& line) {
  if (!line.core_dumps) forbid_core_dumps();
  switch (line.command) {
    case Command::kRun:
      return run_pipes(line);
    case Command::kPlugins:
      return list_plugins(line);
    case Command::kDescribe:
      return describe_component(line);
    case Command::kCheck:
      return check_pipes(line);
    case Command::kVerify:
      return verify_pipes(line);
    case Command::kPositionsShow:
      return show_positions(line);
    case Command::kPositionsSet:
      return set_positions(line);
    case Command::kReplay:
      return replay_pipes(line);
    case Command::kHelp:
      std::fputs(help_text().c_str(), stdout);
      return kExitDone;
    case Command::kVersion:
      std::puts("cphost " CPHOST_VERSION);
      return kExitDone;
  }
  return kExitInternal;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return call(parse_command_line(std::vector<std::string>(argv + 1, argv + argc)));
  } catch (const UsageError& error) {
    std::fprintf(stderr, "cphost: %s\n", error.what());
    return kExitUsage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "cphost: internal error: %s\n", error.what());
    return kExitInternal;
  } catch (...) {
    std::fputs("cphost: internal error of an unknown kind\n", stderr);
    return kExitInternal;
  }
}
