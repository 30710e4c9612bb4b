// SPDX-License-Identifier: Apache-2.0
// cphost-chdb: ClickHouse's HTTP interface over the embedded engine, one folder a process.
//
// Exit codes: 0 stopped as asked, 64 wrong command line, 75 the folder is served by another
// process, 1 anything else.
#include <fcntl.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>

#include "engine.hpp"
#include "handler.hpp"
#include "log.hpp"
#include "options.hpp"
#include "server.hpp"

namespace chdb {
namespace {

constexpr int kExitUsage = 64;
constexpr int kExitInUse = 75;

/// The standard streams the process was started with, out of the engine's reach: it would read
/// standard input as rows of an INSERT, and what it prints must not look like the ready line.
struct OwnStreams {
  Descriptor input;
  Descriptor output;
};

OwnStreams take_streams() {
  OwnStreams streams{Descriptor(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)),
                     Descriptor(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))};
  const Descriptor null(open("/dev/null", O_RDWR | O_CLOEXEC));
  // A stream that is closed would be the next file the engine opens.
  if (fcntl(STDERR_FILENO, F_GETFD) < 0) dup2(null.get(), STDERR_FILENO);
  if (null.get() < 0 || dup2(null.get(), STDIN_FILENO) < 0 ||
      dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
    throw std::runtime_error(std::string("cannot move the standard streams: ") +
                             std::strerror(errno));
  }
  return streams;
}

/// Blocks the signals in every thread to come, the engine's too.
Descriptor take_signals(bool exit_with_stdin) {
  signal(SIGPIPE, SIG_IGN);
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  if (exit_with_stdin) {
    // The terminal interrupts the whole group: whoever started us still needs the engine to end
    // its own work, and closes our input then.
    signal(SIGINT, SIG_IGN);
  } else {
    sigaddset(&signals, SIGINT);
  }
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(signalfd(-1, &signals, SFD_CLOEXEC));
}

void tell_ready(OwnStreams& streams, const std::string& address) {
  const std::string line = "cphost-chdb listening on " + address + "\n";
  if (write(streams.output.get(), line.data(), line.size()) < 0) {
    log(LogLevel::kWarning, std::string("cannot tell the address: ") + std::strerror(errno));
  }
  streams.output = Descriptor();
}

int serve(const Options& options) {
  const Descriptor signals = take_signals(options.exit_with_stdin);
  OwnStreams streams = take_streams();
  // Before the engine: a port that is taken should be known at once.
  Descriptor listener = listen_on(options.listen, options.port);
  const std::string address = local_address(listener);
  if (!is_loopback(options.listen) && options.handler.password.empty()) {
    log(LogLevel::kWarning, "listening on " + address +
                                " without a password: anyone who reaches it may read and write "
                                "files of this machine; use --password-file");
  }

  std::optional<Engine> engine;
  engine.emplace(
      EngineOptions{options.path, find_engine_library(options.library), options.server_memory_max});
  const Handler handler(*engine, options.handler);
  Server server(*engine, handler, std::move(listener), options.server);
  log(LogLevel::kInfo, "ClickHouse " + engine->version() + " serves " + options.path);
  tell_ready(streams, address);

  StopSources sources;
  sources.signals = signals.get();
  if (options.exit_with_stdin) sources.input = streams.input.get();
  if (server.run(sources)) {
    engine.reset();
  } else {
    log(LogLevel::kWarning, "requests were still under way after " +
                                std::to_string(options.server.stop_timeout.count()) +
                                " s: they are cut");
  }
  // Neither the engine's threads nor those of connections can be joined.
  _exit(0);
}

}  // namespace
}  // namespace chdb

int main(int argc, char** argv) {
  std::optional<chdb::Options> options;
  try {
    options = chdb::parse_options(argc, argv);
  } catch (const std::exception& error) {
    chdb::log(chdb::LogLevel::kError, error.what());
    return chdb::kExitUsage;
  }
  if (!options) return 0;
  chdb::set_log_level(options->log_level);
  int code = 1;
  try {
    code = chdb::serve(*options);
  } catch (const chdb::FolderInUse& error) {
    chdb::log(chdb::LogLevel::kError, error.what());
    code = chdb::kExitInUse;
  } catch (const std::exception& error) {
    chdb::log(chdb::LogLevel::kError, error.what());
  }
  _exit(code);
}
