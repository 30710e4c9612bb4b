// SPDX-License-Identifier: Apache-2.0
#include "host/report/log.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <mutex>

#include "host/report/json_text.hpp"

namespace cphost::host {
namespace {

constexpr size_t kLineBytesMax = 16 << 10;
constexpr int kBlockedWaitMs = 100;

std::string_view level_name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

std::string timestamp(int64_t time_ms) {
  const std::time_t seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", parts.tm_year + 1900,
                     parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec,
                     time_ms % 1000);
}

/// Text as it is, but for what could break the line or steer a terminal.
void append_plain(std::string& to, std::string_view text) {
  while (!text.empty()) {
    const size_t size = utf8_sequence(text);
    const auto c = static_cast<uint8_t>(text.front());
    // C1 control characters are two bytes in UTF-8 and steer terminals too.
    const bool c1 = size == 2 && c == 0xC2 && static_cast<uint8_t>(text[1]) < 0xA0;
    if (c == '\n') {
      to += "\\n";
    } else if (size == 0 || c < 0x20 || c == 0x7f) {
      to += fmt::format("\\x{:02x}", c);
    } else if (c1) {
      to += fmt::format("\\x{:02x}", static_cast<uint8_t>(text[1]));
    } else {
      to += text.substr(0, size);
    }
    text.remove_prefix(size == 0 ? 1 : size);
  }
}

bool needs_quotes(std::string_view value) {
  return value.empty() || std::any_of(value.begin(), value.end(), [](char c) {
           return static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '=' || c == '\\' ||
                  c == 0x7f;
         });
}

void append_text_fields(std::string& to, const Log::Fields& fields) {
  for (const auto& [key, value] : fields) {
    append_plain(to, key);
    to += '=';
    if (needs_quotes(value)) {
      append_json_string(to, value);
    } else {
      append_plain(to, value);
    }
    to += ' ';
  }
}

void append_json_fields(std::string& to, const Log::Fields& fields) {
  for (const auto& [key, value] : fields) {
    to += ',';
    append_json_string(to, key);
    to += ':';
    append_json_string(to, value);
  }
}

/// One write a line, so that lines of several processes on one terminal or file do not mix. What
/// can't be written is lost: a log that nobody reads must not stop the pipe for long.
void write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put > 0) {
      bytes.remove_prefix(static_cast<size_t>(put));
    } else if (errno == EAGAIN) {
      pollfd wait{fd, POLLOUT, 0};
      if (::poll(&wait, 1, kBlockedWaitMs) <= 0) return;
    } else if (errno != EINTR) {
      return;
    }
  }
}

int64_t now_ms() {
  using std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

}  // namespace

struct Log::Output {
  Output(LogLevel level_, LogStyle style_, int fd_) : level(level_), style(style_), fd(fd_) {}

  const LogLevel level;
  const LogStyle style;
  const int fd;
  std::mutex mutex;
  std::string status_line;  // guarded by mutex
};

std::string log_line(LogStyle style, int64_t time_ms, LogLevel level, const Log::Fields& fields,
                     const Log::Fields& more, std::string_view text) {
  text = text.substr(0, kLineBytesMax);
  std::string line;
  if (style == LogStyle::kJson) {
    line = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\"", timestamp(time_ms), level_name(level));
    append_json_fields(line, fields);
    append_json_fields(line, more);
    line += ",\"text\":";
    append_json_string(line, text);
    return line + "}";
  }
  line = fmt::format("{} {:<7} ", timestamp(time_ms), level_name(level));
  append_text_fields(line, fields);
  append_text_fields(line, more);
  append_plain(line, text);
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

Log::Log(LogLevel level, LogStyle style, int fd)
    : output_(std::make_shared<Output>(level, style, fd)), fields_(std::make_shared<Fields>()) {}

Log Log::with(std::string key, std::string value) const {
  Log log = *this;
  auto fields = std::make_shared<Fields>(*fields_);
  fields->emplace_back(std::move(key), std::move(value));
  log.fields_ = std::move(fields);
  return log;
}

LogLevel Log::level() const {
  return output_->level;
}

LogStyle Log::style() const {
  return output_->style;
}

void Log::debug(std::string_view text, const Fields& more) const {
  write(LogLevel::kDebug, text, more);
}

void Log::info(std::string_view text, const Fields& more) const {
  write(LogLevel::kInfo, text, more);
}

void Log::warning(std::string_view text, const Fields& more) const {
  write(LogLevel::kWarning, text, more);
}

void Log::error(std::string_view text, const Fields& more) const {
  write(LogLevel::kError, text, more);
}

void Log::write(LogLevel level, std::string_view text, const Fields& more) const {
  if (level < output_->level) return;
  std::string line = log_line(output_->style, now_ms(), level, *fields_, more, text) + "\n";
  const std::lock_guard lock(output_->mutex);
  if (!output_->status_line.empty()) line = "\r\x1b[K" + line + output_->status_line;
  write_all(output_->fd, line);
}

void Log::set_status_line(std::string line) const {
  const std::lock_guard lock(output_->mutex);
  if (line.empty() && output_->status_line.empty()) return;
  output_->status_line = std::move(line);
  write_all(output_->fd, "\r\x1b[K" + output_->status_line);
}

}  // namespace cphost::host
