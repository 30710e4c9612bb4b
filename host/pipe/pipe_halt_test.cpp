// SPDX-License-Identifier: Apache-2.0
// HALT stops a pipe for its user at any time, also where CONFIG would be waited out.
#include <gtest/gtest.h>

#include "host/exit_code.hpp"
#include "host/pipe/testing/pipe_run.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::FakeSource;
using testing::PipeRun;
using testing::repeated;

using Status = std::optional<int32_t>;

class PipeHaltTest : public ::testing::Test {
 protected:
  PipeHaltTest() {
    pipe_.config.block.rows_max = 4;
    pipe_.add_stream("a", repeated("111x", 10));
    pipe_.add_stream("b", repeated("1", 40));
  }

  void expect_halt() {
    const Outcome outcome = pipe_.run();
    EXPECT_EQ(outcome.exit_code, kExitConfig);
    EXPECT_NE(outcome.reason.find("harm"), std::string::npos) << outcome.reason;
    EXPECT_FALSE(outcome.stopped);
    EXPECT_EQ(pipe_.problems(), "");
  }
  static int32_t halt(const cphost_env* env) { return testing::fail(env, CPHOST_HALT, "harm"); }

  /// The target is lost with its third block.
  void lose_target(int32_t status) {
    pipe_.target.on_write = [this, status](FakeSink::Write& w) -> Status {
      if (++writes_ < 3) return std::nullopt;
      return status == CPHOST_HALT ? halt(w.env) : w.answer(status);
    };
  }

  PipeRun pipe_;
  int writes_ = 0;
};

TEST_F(PipeHaltTest, of_a_write_is_the_last_one_and_what_was_written_is_committed) {
  lose_target(CPHOST_HALT);
  expect_halt();
  EXPECT_EQ(writes_, 3);
  EXPECT_GT(pipe_.counts().blocks, 0);
  EXPECT_NE(pipe_.source.committed("b"), "");
}

TEST_F(PipeHaltTest, of_the_first_write) {
  pipe_.target.on_write = [](FakeSink::Write& w) -> Status { return halt(w.env); };
  expect_halt();
}

TEST_F(PipeHaltTest, of_a_target_that_is_described_again) {
  lose_target(CPHOST_REOPEN);
  pipe_.target.on_describe = [this](const cphost_env* env) -> Status {
    if (writes_ > 0) return halt(env);
    return std::nullopt;
  };
  expect_halt();
}

TEST_F(PipeHaltTest, of_a_format_that_is_opened_for_a_changed_target) {
  lose_target(CPHOST_REOPEN);
  pipe_.target.on_describe = [this](const cphost_env*) -> Status {
    if (writes_ > 0) pipe_.target.set_target({{"stream", "z"}, {"pos", "l"}});
    return std::nullopt;
  };
  pipe_.format.on_open = [](const cphost_env* env, const ArrowSchema* wanted) {
    return find(*wanted, "bad") < 0 ? halt(env) : CPHOST_OK + 0;
  };
  expect_halt();
}

TEST_F(PipeHaltTest, of_the_error_table) {
  pipe_.errors.on_write = [](FakeSink::Write& w) -> Status { return halt(w.env); };
  expect_halt();
}

TEST_F(PipeHaltTest, of_an_error_table_that_is_prepared_again) {
  bool lost = false;
  pipe_.errors.on_write = [&](FakeSink::Write& w) -> Status {
    lost = true;
    return w.answer(CPHOST_REOPEN);
  };
  pipe_.errors.on_prepare = [&](const cphost_env* env, uint32_t) -> Status {
    if (lost) return halt(env);
    return std::nullopt;
  };
  expect_halt();
}

TEST_F(PipeHaltTest, of_a_poll_and_of_a_commit_after_the_first_block) {
  pipe_.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events&) -> Status {
    if (pipe_.counters().blocks > 0) return halt(reader.env());
    return std::nullopt;
  };
  expect_halt();
  pipe_.source.on_poll = nullptr;
  pipe_.source.on_commit = [&](FakeSource::Reader& reader, cphost_commit*, uint32_t) -> Status {
    if (pipe_.counters().blocks > 0) return halt(reader.env());
    return std::nullopt;
  };
  expect_halt();
}

TEST_F(PipeHaltTest, of_a_pause) {
  pipe_.source.on_pause = [&](FakeSource::Reader& reader, FakeSource::Held&, bool) -> Status {
    return halt(reader.env());
  };
  pipe_.target.on_write = [](FakeSink::Write& w) -> Status { return w.answer(CPHOST_RETRY); };
  expect_halt();
}

}  // namespace
}  // namespace cphost::host
