// SPDX-License-Identifier: Apache-2.0
#include "host/cli/check_command.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "host/cli/connection_check.hpp"
#include "host/cli/load_pipes.hpp"
#include "host/exit_code.hpp"

namespace cphost::host {

int check_pipes(const CommandLine& line) {
  const LoadedPipes loaded = load_pipes(line);
  for (const std::string& warning : loaded.diagnostics.warnings()) {
    std::fprintf(stderr, "%s (warning)\n", warning.c_str());
  }
  if (loaded.diagnostics.has_errors()) {
    for (const std::string& error : loaded.diagnostics.errors())
      std::fprintf(stderr, "%s\n", error.c_str());
    std::fprintf(stderr, "%zu errors\n", loaded.diagnostics.error_count());
    return kExitConfig;
  }
  std::signal(SIGPIPE, SIG_IGN);
  int exit_code = kExitDone;
  bool plugin_hangs = false;
  const Log log(line.log_level, line.log_style);
  for (const auto& pipe : loaded.pipes) {
    const std::vector<StopPipe> errors = check_components(*pipe, log);
    for (const StopPipe& error : errors) {
      std::fprintf(stderr, "%s\n", error.what());
      exit_code = worse_exit_code(exit_code, error.exit_code());
    }
    if (!errors.empty()) continue;
    if (!line.connect) {
      std::printf("%s: ok\n", pipe->file.c_str());
      continue;
    }
    const ConnectionReport report = check_connections(*pipe, log);
    const bool good = report.exit_code == kExitDone;
    std::fprintf(good ? stdout : stderr, "%s: %s%s\n", pipe->file.c_str(), good ? "ok: " : "",
                 report.text.c_str());
    exit_code = worse_exit_code(exit_code, report.exit_code);
    plugin_hangs = plugin_hangs || report.timed_out;
  }
  if (plugin_hangs) {
    // Its thread still uses what an orderly exit would destroy.
    std::fflush(stdout);
    std::_Exit(exit_code);
  }
  return exit_code;
}

}  // namespace cphost::host
