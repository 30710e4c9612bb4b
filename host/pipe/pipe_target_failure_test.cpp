// SPDX-License-Identifier: Apache-2.0
// What a target and an error table may do to a pipe: outages, changed schemas, refused blocks.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "host/exit_code.hpp"
#include "host/pipe/testing/pipe_run.hpp"
#include "host/pipe/testing/scripted.hpp"

namespace cphost::host {
namespace {

using testing::failing;
using testing::failing_first;
using testing::FakeSink;
using testing::FakeSource;
using testing::kNever;
using testing::PipeRun;
using testing::repeated;

using Status = std::optional<int32_t>;

const std::vector<Field> kWider = {{"stream", "z"}, {"pos", "l"},   {"i", "i"},
                                   {"bad", "C"},    {"extra", "l"}, {"_offset", "l"}};

/// The target's columns have changed when the write of that number, from 1, comes to it.
auto changing_at_write(int number, std::vector<Field> columns = kWider) {
  return [number, columns = std::move(columns), writes = 0](FakeSink::Write& w) mutable -> Status {
    if (++writes != number) return std::nullopt;
    w.sink.set_target(columns);
    return w.answer(CPHOST_REOPEN);
  };
}

TEST(PipeTargetTest, a_target_that_is_not_there_yet_is_waited_for) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.target.on_describe = failing_first(3, CPHOST_RETRY);
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTargetTest, a_target_that_stays_unreachable_ends_the_pipe) {
  PipeRun pipe;
  pipe.config.start_timeout_ms = 20;
  pipe.target.on_describe = failing(CPHOST_RETRY);
  EXPECT_EQ(pipe.run().exit_code, kExitUnreachable);
}

TEST(PipeTargetTest, an_error_table_that_cannot_be_made_ends_the_pipe) {
  PipeRun pipe;
  pipe.errors.on_prepare = [](const cphost_env* env, uint32_t flags) -> Status {
    EXPECT_EQ(flags, uint32_t{CPHOST_ERROR_TABLE});
    return testing::fail(env, CPHOST_CONFIG, "no right to create it");
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitConfig);
  EXPECT_NE(outcome.reason.find("no right"), std::string::npos) << outcome.reason;
}

TEST(PipeTargetTest, the_same_target_after_a_reopen_gets_the_same_blocks) {
  PipeRun pipe;
  pipe.config.writers = 2;
  pipe.config.block.rows_max = 8;
  pipe.add_stream("a", repeated("12", 40));
  int writes = 0;
  pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes % 3 == 0) return w.answer(CPHOST_REOPEN);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTargetTest, a_changed_target_gets_what_was_not_written_decoded_again) {
  PipeRun pipe;
  pipe.config.writers = 2;
  pipe.config.block.rows_max = 8;
  pipe.add_stream("a", repeated("12x0b", 20));
  pipe.target.on_write = changing_at_write(4);
  EXPECT_EQ(pipe.run_to_done(), "");
}

// Half of a block is durable when the target changes: only the other half may be decoded again.
TEST(PipeTargetTest, records_that_were_written_before_the_target_changed_are_not_written_again) {
  for (const bool changes : {false, true}) {
    PipeRun pipe;
    pipe.config.block.wait_max_ms = kNever;
    pipe.source.batch_records = 5;
    pipe.add_stream("a", "11211b310x1211121");
    pipe.target.name_at_most = 0;
    bool first = true;
    pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
      if (!w.token().ends_with("/1") || !std::exchange(first, false)) return std::nullopt;
      EXPECT_GT(w.sink.durable_rows(), 0u);
      if (changes) w.sink.set_target(kWider);
      return w.answer(CPHOST_REOPEN);
    };
    EXPECT_EQ(pipe.run().exit_code, kExitDone);
    EXPECT_FALSE(first) << "the block was not halved";
    EXPECT_EQ(pipe.mistakes(), "") << changes;
    EXPECT_EQ(pipe.counts().inserted, 14);
    EXPECT_EQ(pipe.counts().rows, static_cast<int64_t>(pipe.target.durable_rows()));
  }
}

