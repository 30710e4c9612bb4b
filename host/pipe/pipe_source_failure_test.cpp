// SPDX-License-Identifier: Apache-2.0
// What a source may do to a pipe: outages of each of its calls, streams that are revoked or lost.
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "host/exit_code.hpp"
#include "host/pipe/testing/pipe_run.hpp"
#include "host/pipe/testing/scripted.hpp"

namespace cphost::host {
namespace {

using testing::failing;
using testing::failing_first;
using testing::failing_for_ms;
using testing::FakeSink;
using testing::FakeSource;
using testing::kNever;
using testing::ms_since;
using testing::PipeRun;
using testing::repeated;

using Clock = std::chrono::steady_clock;
using Reader = FakeSource::Reader;
using Status = std::optional<int32_t>;

TEST(PipeSourceTest, an_outage_at_start_is_waited_out) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.source.on_open = failing_first(3, CPHOST_RETRY);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.source.opens, 4);
}

TEST(PipeSourceTest, an_outage_at_start_that_lasts_ends_the_pipe) {
  PipeRun pipe;
  pipe.config.start_timeout_ms = 20;
  pipe.source.on_open = [](const cphost_env* env) -> Status {
    return testing::fail(env, CPHOST_RETRY, "nobody answers");
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitUnreachable);
  EXPECT_NE(outcome.reason.find("nobody answers"), std::string::npos) << outcome.reason;
}

TEST(PipeSourceTest, a_wrong_configuration_ends_the_pipe_with_its_reason) {
  PipeRun pipe;
  pipe.source.on_open = [](const cphost_env* env) -> Status {
    return testing::fail(env, CPHOST_CONFIG, "wrong password");
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitConfig);
  EXPECT_NE(outcome.reason.find("wrong password"), std::string::npos) << outcome.reason;
}

TEST(PipeSourceTest, a_poll_that_fails_is_backed_off_and_not_hammered) {
  PipeRun pipe;
  pipe.config.retry_min_ms = pipe.config.retry_max_ms = 50;
  pipe.add_stream("a", "1111");
  int64_t failed = 0;
  const auto begin = Clock::now();
  pipe.source.on_poll = [&](Reader& reader, const cphost_events&) -> Status {
    if (ms_since(begin) > 400) return std::nullopt;
    ++failed;
    return reader.answer(CPHOST_RETRY);
  };
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_LT(failed, 100);
  EXPECT_EQ(pipe.counts().retries, failed);
}

TEST(PipeSourceTest, a_spent_reader_is_opened_again_when_what_it_read_is_committed) {
  PipeRun pipe;
  pipe.source.batch_records = 3;
  pipe.config.commit_interval_ms = kNever;
  pipe.config.block.wait_max_ms = kNever;
  pipe.add_stream("a", repeated("1x", 10));
  pipe.add_stream("b", repeated("1", 10));
  int polls = 0;
  pipe.source.on_poll = [&](Reader& reader, const cphost_events& events) -> Status {
    if (++polls != 4) return std::nullopt;
    reader.lose(events, reader.held.begin()->second);  // its release must not reach the next reader
    return reader.answer(CPHOST_REOPEN);
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.source.opens, 2);
  EXPECT_EQ(pipe.missing(), "");
  EXPECT_EQ(pipe.problems(), "");
  EXPECT_GT(pipe.counts().dropped, 0) << "of the stream that is lost";
}

// Blocks are in flight, and the first commits fail.
TEST(PipeSourceTest, a_spent_reader_doubles_nothing) {
  PipeRun pipe;
  pipe.source.batch_records = 4;
  pipe.config.writers = 2;
  pipe.config.block.rows_max = 4;
  pipe.config.commit_interval_ms = kNever;
  pipe.add_stream("a", repeated("1", 40));
  int polls = 0, failures = 3;
  pipe.source.on_poll = [&](Reader& reader, const cphost_events&) -> Status {
    if (++polls % 4 == 0) return reader.answer(CPHOST_REOPEN);
    return std::nullopt;
  };
  pipe.source.on_commit = [&](Reader& reader, cphost_commit*, uint32_t) -> Status {
    if (failures-- > 0) return reader.answer(CPHOST_RETRY);
    return std::nullopt;
  };
  pipe.target.on_write = [](FakeSink::Write& w) -> Status {
    w.wait_for_interrupt(2);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_GT(pipe.source.opens, 2);
  EXPECT_EQ(pipe.mistakes(), "");
}

TEST(PipeSourceTest, a_spent_reader_does_not_wait_longer_than_a_drain_for_its_blocks) {
  PipeRun pipe;
  pipe.config.drain_timeout_ms = 30;
  pipe.add_stream("a", repeated("1", 20));
  bool spent = false;
  pipe.source.on_poll = [&](Reader& reader, const cphost_events&) -> Status {
    if (spent || pipe.target.writes() == 0) return std::nullopt;
    spent = true;
    return reader.answer(CPHOST_REOPEN);
  };
  pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (pipe.source.opens < 2) return w.answer(CPHOST_AGAIN);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.missing() + pipe.problems(), "");
  EXPECT_GT(pipe.counts().dropped, 0);
}

