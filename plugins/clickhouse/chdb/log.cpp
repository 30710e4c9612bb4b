// SPDX-License-Identifier: Apache-2.0
#include "log.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <string>

namespace chdb {
namespace {

constexpr std::string_view kNames[] = {"error", "warning", "info", "debug"};

std::atomic<LogLevel> shown_level{LogLevel::kWarning};

}  // namespace

LogLevel parse_log_level(std::string_view name) {
  const auto* found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) {
    throw std::runtime_error("log level '" + std::string(name) +
                             "' is none of error, warning, info, debug");
  }
  return static_cast<LogLevel>(found - std::begin(kNames));
}

void set_log_level(LogLevel level) {
  shown_level = level;
}

bool is_logged(LogLevel level) {
  return level <= shown_level;
}

void log(LogLevel level, std::string_view text) {
  if (!is_logged(level)) return;
  std::string line = "cphost-chdb: ";
  line.append(kNames[static_cast<size_t>(level)]).append(": ").append(text);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  line += '\n';
  // One write, so that lines of several threads do not mix.
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

}  // namespace chdb