TEST(PipeTargetTest, a_change_that_cannot_be_bound_is_waited_out) {
  PipeRun pipe;
  pipe.config.columns.push_back({"i", "i", "", "", {"test.toml", 7}});
  pipe.add_stream("a", repeated("1", 40));
  pipe.config.block.rows_max = 8;
  // The column of the mapping is gone.
  pipe.target.on_write = changing_at_write(2, {{"stream", "z"}, {"pos", "l"}});
  int describes = 0;
  pipe.target.on_describe = [&](const cphost_env*) -> Status {
    if (++describes == 5) pipe.target.set_target(kWider);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTargetTest, a_change_that_the_format_cannot_fill_is_waited_out) {
  PipeRun pipe;
  pipe.add_stream("a", repeated("1", 40));
  pipe.config.block.rows_max = 8;
  pipe.target.on_write = changing_at_write(2);
  int failures = 3;
  pipe.format.on_open = [&](const cphost_env* env, const ArrowSchema* wanted) {
    if (find(*wanted, "extra") < 0 || failures-- <= 0) return CPHOST_OK + 0;
    return testing::fail(env, CPHOST_CONFIG);
  };
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTargetTest, a_configuration_error_of_the_first_block_ends_the_pipe) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.target.on_write = failing(CPHOST_CONFIG);
  EXPECT_EQ(pipe.run().exit_code, kExitConfig);
  EXPECT_EQ(pipe.source.committed("a"), "");
  EXPECT_EQ(pipe.problems(), "");
}

TEST(PipeTargetTest, a_right_that_is_taken_away_later_is_waited_for) {
  PipeRun pipe;
  pipe.config.block.rows_max = 4;
  pipe.add_stream("a", repeated("1", 40));
  int writes = 0;
  pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes > 2 && writes < 7) return w.answer(CPHOST_CONFIG);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_GE(pipe.counts().retries, 4);
}

TEST(PipeTargetTest, a_lost_answer_doubles_nothing) {
  PipeRun pipe;
  pipe.config.block.rows_max = 6;
  pipe.add_stream("a", repeated("1b2", 30));
  std::atomic<int> writes = 0;  // of two sinks, so of two threads
  const auto lose_some = [&](FakeSink::Write& w) -> Status {
    if (++writes % 3 != 0) return std::nullopt;
    for (const auto& row : w.rows) {
      if (row.bad) return std::nullopt;
    }
    w.make_durable();
    return w.answer(CPHOST_RETRY);
  };
  pipe.target.on_write = lose_some;
  pipe.errors.on_write = lose_some;
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTargetTest, the_watermark_waits_while_the_error_table_is_away) {
  PipeRun pipe;
  pipe.add_stream("a", "11x11");
  int writes = 0;
  std::string committed_meanwhile;
  pipe.errors.on_write = [&](FakeSink::Write& w) -> Status {
    committed_meanwhile = pipe.source.committed("a");
    ++writes;
    if (writes < 4) return w.answer(CPHOST_REOPEN);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_LT(committed_meanwhile, "3");
  EXPECT_EQ(pipe.counts().rejected, 1);
  EXPECT_EQ(pipe.counts().retries, 3);
}

TEST(PipeTargetTest, an_error_table_that_is_wrong_from_the_start_ends_the_pipe) {
  for (const bool prepare : {false, true}) {
    PipeRun pipe;
    pipe.add_stream("a", "11x11");
    bool written = false;
    pipe.errors.on_write = [&](FakeSink::Write& w) -> Status {
      written = true;
      return w.answer(prepare ? CPHOST_REOPEN : CPHOST_CONFIG);
    };
    pipe.errors.on_prepare = [&](const cphost_env* env, uint32_t) -> Status {
      if (prepare && written) return testing::fail(env, CPHOST_CONFIG);
      return std::nullopt;
    };
    const Outcome outcome = pipe.run();
    EXPECT_EQ(outcome.exit_code, kExitConfig);
    EXPECT_NE(outcome.reason.find("error table"), std::string::npos) << outcome.reason;
    EXPECT_LT(pipe.source.committed("a"), "3");
  }
}

TEST(PipeTargetTest, an_error_table_that_becomes_wrong_later_is_waited_for) {
  PipeRun pipe;
  pipe.source.batch_records = 3;
  pipe.add_stream("a", "11x11x");
  bool revoked = false;
  pipe.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events& events) -> Status {
    if (revoked || reader.held.empty() || reader.held.begin()->second.next < 3) return std::nullopt;
    revoked = true;  // so that the first reject is written by itself
    reader.revoke(events, reader.held.begin()->second, 60'000);
    return CPHOST_OK;
  };
  int writes = 0;
  pipe.errors.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes > 1 && writes < 5) return w.answer(CPHOST_CONFIG);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(writes, 5);
  EXPECT_EQ(pipe.counts().retries, 3);
}

