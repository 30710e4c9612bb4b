// SPDX-License-Identifier: Apache-2.0
// Tells how running pipes get on: a line at the foot of a terminal five times a second, or a log
// line a pipe every ten seconds. Only reads counters; its thread ends with the object.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/report/counters.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

/// Counters at one moment.
struct CounterSnapshot {
  int64_t in = 0;
  int64_t inserted = 0;
  int64_t rejected = 0;
  int64_t filtered = 0;
  int64_t dropped = 0;
  int64_t rows = 0;
  int64_t bytes_in = 0;
  int64_t blocks = 0;
  int64_t retries = 0;
  int64_t commits = 0;
  int64_t lag = -1;
  int64_t memory = 0;
};

CounterSnapshot snapshot(const Counters& counters);

struct WatchedPipe {
  std::string name;
  const Counters* counters = nullptr;
};

class Progress {
 public:
  enum class Style : uint8_t { kTerminal, kLog, kOff };

  /// The counters must outlive this object.
  Progress(const Log& log, Style style, std::vector<WatchedPipe> pipes);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

 private:
  void run();
  void show(double seconds);

  const Log log_;
  const Style style_;
  const std::vector<WatchedPipe> pipes_;
  std::vector<CounterSnapshot> before_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

/// "orders  1,234,567 rows  1.20M rows/s  212 MB/s  lag 12,345  rejected 3  memory 34.2 MiB". Rates
/// are over `seconds`.
std::string progress_line(const std::string& name, const CounterSnapshot& before,
                          const CounterSnapshot& now, double seconds);

/// The same as fields of a log line.
Log::Fields progress_fields(const CounterSnapshot& before, const CounterSnapshot& now,
                            double seconds);

/// 1234567 as "1,234,567".
std::string grouped(int64_t number);

/// 1'200'000 as "1.20M": three digits and a unit.
std::string approximate_number(double number);

}  // namespace cphost::host
