// SPDX-License-Identifier: Apache-2.0
// Stopping a pipe, at any time.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "host/exit_code.hpp"
#include "host/pipe/testing/pipe_run.hpp"
#include "host/pipe/testing/scripted.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::FakeSource;
using testing::kNever;
using testing::ms_since;
using testing::PipeRun;
using testing::repeated;

using Clock = std::chrono::steady_clock;
using Status = std::optional<int32_t>;

constexpr int64_t kPromptMs = 3000;

class PipeStopTest : public ::testing::Test {
 protected:
  PipeStopTest() { pipe_.config.drain_timeout_ms = kNever; }

  /// Runs the pipe, and stops it so many times when `stop_now_` is set.
  Outcome run_and_stop(int times = 1) {
    pipe_.start();
    stop_now_.get_future().wait();
    const auto begin = Clock::now();
    for (int i = 0; i < times; ++i) pipe_.stop();
    const Outcome outcome = pipe_.finish();
    EXPECT_LT(ms_since(begin), kPromptMs);
    EXPECT_TRUE(outcome.stopped);
    EXPECT_EQ(outcome.exit_code, kExitDone) << outcome.reason;
    EXPECT_EQ(pipe_.problems(), "");
    return outcome;
  }
  void ask_to_stop() {
    if (!std::exchange(asked_, true)) stop_now_.set_value();
  }
  /// For a hook at start: asks to stop, and cannot reach what it is for.
  auto unreachable() {
    return [this](const cphost_env* env) -> Status {
      ask_to_stop();
      return testing::fail(env, CPHOST_RETRY);
    };
  }
  /// For a hook of a write that hangs: asks to stop, and answers when it is interrupted.
  auto hanging(Status status) {
    return [this, status](FakeSink::Write& w) -> Status {
      ask_to_stop();
      w.wait_for_interrupt(kNever);
      return status ? w.answer(*status) : status;
    };
  }

  PipeRun pipe_;
  std::promise<void> stop_now_;
  bool asked_ = false;
};

TEST_F(PipeStopTest, writes_and_commits_what_was_read) {
  pipe_.config.block.wait_max_ms = kNever;
  pipe_.config.commit_interval_ms = kNever;
  pipe_.add_stream("a", repeated("1x0b", 16)).endless = true;
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events&) -> Status {
    if (reader.delivered() == 64) ask_to_stop();
    return std::nullopt;
  };
  run_and_stop();
  EXPECT_EQ(pipe_.mistakes(), "");
}

TEST_F(PipeStopTest, a_restart_after_a_stop_doubles_nothing) {
  auto& stream = pipe_.add_stream("a", repeated("1x2b0s", 100));
  pipe_.source.batch_records = 3;
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events&) -> Status {
    if (reader.delivered() <= 200) return std::nullopt;
    ask_to_stop();
    return CPHOST_AGAIN;
  };
  run_and_stop();
  EXPECT_EQ(pipe_.counts().dropped, 0);
  EXPECT_NE(pipe_.source.committed(stream.name), "");
  pipe_.source.on_poll = nullptr;
  EXPECT_EQ(pipe_.run_to_done(), "");
}

TEST_F(PipeStopTest, the_last_commit_is_tried_until_it_succeeds) {
  pipe_.config.commit_interval_ms = kNever;
  pipe_.add_stream("a", "1111").endless = true;
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events&) -> Status {
    if (reader.delivered() == 4) ask_to_stop();
    return std::nullopt;
  };
  pipe_.source.on_commit = testing::failing_first(5, CPHOST_RETRY);
  run_and_stop();
  EXPECT_EQ(pipe_.mistakes(), "");
}

TEST_F(PipeStopTest, before_it_has_begun) {
  pipe_.target.on_describe = [&](const cphost_env*) -> Status {
    ask_to_stop();
    return std::nullopt;
  };
  pipe_.add_stream("a", "1").endless = true;
  run_and_stop();
}

TEST_F(PipeStopTest, while_the_target_is_not_reachable_at_start) {
  pipe_.config.retry_min_ms = pipe_.config.retry_max_ms = kNever;
  pipe_.config.start_timeout_ms = kNever;
  pipe_.target.on_describe = unreachable();
  run_and_stop();
}

TEST_F(PipeStopTest, while_the_source_is_not_reachable_at_start) {
  pipe_.config.retry_min_ms = pipe_.config.retry_max_ms = kNever;
  pipe_.config.start_timeout_ms = kNever;
  pipe_.source.on_open = unreachable();
  run_and_stop();
}

// The reader is spent and can't be opened again; what was read before is still written.
TEST_F(PipeStopTest, while_the_source_is_away) {
  pipe_.add_stream("a", repeated("x1", 8));
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events&) -> Status {
    if (reader.delivered() < 16) return std::nullopt;
    return reader.answer(CPHOST_REOPEN);
  };
  pipe_.source.on_open = [&](const cphost_env* env) -> Status {
    if (pipe_.source.opens == 1) return std::nullopt;
    ask_to_stop();
    return testing::fail(env, CPHOST_RETRY);
  };
  run_and_stop();
}