/// Fails each reader, while `fails` says so, right after it gave a record of its last stream.
template <class F>
auto fail_after_a_record(PipeRun& pipe, F fails) {
  return [&pipe, fails, served = int64_t{0}](Reader& reader,
                                             const cphost_events& events) mutable -> Status {
    if (!fails()) return std::nullopt;
    if (reader.assign_free(events)) return CPHOST_OK;
    if (served == pipe.source.opens) return reader.answer(CPHOST_REOPEN);
    served = pipe.source.opens;
    reader.deliver(events, reader.held.rbegin()->second, 1);
    return CPHOST_OK;
  };
}

TEST(PipeSourceTest, a_stream_that_fails_each_reader_does_not_keep_the_others_from_getting_on) {
  PipeRun pipe;
  pipe.config.block.wait_max_ms = kNever;
  pipe.config.commit_interval_ms = kNever;
  pipe.add_stream("a", "11");
  pipe.add_stream("b", repeated("1", 20));
  std::string got_on;
  pipe.source.on_poll = fail_after_a_record(pipe, [&] {
    if (pipe.source.opens <= 8) return true;
    if (got_on.empty()) got_on = pipe.source.committed("b");
    return false;
  });
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(got_on, "8");
  EXPECT_EQ(pipe.mistakes(), "");
}

TEST(PipeSourceTest, a_reader_that_fails_after_each_success_is_not_opened_in_a_tight_loop) {
  PipeRun pipe;
  pipe.config.retry_min_ms = 2;
  pipe.config.retry_max_ms = kNever;
  pipe.add_stream("a", repeated("1", 200));
  const auto begin = Clock::now();
  pipe.source.on_poll = fail_after_a_record(pipe, [&] { return ms_since(begin) < 500; });
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.mistakes(), "");
  EXPECT_LT(pipe.source.opens, 30);
}

TEST(PipeSourceTest, a_reader_that_is_always_spent_is_not_opened_in_a_tight_loop) {
  PipeRun pipe;
  pipe.config.retry_min_ms = pipe.config.retry_max_ms = 50;
  pipe.add_stream("a", "11");
  pipe.source.on_poll = failing_for_ms(300, CPHOST_REOPEN);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_LT(pipe.source.opens, 100);
}

TEST(PipeSourceTest, a_seek_is_tried_again_after_an_outage) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.add_stream("b", "11");
  pipe.source.on_seek = failing_first(4, CPHOST_RETRY);
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeSourceTest, a_seek_that_finds_the_reader_spent_opens_another) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.source.on_seek = failing_first(1, CPHOST_REOPEN);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.source.opens, 2);
}

TEST(PipeSourceTest, a_position_that_is_gone_ends_the_pipe) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.source.on_seek = failing(CPHOST_CONFIG);
  EXPECT_EQ(pipe.run().exit_code, kExitConfig);
}

TEST(PipeSourceTest, a_stream_that_is_lost_before_its_seek_is_released_and_not_sought) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  bool first = true;
  pipe.source.on_poll = [&](Reader& reader, const cphost_events& events) -> Status {
    if (!std::exchange(first, false)) return std::nullopt;
    reader.assign(events, 0);
    reader.lose(events, reader.held.begin()->second);
    return CPHOST_OK;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.source.seeks, 1);
}

TEST(PipeSourceTest, a_commit_that_fails_is_tried_again_with_back_off_before_the_stream_is_let_go) {
  PipeRun pipe;
  pipe.config.retry_min_ms = pipe.config.retry_max_ms = 40;
  pipe.add_stream("a", "11");
  pipe.source.on_commit = failing_for_ms(300, CPHOST_RETRY);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_LT(pipe.source.commits, 100);
  EXPECT_LT(pipe.source.polls, 500) << "the loop must not spin meanwhile";
}

