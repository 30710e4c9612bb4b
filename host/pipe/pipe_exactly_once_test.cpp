// SPDX-License-Identifier: Apache-2.0
// Exactly-once delivery over two runs of a pipe: the first one dies with blocks under way whose
// fate nobody knows, the second finds the note that it left. pipe_random_test.cpp has all the rest.
#include <gtest/gtest.h>

#include <atomic>

#include "host/exit_code.hpp"
#include "host/pipe/note.hpp"
#include "host/pipe/testing/pipe_run.hpp"
#include "host/pipe/testing/scripted.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::PipeRun;
using testing::repeated;

using Status = std::optional<int32_t>;

class PipeExactlyOnceTest : public ::testing::Test {
 protected:
  PipeExactlyOnceTest() {
    pipe_.config.delivery = Delivery::kExactlyOnce;
    pipe_.config.block.rows_max = 10;
    pipe_.add_stream("a", repeated("1x11", 25));
  }

  /// Dies with its third block, which may be durable although nobody was told.
  void die_with_a_block(bool durable) {
    int writes = 0;
    pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
      if (++writes < 3) return std::nullopt;
      if (writes == 3 && durable) w.make_durable();
      return w.answer(CPHOST_HALT);
    };
    EXPECT_EQ(pipe_.run().exit_code, kExitConfig);
    pipe_.target.on_write = nullptr;
    pending_ = parse_note(pipe_.source.note("a"));
    ASSERT_FALSE(pending_.ranges.empty());
  }

  /// The next run goes on; what was pending comes first and under the tokens of the note.
  void expect_replay() {
    std::vector<std::string> tokens;
    pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
      tokens.push_back(w.token());
      return std::nullopt;
    };
    EXPECT_EQ(pipe_.run_to_done(), "");
    const NotedRange& first = pending_.ranges.front();
    ASSERT_FALSE(tokens.empty());
    EXPECT_EQ(tokens.front(), "cp1:test:a:" + first.last + ":" + first.salt);
  }

  std::string reason_of_the_stop() {
    const Outcome outcome = pipe_.run();
    EXPECT_EQ(outcome.exit_code, kExitConfig);
    return outcome.reason;
  }

  PipeRun pipe_;
  Note pending_;
};

TEST_F(PipeExactlyOnceTest, a_block_that_was_written_is_not_written_again) {
  die_with_a_block(true);
  expect_replay();
}

TEST_F(PipeExactlyOnceTest, a_block_that_was_not_written_is) {
  die_with_a_block(false);
  expect_replay();
}

// No limit of blocks seals a range that comes again.
TEST_F(PipeExactlyOnceTest, smaller_limits_do_not_cut_what_is_pending) {
  die_with_a_block(true);
  pipe_.config.block.rows_max = 1;
  pipe_.source.batch_records = 3;
  expect_replay();
}

// The last record of a pending range may be gone by then, and others of it.
TEST_F(PipeExactlyOnceTest, what_compaction_took_does_not_keep_a_range_open) {
  die_with_a_block(false);
  auto& records = pipe_.source.streams.front().records;
  const int64_t last = std::stoll(pending_.ranges.back().last);  // of one that was not written
  std::erase_if(records, [&](const auto& record) { return record.position == last; });
  expect_replay();
}

TEST_F(PipeExactlyOnceTest, a_damaged_note_stops_the_pipe) {
  die_with_a_block(true);
  std::string note = pipe_.source.note("a");
  note[5] ^= 1;
  pipe_.source.set_note("a", note);
  EXPECT_NE(reason_of_the_stop().find("does not match its checksum"), std::string::npos);
}

TEST_F(PipeExactlyOnceTest, another_pipe_file_does_not_replay_blindly) {
  die_with_a_block(true);
  pipe_.target.set_target(
      {{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}, {"_offset", "l"}});
  const std::string reason = reason_of_the_stop();
  EXPECT_NE(reason.find("another pipe file, table or program"), std::string::npos) << reason;
  EXPECT_NE(reason.find("on_window_expiry = \"skip\""), std::string::npos) << reason;
  pipe_.config.on_window_expiry = WindowExpiry::kReplay;
  expect_replay();
}

