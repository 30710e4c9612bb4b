// SPDX-License-Identifier: Apache-2.0
// A child process with pipes for its three standard streams. It is told to end by the end of its
// standard input, which also comes when this process dies in whatever way. One thread at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "file_descriptor.hpp"

namespace clickhouse {

class ChildProcess {
 public:
  /// Where the child reads its secret, once: nothing of it is in its arguments, its environment or
  /// a file.
  static constexpr const char* kSecretFile = "/dev/fd/3";

  /// Throws std::system_error. The child is in a process group of its own: a Ctrl-C on the terminal
  /// is for its parent.
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
               const std::string& secret = "");
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  bool running();

  /// "exit code 78", "signal 9"; meaningful once it does not run.
  std::string how_it_ended() const;
  /// Its exit code, or -1.
  int exit_code() const;

  /// Closes its standard input and waits; asks with SIGTERM, then SIGKILL, when that takes too
  /// long.
  void end();

  int output() const { return output_.get(); }
  int errors() const { return errors_.get(); }

 private:
  bool await_end(int64_t timeout_ms);

  pid_t pid_ = -1;  // -1: reaped.
  int status_ = 0;
  FileDescriptor input_, output_, errors_;
};

}  // namespace clickhouse