TEST_F(PipeStopTest, a_drain_lasts_no_longer_than_it_may) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.add_stream("a", "1111").endless = true;
  pipe_.target.on_write = hanging(CPHOST_RETRY);
  run_and_stop();
  EXPECT_EQ(pipe_.counts().dropped, 4);
  EXPECT_EQ(pipe_.source.committed("a"), "");
}

TEST_F(PipeStopTest, a_second_stop_does_not_drain) {
  pipe_.add_stream("a", "1111").endless = true;
  pipe_.target.on_write = hanging(CPHOST_RETRY);
  run_and_stop(2);
  EXPECT_EQ(pipe_.counts().dropped, 4);
}

// The write was taken although it was interrupted: it must be committed, or the next run doubles
// it.
TEST_F(PipeStopTest, a_block_that_is_written_while_the_writers_stop_is_committed) {
  pipe_.add_stream("a", "1111").endless = true;
  pipe_.target.on_write = hanging(std::nullopt);
  run_and_stop(2);
  EXPECT_EQ(pipe_.mistakes(), "");
}

TEST_F(PipeStopTest, while_the_target_is_away) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.config.retry_min_ms = pipe_.config.retry_max_ms = 5;
  pipe_.add_stream("a", "1x11").endless = true;
  pipe_.target.on_write = testing::failing(CPHOST_REOPEN);
  pipe_.target.on_describe = [&](const cphost_env* env) -> Status {
    if (pipe_.target.writes() == 0) return std::nullopt;
    ask_to_stop();
    return testing::fail(env, CPHOST_RETRY);
  };
  run_and_stop();
  EXPECT_EQ(pipe_.source.committed("a"), "");
}

TEST_F(PipeStopTest, while_the_error_table_is_away) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.add_stream("a", "1x11").endless = true;
  pipe_.errors.on_write = [&](FakeSink::Write& w) -> Status {
    ask_to_stop();
    return w.answer(CPHOST_REOPEN);
  };
  run_and_stop();
  EXPECT_LT(pipe_.source.committed("a"), "2");
}

/// A call that comes back when the test is over: a server that takes it and never answers.
class NeverAnswers {
 public:
  ~NeverAnswers() { over_.set_value(); }
  void wait() { std::shared_future<void>(future_).wait(); }

 private:
  std::promise<void> over_;
  std::shared_future<void> future_ = over_.get_future().share();
};

TEST_F(PipeStopTest, while_the_target_never_answers_at_start) {
  pipe_.config.drain_timeout_ms = 50;
  NeverAnswers server;
  pipe_.target.on_describe = [&](const cphost_env* env) -> Status {
    ask_to_stop();
    server.wait();
    return testing::fail(env, CPHOST_RETRY);
  };
  run_and_stop();
}

TEST_F(PipeStopTest, while_a_changed_target_never_answers) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.add_stream("a", repeated("1", 16)).endless = true;
  NeverAnswers server;
  int64_t polls = -1;
  pipe_.target.on_write = [&](FakeSink::Write& w) -> Status { return w.answer(CPHOST_REOPEN); };
  pipe_.target.on_describe = [&](const cphost_env* env) -> Status {
    if (pipe_.target.writes() == 0) return std::nullopt;
    polls = pipe_.source.polls;
    while (pipe_.source.polls < polls + 5) std::this_thread::yield();  // polling goes on
    ask_to_stop();
    server.wait();
    return testing::fail(env, CPHOST_RETRY);
  };
  run_and_stop();
  EXPECT_EQ(pipe_.source.committed("a"), "");
}

TEST_F(PipeStopTest, while_a_lost_error_table_never_answers) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.add_stream("a", "1x11").endless = true;
  NeverAnswers server;
  std::atomic<bool> lost = false;
  pipe_.errors.on_write = [&](FakeSink::Write& w) -> Status {
    lost = true;
    return w.answer(CPHOST_REOPEN);
  };
  pipe_.errors.on_prepare = [&](const cphost_env* env, uint32_t) -> Status {
    if (!lost) return std::nullopt;
    ask_to_stop();
    server.wait();
    return testing::fail(env, CPHOST_RETRY);
  };
  run_and_stop();
}

TEST_F(PipeStopTest, while_a_sink_that_is_opened_never_answers) {
  pipe_.config.drain_timeout_ms = 50;
  pipe_.add_stream("a", "1111").endless = true;
  NeverAnswers server;
  pipe_.target.on_open = [&](const cphost_env*, const ArrowSchema&) -> Status {
    ask_to_stop();
    server.wait();
    return std::nullopt;
  };
  run_and_stop();
  EXPECT_EQ(pipe_.counts().dropped, 4);
}

TEST_F(PipeStopTest, while_a_stream_is_revoked) {
  pipe_.add_stream("a", repeated("1", 16)).endless = true;
  pipe_.add_stream("b", repeated("1", 16)).endless = true;
  bool done = false;
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events& events) -> Status {
    if (done || reader.delivered() < 16) return std::nullopt;
    done = true;
    reader.revoke(events, reader.held.begin()->second, 60'000);
    ask_to_stop();
    return CPHOST_OK;
  };
  run_and_stop();
  EXPECT_EQ(pipe_.counts().dropped, 0);
}

}  // namespace
}  // namespace cphost::host
