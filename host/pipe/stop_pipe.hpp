// SPDX-License-Identifier: Apache-2.0
// Thrown inside a pipe where it cannot go on; Pipe::run turns it into an Outcome.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "host/exit_code.hpp"
#include "host/plugins/object_env.hpp"

namespace cphost::host {

class StopPipe : public std::exception {
 public:
  StopPipe(int exit_code, std::string reason) : exit_code_(exit_code), reason_(std::move(reason)) {}

  /// What a failure that is no outage means: CONFIG and HALT are the user's to mend, anything else
  /// is a bug.
  static StopPipe because(const std::string& who, const Failure& failure) {
    const bool user = failure.status == CPHOST_CONFIG || failure.status == CPHOST_HALT;
    StopPipe stop(user ? kExitConfig : kExitInternal,
                  who + ": " + failure.text + " (" + failure.code + ")");
    stop.can_wait_ = failure.status == CPHOST_CONFIG;
    return stop;
  }

  int exit_code() const { return exit_code_; }

  /// The user may mend it while the pipe waits.
  bool can_wait() const { return can_wait_; }
  const char* what() const noexcept override { return reason_.c_str(); }

 private:
  int exit_code_;
  std::string reason_;
  bool can_wait_ = false;
};

}  // namespace cphost::host
