// SPDX-License-Identifier: Apache-2.0
// A whole pipe in the process: fake source, format, sink and error sink, of which positions and
// rows survive from one run to the next. After each run it checks what must always hold.
#pragma once

#include <chrono>
#include <string>
#include <thread>

#include "host/pipe/pipe.hpp"
#include "host/pipe/testing/fake_format.hpp"
#include "host/pipe/testing/fake_sink.hpp"
#include "host/pipe/testing/fake_source.hpp"

namespace cphost::host::testing {

/// Longer than any test, in milliseconds.
constexpr int64_t kNever = 3'600'000;

inline int64_t ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start)
      .count();
}

inline std::string repeated(const std::string& fates, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += fates;
  return text;
}

class PipeRun {
 public:
  explicit PipeRun(FakeSource::Abilities abilities = {});
  ~PipeRun();

  /// Adds a stream with a record for each of the fates, at positions from `first`: a digit for its
  /// rows, x: the format rejects it, b: the sink refuses it, s: the source does.
  FakeStream& add_stream(const std::string& name, const std::string& fates, int64_t first = 1);

  /// Runs a pipe to its end.
  Outcome run();
  /// The same for a pipe that has no reason to fail: "" when it is done without mistakes.
  std::string run_to_done();
  /// Runs it on a thread; then finish().
  void start();
  Outcome finish();
  /// [any] Of the pipe that runs.
  void stop();

  /// Empty when every record of every stream was written or rejected exactly once and committed.
  std::string missing() const;

  /// Calls and checks that went wrong, one a line; "" when all is well.
  std::string problems() const;

  /// All of that, and what the last run dropped: for a pipe that had no reason to.
  std::string mistakes() const;

  struct Counts {
    int64_t in = 0, inserted = 0, rejected = 0, filtered = 0, dropped = 0, memory = 0, rows = 0,
            retries = 0, blocks = 0;
  };
  const Counts& counts() const { return counts_; }
  const Counters& counters() const { return pipe_->counters(); }

  FakeSource source;
  FakeFormat format;
  FakeSink target;
  FakeSink errors{"fake_errors"};
  PipeConfig config;

 private:
  std::string state_dir_;
  std::unique_ptr<Pipe> pipe_;
  std::thread thread_;
  Outcome outcome_;
  Counts counts_;
  std::string problems_;
};

}  // namespace cphost::host::testing
