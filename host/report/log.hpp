// SPDX-License-Identifier: Apache-2.0
// The structured log: one line an event, as text or JSON, on standard error. Thread-safe; a Log is
// a cheap copyable handle with fields that are added to each of its lines (pipe, worker, plugin).
//
//     2026-11-21T13:00:00.123Z info  pipe=orders plugin=kafka worker=0 3 partitions assigned
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cphost::host {

enum class LogLevel : uint8_t { kDebug, kInfo, kWarning, kError };
enum class LogStyle : uint8_t { kText, kJson };

class Log {
 public:
  using Fields = std::vector<std::pair<std::string, std::string>>;

  /// Writes to the file descriptor `fd`, standard error by default, which stays the caller's.
  Log(LogLevel level, LogStyle style, int fd = 2);

  /// The same log with one more field.
  Log with(std::string key, std::string value) const;

  LogLevel level() const;
  LogStyle style() const;
  void debug(std::string_view text, const Fields& more = {}) const;
  void info(std::string_view text, const Fields& more = {}) const;
  void warning(std::string_view text, const Fields& more = {}) const;
  void error(std::string_view text, const Fields& more = {}) const;
  void write(LogLevel level, std::string_view text, const Fields& more = {}) const;

  /// Keeps `line` as the last line of the terminal, below all log lines; "" takes it away.
  void set_status_line(std::string line) const;

 private:
  struct Output;
  std::shared_ptr<Output> output_;
  std::shared_ptr<const Fields> fields_;
};

/// One line without its newline; `time_ms` since 1970. Whatever the text contains, it stays one
/// line and valid UTF-8.
std::string log_line(LogStyle style, int64_t time_ms, LogLevel level, const Log::Fields& fields,
                     const Log::Fields& more, std::string_view text);

}  // namespace cphost::host