TEST(PipeSourceTest, a_commit_of_which_only_a_part_is_durable_is_completed) {
  for (const int32_t status : {CPHOST_RETRY + 0, CPHOST_OK + 0}) {
    PipeRun pipe;
    for (int i = 0; i < 4; ++i) pipe.add_stream("s" + std::to_string(i), "111");
    pipe.source.on_commit = [&](Reader& reader, cphost_commit* items, uint32_t n) -> Status {
      if (n < 2) return std::nullopt;
      for (uint32_t i = 0; i < n; i += 2) pipe.source.commit_item(reader, items[i]);
      return status < 0 ? reader.answer(status) : status;
    };
    EXPECT_EQ(pipe.run_to_done(), "");
  }
}

TEST(PipeSourceTest, a_commit_that_finds_the_reader_spent_opens_another) {
  PipeRun pipe;
  pipe.add_stream("a", "11");
  pipe.source.on_commit = failing_first(1, CPHOST_REOPEN);
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.source.opens, 2);
  EXPECT_EQ(pipe.problems(), "");
  EXPECT_TRUE(pipe.source.all_committed());
}

TEST(PipeSourceTest, a_commit_without_the_right_to_ends_the_pipe_before_it_wrote_anything) {
  PipeRun pipe;
  pipe.add_stream("a", "11", 5).resolves_start = true;
  pipe.source.on_commit = failing(CPHOST_CONFIG);
  EXPECT_EQ(pipe.run().exit_code, kExitConfig);
  EXPECT_EQ(pipe.target.durable_rows(), 0u);
}

/// Revokes the stream once, when so many of its records have come.
auto revoke_after(size_t records, uint32_t deadline_ms) {
  return [records, deadline_ms, done = false](Reader& reader,
                                              const cphost_events& events) mutable -> Status {
    if (done || reader.delivered() < records) return std::nullopt;
    done = true;
    reader.revoke(events, reader.held.begin()->second, deadline_ms);
    return CPHOST_OK;
  };
}

TEST(PipeSourceTest, a_revoked_stream_is_drained_and_committed_before_it_is_let_go) {
  PipeRun pipe;
  pipe.config.commit_interval_ms = kNever;
  pipe.config.block.wait_max_ms = kNever;
  pipe.add_stream("a", repeated("1xb0", 10));
  pipe.source.on_poll = revoke_after(16, 60'000);
  const auto begin = Clock::now();
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.source.seeks, 2);
  EXPECT_LT(ms_since(begin), 900) << "rejects must not wait for their block to be old";
}

TEST(PipeSourceTest, a_revoked_stream_is_kept_while_its_commit_can_still_succeed) {
  PipeRun pipe;
  pipe.config.commit_interval_ms = kNever;
  pipe.add_stream("a", repeated("1", 24));
  pipe.source.on_poll = revoke_after(16, 60'000);
  pipe.source.on_commit = failing_first(6, CPHOST_RETRY);
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeSourceTest, a_revoked_stream_is_let_go_at_its_deadline_whatever_is_open) {
  PipeRun pipe;
  pipe.add_stream("a", repeated("1", 24));
  pipe.source.on_poll = revoke_after(16, 30);
  bool first = true;
  pipe.target.on_write = [&](FakeSink::Write& w) -> Status {
    if (std::exchange(first, false)) w.wait_for_interrupt(300);
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.problems(), "");
  EXPECT_GT(pipe.counts().dropped, 0);
  EXPECT_TRUE(pipe.source.all_committed());
}

TEST(PipeSourceTest, a_lost_stream_leaves_the_open_block_and_the_others_stay) {
  PipeRun pipe;
  pipe.config.block.wait_max_ms = kNever;
  pipe.config.commit_interval_ms = kNever;
  pipe.add_stream("a", "11111111");
  pipe.add_stream("b", "11111111");
  bool done = false;
  pipe.source.on_poll = [&](Reader& reader, const cphost_events& events) -> Status {
    if (done || reader.delivered() < 8) return std::nullopt;
    done = true;
    reader.lose(events, reader.held.begin()->second);
    return CPHOST_OK;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.missing(), "") << "its rows were not sent, so they are not doubled";
  EXPECT_EQ(pipe.problems(), "");
  EXPECT_EQ(pipe.counts().dropped, 8);
}

}  // namespace
}  // namespace cphost::host
