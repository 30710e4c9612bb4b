// SPDX-License-Identifier: Apache-2.0
#include "host/report/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iterator>
#include <utility>

#include "host/config/units.hpp"

namespace cphost::host {
namespace {

using namespace std::chrono_literals;

constexpr auto kTerminalInterval = 200ms;
constexpr auto kLogInterval = 10s;

double rate(int64_t before, int64_t now, double seconds) {
  return seconds > 0 ? static_cast<double>(now - before) / seconds : 0;
}

CounterSnapshot sum(const CounterSnapshot& a, const CounterSnapshot& b) {
  CounterSnapshot s = a;
  s.in += b.in;
  s.inserted += b.inserted;
  s.rejected += b.rejected;
  s.filtered += b.filtered;
  s.dropped += b.dropped;
  s.rows += b.rows;
  s.bytes_in += b.bytes_in;
  s.blocks += b.blocks;
  s.retries += b.retries;
  s.commits += b.commits;
  s.lag = a.lag < 0 || b.lag < 0 ? -1 : a.lag + b.lag;
  s.memory += b.memory;
  return s;
}

size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

CounterSnapshot snapshot(const Counters& c) {
  CounterSnapshot s;
  s.in = c.in;
  s.inserted = c.inserted;
  s.rejected = c.rejected;
  s.filtered = c.filtered;
  s.dropped = c.dropped;
  s.rows = c.rows;
  s.bytes_in = c.bytes_in;
  s.blocks = c.blocks;
  s.retries = c.retries;
  s.commits = c.commits;
  s.lag = c.lag;
  s.memory = c.memory;
  return s;
}

std::string grouped(int64_t number) {
  std::string digits = std::to_string(number);
  const size_t first = number < 0 ? 1 : 0;
  for (size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string approximate_number(double number) {
  static constexpr std::string_view kUnits[] = {"", "k", "M", "G"};
  size_t unit = 0;
  while (number >= 999.5 && unit + 1 < std::size(kUnits)) {
    number /= 1000;
    ++unit;
  }
  const int decimals = unit == 0 || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}{}", number, decimals, kUnits[unit]);
}

std::string progress_line(const std::string& name, const CounterSnapshot& before,
                          const CounterSnapshot& now, double seconds) {
  return fmt::format("{}  {} rows  {} rows/s  {:.0f} MB/s  lag {}  rejected {}  memory {}", name,
                     grouped(now.rows), approximate_number(rate(before.rows, now.rows, seconds)),
                     rate(before.bytes_in, now.bytes_in, seconds) / 1e6,
                     now.lag < 0 ? std::string("unknown") : grouped(now.lag), grouped(now.rejected),
                     approximate_size(now.memory));
}

Log::Fields progress_fields(const CounterSnapshot& before, const CounterSnapshot& now,
                            double seconds) {
  Log::Fields fields{
      {"in", std::to_string(now.in)},
      {"rows", std::to_string(now.rows)},
      {"rejected", std::to_string(now.rejected)},
      {"rows_per_second", fmt::format("{:.0f}", rate(before.rows, now.rows, seconds))},
      {"mb_per_second", fmt::format("{:.1f}", rate(before.bytes_in, now.bytes_in, seconds) / 1e6)},
      {"memory_bytes", std::to_string(now.memory)}};
  if (now.lag >= 0) fields.emplace_back("lag", std::to_string(now.lag));
  return fields;
}

Progress::Progress(const Log& log, Style style, std::vector<WatchedPipe> pipes)
    : log_(log), style_(style), pipes_(std::move(pipes)) {
  if (style_ == Style::kOff) return;
  for (const WatchedPipe& pipe : pipes_) before_.push_back(snapshot(*pipe.counters));
  thread_ = std::thread([this] { run(); });
}

Progress::~Progress() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
  log_.set_status_line("");
}

void Progress::run() {
  using Clock = std::chrono::steady_clock;
  const std::chrono::milliseconds interval =
      style_ == Style::kTerminal ? std::chrono::milliseconds(kTerminalInterval) : kLogInterval;
  Clock::time_point last = Clock::now();
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, interval, [this] { return done_; })) {
    const Clock::time_point now = Clock::now();
    show(std::chrono::duration<double>(now - last).count());
    last = now;
  }
}

void Progress::show(double seconds) {
  CounterSnapshot sum_before;
  CounterSnapshot sum_now;
  for (size_t i = 0; i < pipes_.size(); ++i) {
    const CounterSnapshot now = snapshot(*pipes_[i].counters);
    if (style_ == Style::kLog) {
      log_.info("progress", [&] {
        Log::Fields fields = progress_fields(before_[i], now, seconds);
        fields.insert(fields.begin(), {"pipe", pipes_[i].name});
        return fields;
      }());
    }
    sum_before = i == 0 ? before_[i] : sum(sum_before, before_[i]);
    sum_now = i == 0 ? now : sum(sum_now, now);
    before_[i] = now;
  }
  if (style_ != Style::kTerminal) return;
  const std::string name =
      pipes_.size() == 1 ? pipes_[0].name : fmt::format("{} pipes", pipes_.size());
  // A line that wraps could not be taken away again.
  log_.set_status_line(
      progress_line(name, sum_before, sum_now, seconds).substr(0, terminal_width() - 1));
}

}  // namespace cphost::host
