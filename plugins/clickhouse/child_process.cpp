// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace clickhouse {
namespace {

constexpr int64_t kEndTimeoutMs = 10'000;
constexpr int64_t kTermTimeoutMs = 5'000;
constexpr int kEndPollMs = 10;
constexpr int kSecretFd = 3;

void check(int error, const std::string& what) {
  if (error) throw std::system_error(error, std::generic_category(), what);
}

struct Pipe {
  FileDescriptor read, write;
  Pipe() {
    int ends[2];
    // Close-on-exec: another child must not keep this one's input open.
    if (::pipe2(ends, O_CLOEXEC) != 0) check(errno, "cannot make a pipe");
    read = FileDescriptor(ends[0]);
    write = FileDescriptor(ends[1]);
  }
};

// The default signal handling, whatever this process has chosen for itself.
class Attributes {
 public:
  Attributes() {
    check(::posix_spawnattr_init(&value_), "posix_spawnattr_init");
    sigset_t none, some;
    sigemptyset(&none);
    sigemptyset(&some);
    for (const int signal : {SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&some, signal);
    ::posix_spawnattr_setsigmask(&value_, &none);
    ::posix_spawnattr_setsigdefault(&value_, &some);
    ::posix_spawnattr_setpgroup(&value_, 0);
    ::posix_spawnattr_setflags(
        &value_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { ::posix_spawnattr_destroy(&value_); }
  const posix_spawnattr_t* get() const { return &value_; }

 private:
  posix_spawnattr_t value_;
};

class FileActions {
 public:
  FileActions() {
    check(::posix_spawn_file_actions_init(&value_), "posix_spawn_file_actions_init");
  }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&value_); }
  void become(int fd, int standard) {
    check(::posix_spawn_file_actions_adddup2(&value_, fd, standard),
          "posix_spawn_file_actions_adddup2");
  }
  const posix_spawn_file_actions_t* get() const { return &value_; }

 private:
  posix_spawn_file_actions_t value_;
};

}  // namespace

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const std::string& secret) {
  Pipe input, output, errors, secrets;
  const std::string line = secret + "\n";
  // Less than a pipe holds, so that this never waits.
  if (::write(secrets.write.get(), line.data(), line.size()) < 0)
    check(errno, "cannot write to a pipe");
  FileActions actions;
  actions.become(input.read.get(), STDIN_FILENO);
  actions.become(output.write.get(), STDOUT_FILENO);
  actions.become(errors.write.get(), STDERR_FILENO);
  actions.become(secrets.read.get(), kSecretFd);
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const Attributes attributes;
  check(
      ::posix_spawn(&pid_, program.c_str(), actions.get(), attributes.get(), argv.data(), environ),
      "cannot start " + program);
  input_ = std::move(input.write);
  output_ = std::move(output.read);
  errors_ = std::move(errors.read);
}

ChildProcess::~ChildProcess() {
  end();
}

bool ChildProcess::running() {
  return pid_ > 0 && !await_end(0);
}

int ChildProcess::exit_code() const {
  return pid_ < 0 && WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
}

std::string ChildProcess::how_it_ended() const {
  if (pid_ > 0) return "still running";
  return WIFSIGNALED(status_) ? "signal " + std::to_string(WTERMSIG(status_))
                              : "exit code " + std::to_string(WEXITSTATUS(status_));
}

void ChildProcess::end() {
  input_.reset();
  if (pid_ < 0 || await_end(kEndTimeoutMs)) return;
  ::kill(pid_, SIGTERM);
  if (await_end(kTermTimeoutMs)) return;
  ::kill(pid_, SIGKILL);
  await_end(-1);
}

bool ChildProcess::await_end(int64_t timeout_ms) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
  while (true) {
    const pid_t pid = ::waitpid(pid_, &status_, WNOHANG);
    if (pid == pid_ || (pid < 0 && errno != EINTR)) {
      pid_ = -1;
      return true;
    }
    if (timeout_ms >= 0 && Clock::now() >= deadline) return false;
    ::poll(nullptr, 0, kEndPollMs);
  }
}

}  // namespace clickhouse