TEST_F(PipeExactlyOnceTest, an_old_note_waits_for_its_user) {
  die_with_a_block(true);
  pipe_.config.dedup_window_ms = 0;
  const std::string reason = reason_of_the_stop();
  EXPECT_NE(reason.find("longer than dedup_window"), std::string::npos) << reason;
  pipe_.config.on_window_expiry = WindowExpiry::kSkip;
  std::vector<std::string> tokens;
  pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
    tokens.push_back(w.token());
    return std::nullopt;
  };
  EXPECT_EQ(pipe_.run().exit_code, kExitDone);
  for (const NotedRange& range : pending_.ranges) {
    for (const std::string& token : tokens) EXPECT_FALSE(token.ends_with(range.salt)) << token;
  }
  EXPECT_TRUE(pipe_.source.all_committed());
}

TEST_F(PipeExactlyOnceTest, a_target_that_changes_under_an_unknown_block_stops_the_pipe) {
  int writes = 0;
  pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes == 3) return w.answer(CPHOST_RETRY);
    if (writes != 4) return std::nullopt;
    w.sink.set_target({{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}});
    return w.answer(CPHOST_REOPEN);
  };
  const std::string reason = reason_of_the_stop();
  EXPECT_NE(reason.find("it is not known whether a block"), std::string::npos) << reason;
}

TEST_F(PipeExactlyOnceTest, a_target_that_changes_gets_what_was_not_written_decoded_again) {
  int writes = 0;
  pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes != 4) return std::nullopt;
    w.sink.set_target({{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}, {"_offset", "l"}});
    return w.answer(CPHOST_REOPEN);
  };
  EXPECT_EQ(pipe_.run_to_done(), "");
}

// What nobody can tell for so long, the target may have forgotten.
TEST_F(PipeExactlyOnceTest, a_block_that_is_unknown_for_too_long_stops_the_pipe) {
  pipe_.config.dedup_window_ms = 30;
  pipe_.target.on_write = [](FakeSink::Write& w) -> Status { return w.answer(CPHOST_RETRY); };
  const std::string reason = reason_of_the_stop();
  EXPECT_NE(reason.find("longer than dedup_window"), std::string::npos) << reason;
}

// An outage in which for certain nothing was taken may last as long as it likes.
TEST_F(PipeExactlyOnceTest, an_outage_may_outlast_the_window) {
  pipe_.config.dedup_window_ms = 30;
  pipe_.target.on_write = testing::failing_for_ms(200, CPHOST_AGAIN);
  EXPECT_EQ(pipe_.run_to_done(), "");
}

// A healthy write of another thread is not cut off, or nobody would know what became of it.
TEST_F(PipeExactlyOnceTest, a_target_that_changes_under_load_needs_nobody) {
  pipe_.config.writers = 3;
  std::atomic<int> writes = 0;
  pipe_.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (++writes != 4) {
      w.wait_for_interrupt(5);
      return std::nullopt;
    }
    w.sink.set_target({{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}, {"_offset", "l"}});
    return w.answer(CPHOST_REOPEN);
  };
  EXPECT_EQ(pipe_.run_to_done(), "");
}

// More bad records than a note has room for, while none of them can be got rid of.
TEST_F(PipeExactlyOnceTest, bad_records_wait_for_the_error_table_without_a_name) {
  pipe_.target.name_at_most = 0;
  pipe_.config.block.rows_max = 1'000;
  pipe_.add_stream("b", repeated("1b", 100));
  pipe_.errors.on_write = testing::failing_for_ms(300, CPHOST_RETRY);
  EXPECT_EQ(pipe_.run_to_done(), "");
}

TEST_F(PipeExactlyOnceTest, a_sink_that_cannot_check_is_refused) {
  pipe_.target.on_prepare = [](const cphost_env*, uint32_t flags) -> Status {
    return flags & CPHOST_EXACTLY_ONCE ? CPHOST_UNSUPPORTED : CPHOST_OK;
  };
  const std::string reason = reason_of_the_stop();
  EXPECT_NE(reason.find("can't tell a block that comes again"), std::string::npos) << reason;
}

// A record that the sink can't name is found by cutting the range, under tokens that are noted.
TEST_F(PipeExactlyOnceTest, a_bad_record_without_a_name_is_found) {
  pipe_.target.name_at_most = 0;
  pipe_.add_stream("b", "1111111b11111111bb11x1");
  EXPECT_EQ(pipe_.run_to_done(), "");
  EXPECT_EQ(pipe_.counts().rejected, 25 + 4);
}

}  // namespace
}  // namespace cphost::host
