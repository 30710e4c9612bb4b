// SPDX-License-Identifier: Apache-2.0
#include "host/cli/each_pipe.hpp"

#include <csignal>
#include <cstdio>
#include <string>

#include "host/cli/load_pipes.hpp"
#include "host/exit_code.hpp"
#include "host/pipe/binding.hpp"
#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {

int for_each_pipe(const CommandLine& line, const std::function<int(const PipeConfig&)>& work) {
  const LoadedPipes loaded = load_pipes(line);
  if (loaded.diagnostics.has_errors()) {
    for (const std::string& error : loaded.diagnostics.errors())
      std::fprintf(stderr, "%s\n", error.c_str());
    return kExitConfig;
  }
  std::signal(SIGPIPE, SIG_IGN);
  int exit_code = kExitDone;
  const auto failed = [&](int code, const char* text) {
    std::fprintf(stderr, "%s\n", text);
    exit_code = worse_exit_code(exit_code, code);
  };
  for (const auto& pipe : loaded.pipes) {
    try {
      exit_code = worse_exit_code(exit_code, work(*pipe));
    } catch (const StopPipe& stop) {
      failed(stop.exit_code(), stop.what());
    } catch (const BindingError& error) {
      failed(kExitConfig, error.what());
    }
  }
  return exit_code;
}

}  // namespace cphost::host
