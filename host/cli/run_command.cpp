// SPDX-License-Identifier: Apache-2.0
#include "host/cli/run_command.hpp"

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "host/cli/load_pipes.hpp"
#include "host/cli/stop_signals.hpp"
#include "host/exit_code.hpp"
#include "host/pipe/left_behind.hpp"
#include "host/pipe/pipe.hpp"
#include "host/report/progress.hpp"
#include "host/report/summary.hpp"

namespace cphost::host {
namespace {

using Clock = std::chrono::steady_clock;

/// One pipe on its own thread.
class RunningPipe {
 public:
  RunningPipe(const PipeConfig& config, const Log& log, const std::string& state_folder)
      : name_(config.name),
        log_(log.with("pipe", config.name)),
        pipe_(config, log_, state_folder) {}

  const std::string& name() const { return name_; }
  const Counters& counters() const { return pipe_.counters(); }

  void start() {
    started_ = Clock::now();
    thread_ = std::thread([this] { run(); });
  }
  void stop() { pipe_.stop(); }

  /// Waits for its end; the exit code.
  int finish() {
    thread_.join();
    return outcome_.exit_code;
  }

  void print_summary(LogStyle style) const {
    const CounterSnapshot counters = snapshot(pipe_.counters());
    const std::string text = style == LogStyle::kJson ? summary_json(name_, counters, seconds_)
                                                      : summary_text(name_, counters, seconds_);
    std::fputs(text.c_str(), stdout);
    std::fflush(stdout);
  }

 private:
  void run() {
    try {
      outcome_ = pipe_.run();
    } catch (const std::exception& error) {
      outcome_ = Outcome{kExitInternal, error.what(), false};
    }
    seconds_ = std::chrono::duration<double>(Clock::now() - started_).count();
    if (outcome_.exit_code != kExitDone) {
      log_.error(outcome_.reason, {{"exit", std::to_string(outcome_.exit_code)}});
    } else {
      log_.info(outcome_.stopped ? "stopped" : "done: the source has no more records");
    }
  }

  const std::string name_;
  const Log log_;
  Pipe pipe_;
  Clock::time_point started_;
  double seconds_ = 0;
  Outcome outcome_;
  std::thread thread_;
};

Progress::Style progress_style(ProgressMode mode) {
  if (mode == ProgressMode::kNever) return Progress::Style::kOff;
  const char* terminal = std::getenv("TERM");
  const bool can_redraw =
      ::isatty(STDERR_FILENO) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
  return can_redraw || mode == ProgressMode::kAlways ? Progress::Style::kTerminal
                                                     : Progress::Style::kLog;
}

int run_all(const CommandLine& line, const LoadedPipes& loaded, const Log& log) {
  std::vector<std::unique_ptr<RunningPipe>> pipes;
  std::vector<WatchedPipe> watched;
  for (const auto& config : loaded.pipes) {
    pipes.push_back(std::make_unique<RunningPipe>(*config, log, line.state_folder));
    watched.push_back(WatchedPipe{config->name, &pipes.back()->counters()});
  }
  int exit_code = kExitDone;
  {
    const Progress progress(log, progress_style(line.progress), std::move(watched));
    for (auto& pipe : pipes) pipe->start();
    const StopSignals signals([&pipes, &log](int signal) {
      log.info("stopping; another signal drops what is still under way",
               {{"signal", ::sigabbrev_np(signal)}});
      for (auto& pipe : pipes) pipe->stop();
    });
    for (auto& pipe : pipes) exit_code = worse_exit_code(exit_code, pipe->finish());
  }
  for (const auto& pipe : pipes) pipe->print_summary(line.log_style);
  return exit_code;
}

}  // namespace

int run_pipes(const CommandLine& line) {
  // A peer that hangs up is an error of a write and not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  block_stop_signals();
  const Log log(line.log_level, line.log_style);
  const LoadedPipes loaded = load_pipes(line);
  for (const std::string& warning : loaded.diagnostics.warnings()) log.warning(warning);
  if (loaded.diagnostics.has_errors()) {
    for (const std::string& error : loaded.diagnostics.errors())
      std::fprintf(stderr, "%s\n", error.c_str());
    return kExitConfig;
  }
  const int exit_code = run_all(line, loaded, log);
  if (calls_left_behind() > 0) {
    std::fflush(nullptr);
    std::_Exit(exit_code);  // their threads use what the destructors would end
  }
  return exit_code;
}

}  // namespace cphost::host
