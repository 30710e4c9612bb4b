// SPDX-License-Identifier: Apache-2.0
// Everything that is wrong with a set of pipe files, collected so that the user sees all of it at
// once. Each entry is one line, `file:line: what was found; what is allowed; did you mean`. Used by
// one thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/config/pipe_config.hpp"

namespace cphost::host {

struct Diagnostic {
  Location where;
  std::string text;
};

class Diagnostics {
 public:
  /// Adds an error. The same error twice (an option that two sinks share) is kept once.
  void error(const Location& where, std::string text);

  /// Adds what works but should be changed.
  void warning(const Location& where, std::string text);

  /// Adds those of `other` whose place `wanted` takes.
  void add(const Diagnostics& other, const std::function<bool(const Location&)>& wanted);

  bool has_errors() const { return !errors_.empty(); }
  size_t error_count() const { return errors_.size(); }

  /// By file and line, each ready to print, without a newline.
  std::vector<std::string> errors() const;
  std::vector<std::string> warnings() const;

 private:
  std::vector<Diagnostic> errors_;
  std::vector<Diagnostic> warnings_;
};

}  // namespace cphost::host