TEST(PipeTargetTest, an_error_table_that_refuses_a_row_ends_the_pipe) {
  PipeRun pipe;
  pipe.add_stream("a", "11x11");
  pipe.errors.on_write = [](FakeSink::Write& w) -> Status {
    w.reject(0);
    return w.answer(CPHOST_REJECT);
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitConfig);
  EXPECT_NE(outcome.reason.find("error table refuses rows"), std::string::npos) << outcome.reason;
  EXPECT_LT(pipe.source.committed("a"), "3");
}

TEST(PipeTargetTest, a_lost_stream_of_a_block_that_waits_is_not_decoded_again) {
  PipeRun pipe;
  pipe.config.block.wait_max_ms = 0;
  pipe.add_stream("a", repeated("1", 8));
  pipe.add_stream("b", repeated("1", 8));
  bool away = true, lost = false;
  pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (!away) return std::nullopt;
    w.sink.set_target(kWider);
    return w.answer(CPHOST_REOPEN);
  };
  pipe.target.on_describe = [&](const cphost_env* env) -> Status {
    if (away && pipe.target.writes() > 0) return testing::fail(env, CPHOST_RETRY);
    return std::nullopt;
  };
  pipe.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events& events) -> Status {
    if (lost || pipe.target.writes() == 0) return std::nullopt;
    lost = true;
    away = false;
    reader.lose(events, reader.held.begin()->second);
    return CPHOST_OK;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.missing(), "");
  EXPECT_EQ(pipe.problems(), "");
}

// Both tables are away for certain while a stream is lost: what waits of it must not be written
// when they are back, because it comes again.
TEST(PipeTargetTest, a_lost_stream_leaves_the_blocks_that_wait_for_their_target) {
  for (const int32_t status : {CPHOST_AGAIN + 0, CPHOST_REOPEN + 0}) {
    PipeRun pipe;
    pipe.config.writers = 2;
    pipe.config.block.rows_max = 4;
    pipe.source.batch_records = 3;
    pipe.add_stream("a", repeated("11x1", 6));
    pipe.add_stream("b", repeated("11x1", 6));
    std::atomic<bool> away = true;
    const auto refuse = [&](FakeSink::Write& w) -> Status {
      return away ? Status(w.answer(status)) : std::nullopt;
    };
    pipe.target.on_write = refuse;
    pipe.errors.on_write = refuse;
    int64_t lost_at = -1;
    pipe.source.on_poll = [&](FakeSource::Reader& reader, const cphost_events& events) -> Status {
      const int64_t writes = std::min(pipe.target.writes(), pipe.errors.writes());
      if (lost_at < 0 && writes > 2) {
        reader.lose(events, reader.held.begin()->second);
        lost_at = writes;
        return CPHOST_OK;
      }
      // By then no write is under way that began before the loss.
      if (lost_at >= 0 && writes > lost_at + 4) away = false;
      return std::nullopt;
    };
    EXPECT_EQ(pipe.run().exit_code, kExitDone);
    EXPECT_EQ(pipe.missing() + pipe.problems(), "") << status;
    EXPECT_GT(pipe.counts().dropped, 0);
  }
}

}  // namespace
}  // namespace cphost::host
