// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/pipe.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "host/exit_code.hpp"
#include "host/pipe/testing/arrays.hpp"
#include "host/pipe/testing/pipe_run.hpp"
#include "host/pipe/testing/scripted.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::FakeSource;
using testing::PipeRun;

using Clock = std::chrono::steady_clock;
using testing::kNever;
using testing::ms_since;
using testing::repeated;

TEST(PipeTest, writes_rejects_and_filters_every_record_once) {
  PipeRun pipe;
  pipe.add_stream("a", "1120x3b1s0");
  pipe.add_stream("b", "11111");
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitDone) << outcome.reason;
  EXPECT_FALSE(outcome.stopped);
  EXPECT_EQ(pipe.mistakes(), "");
  EXPECT_EQ(pipe.counts().in, 15);
  EXPECT_EQ(pipe.counts().inserted, 10);
  EXPECT_EQ(pipe.counts().rejected, 3);
  EXPECT_EQ(pipe.counts().filtered, 2);
  EXPECT_EQ(pipe.counts().rows, 13);
}

TEST(PipeTest, a_source_without_streams_is_done) {
  PipeRun pipe;
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTest, a_sink_that_takes_any_rows_needs_no_target) {
  PipeRun pipe;
  FakeSink any("any_rows");
  pipe.config.sink = any.stage();
  pipe.add_stream("a", "1x2");
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(any.durable_rows(), 3u);
  EXPECT_EQ(pipe.problems(), "");
}

TEST(PipeTest, the_last_block_of_a_bounded_run_does_not_wait_to_be_full) {
  PipeRun pipe;
  pipe.config.block.wait_max_ms = kNever;
  pipe.config.commit_interval_ms = kNever;
  pipe.add_stream("a", "11x1");
  const auto begin = Clock::now();
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_LT(ms_since(begin), 5000);
}

TEST(PipeTest, streams_may_end_one_by_one) {
  PipeRun pipe;
  pipe.source.batch_records = 1;
  for (int i = 1; i <= 6; ++i) pipe.add_stream("s" + std::to_string(i), repeated("1", 5 * i));
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTest, done_ends_streams_that_the_source_did_not_end) {
  PipeRun pipe;
  pipe.add_stream("a", "111").endless = true;
  pipe.source.on_poll = [](FakeSource::Reader& reader,
                           const cphost_events& events) -> std::optional<int32_t> {
    if (reader.held.empty()) return std::nullopt;
    auto& stream = reader.held.begin()->second;
    return reader.deliver(events, stream, 8) || !stream.sought ? CPHOST_OK : CPHOST_DONE;
  };
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTest, several_workers_share_the_streams) {
  PipeRun pipe;
  pipe.config.workers = 3;
  pipe.config.writers = 2;
  for (int i = 0; i < 7; ++i) pipe.add_stream("s" + std::to_string(i), repeated("1x20b", 20));
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.source.opens, 3);
}

TEST(PipeTest, a_restart_goes_on_behind_the_committed_position) {
  PipeRun pipe;
  pipe.add_stream("a", repeated("1", 10));
  pipe.source.set_committed("a", "4");
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_EQ(pipe.counts().in, 6);
  EXPECT_EQ(pipe.target.durable("a", 4), 0);
  EXPECT_EQ(pipe.target.durable("a", 5), 1);
}

TEST(PipeTest, without_a_commit_the_journal_keeps_positions) {
  PipeRun pipe({.commit = false, .pause = true});
  pipe.add_stream("a", "11x1");
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.counts().in, 4);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.counts().in, 0);
}

TEST(PipeTest, a_commit_that_is_unsupported_leaves_positions_to_the_journal) {
  PipeRun pipe;
  pipe.source.keeps_positions = false;
  pipe.config.workers = 2;
  pipe.add_stream("a", "111");
  pipe.add_stream("b", "11");
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.counts().in, 5);
  EXPECT_EQ(pipe.run_to_done(), "");
  EXPECT_EQ(pipe.counts().in, 0);
}

TEST(PipeTest, a_reject_stops_the_pipe_without_an_error_table) {
  for (const char* fates : {"111x1", "111b1", "111s1"}) {
    PipeRun pipe;
    pipe.config.errors.enabled = false;
    pipe.source.batch_records = 1;
    pipe.add_stream("a", fates);
    const Outcome outcome = pipe.run();
    EXPECT_EQ(outcome.exit_code, kExitConfig) << fates;
    EXPECT_NE(outcome.reason.find("errors = false"), std::string::npos) << outcome.reason;
    EXPECT_LT(pipe.source.committed("a"), "4") << fates;
    EXPECT_EQ(pipe.target.durable("a", 4), 0);
    EXPECT_EQ(pipe.problems(), "");
  }
}

// A pipe that stops for one bad record is restarted by its supervisor again and again.
TEST(PipeTest, a_failure_commits_what_was_written_so_that_restarts_do_not_write_it_again) {
  PipeRun pipe;
  pipe.config.errors.enabled = false;
  pipe.config.commit_interval_ms = kNever;
  pipe.config.block.wait_max_ms = 0;
  pipe.source.batch_records = 1;
  pipe.add_stream("a", "111x");
  pipe.source.on_poll = [&](FakeSource::Reader& reader,
                            const cphost_events&) -> std::optional<int32_t> {
    // The bad record comes only when the others are durable.
    if (reader.delivered() < 3) return std::nullopt;
    if (pipe.target.durable_rows() == 3) return std::nullopt;
    return CPHOST_AGAIN;
  };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(pipe.run().exit_code, kExitConfig);
  EXPECT_EQ(pipe.source.committed("a"), "3");
  EXPECT_EQ(pipe.target.doubled_rows(), 0u);
}

/// Runs the pipe with so many streams of so many records. Returns the most memory that was in use
/// when a block was written.
int64_t peak_memory(PipeRun& pipe, int streams, int records) {
  std::atomic<int64_t> peak{0};
  pipe.target.on_write = [&](FakeSink::Write&) -> std::optional<int32_t> {
    peak = std::max<int64_t>(peak, pipe.counters().memory);
    return std::nullopt;
  };
  for (int i = 0; i < streams; ++i)
    pipe.add_stream("s" + std::to_string(i), repeated("1", records));
  EXPECT_EQ(pipe.run_to_done(), "");
  return peak;
}

class HoldTest : public ::testing::TestWithParam<bool> {
 protected:
  PipeRun pipe_{{.commit = true, .pause = GetParam()}};
};
INSTANTIATE_TEST_SUITE_P(WithAndWithoutPause, HoldTest, ::testing::Bool());

TEST_P(HoldTest, a_spent_budget_holds_the_source_and_seals_the_open_block) {
  pipe_.config.memory_bytes = 64 << 10;  // a few batches of 4 KiB and more
  pipe_.config.block.wait_max_ms = kNever;
  EXPECT_LT(peak_memory(pipe_, 4, 300), 128 << 10);
}

TEST_P(HoldTest, a_record_larger_than_the_budget_passes) {
  pipe_.config.memory_bytes = 64 << 10;
  pipe_.config.block.wait_max_ms = kNever;
  auto& stream = pipe_.add_stream("a", "1111111");
  stream.records[3].value += std::string(1 << 20, ' ');
  EXPECT_EQ(pipe_.run_to_done(), "");
}

TEST_P(HoldTest, rejects_that_fill_the_budget_do_not_block_the_pipe) {
  pipe_.config.memory_bytes = 64 << 10;
  pipe_.add_stream("a", repeated("xbs1", 100));
  EXPECT_EQ(pipe_.run_to_done(), "");
}

TEST_P(HoldTest, a_queue_behind_a_slow_sink_holds_the_source) {
  pipe_.config.block.rows_max = 8;
  std::atomic<int64_t> most{0};
  pipe_.target.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    w.wait_for_interrupt(2);
    most = std::max<int64_t>(most, pipe_.counters().in - pipe_.counters().inserted);
    return std::nullopt;
  };
  for (int i = 0; i < 2; ++i) pipe_.add_stream("s" + std::to_string(i), repeated("1", 200));
  EXPECT_EQ(pipe_.run_to_done(), "");
  EXPECT_LE(most, 64);
}

TEST(PipeTest, a_pause_that_is_unsupported_makes_the_host_poll_less) {
  PipeRun pipe;
  pipe.config.memory_bytes = 64 << 10;
  pipe.config.block.wait_max_ms = kNever;
  pipe.source.on_pause = testing::failing(CPHOST_UNSUPPORTED);
  EXPECT_LT(peak_memory(pipe, 2, 400), 128 << 10);
}

// A crash after rows were written and before the start is committed would resolve it anew, behind
// records that were read and not written.
TEST(PipeTest, a_resolved_start_is_committed_before_a_row_is_written) {
  PipeRun pipe;
  pipe.config.block.rows_max = 1;
  pipe.add_stream("a", repeated("1", 20), 101).resolves_start = true;
  pipe.source.on_commit = testing::failing_first(5, CPHOST_RETRY);
  bool early = false;
  std::string first;
  pipe.source.on_committed = [&](const auto&, const std::string& position) {
    if (first.empty()) first = position;
  };
  pipe.target.on_write = [&](FakeSink::Write&) -> std::optional<int32_t> {
    early |= pipe.source.committed("a").empty();
    return std::nullopt;
  };
  EXPECT_EQ(pipe.run().exit_code, kExitDone);
  EXPECT_FALSE(early);
  EXPECT_EQ(first, "100");
  EXPECT_EQ(pipe.mistakes(), "");
}

TEST(PipeTest, a_format_that_misbehaves_stops_the_pipe_and_loses_nothing) {
  PipeRun pipe;
  pipe.add_stream("a", "111");
  pipe.format.on_decode = [](const cphost_env*, const ArrowArray&, const cphost_rows& out) {
    UniqueArray rows = testing::struct_array({});
    ArrowArray moved = rows.move_out();
    moved.length = 2;
    out.rows(out.ctx, &moved, nullptr);
    return CPHOST_OK;
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitInternal);
  EXPECT_NE(outcome.reason.find("misbehaves"), std::string::npos) << outcome.reason;
  EXPECT_EQ(pipe.source.committed("a"), "");
  EXPECT_EQ(pipe.problems(), "");
  pipe.format.on_decode = nullptr;
  EXPECT_EQ(pipe.run_to_done(), "");
}

TEST(PipeTest, a_batch_that_has_not_the_columns_of_its_schema_stops_the_pipe) {
  PipeRun pipe;
  pipe.add_stream("a", "111");
  pipe.source.on_poll = [](FakeSource::Reader& reader,
                           const cphost_events& events) -> std::optional<int32_t> {
    if (reader.held.empty()) return std::nullopt;
    UniqueArray narrow = testing::struct_array({testing::fixed_column<int64_t>({1, 2})});
    ArrowArray moved = narrow.move_out();
    events.records(events.ctx, reader.held.begin()->first, &moved);
    return CPHOST_OK;
  };
  const Outcome outcome = pipe.run();
  EXPECT_EQ(outcome.exit_code, kExitInternal);
  EXPECT_NE(outcome.reason.find("misbehaves"), std::string::npos) << outcome.reason;
}

TEST(PipeTest, a_worker_that_fails_stops_the_others) {
  PipeRun pipe;
  pipe.config.workers = 3;
  pipe.config.block.rows_max = 8;
  for (int i = 0; i < 6; ++i)
    pipe.add_stream("s" + std::to_string(i), repeated("1", 50)).endless = true;
  std::atomic<int> batches{0};
  pipe.target.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    if (++batches == 5) return w.answer(CPHOST_FATAL);
    return std::nullopt;
  };
  const auto begin = Clock::now();
  EXPECT_EQ(pipe.run().exit_code, kExitInternal);
  EXPECT_LT(ms_since(begin), 5000);
  EXPECT_EQ(pipe.problems(), "");
}

}  // namespace
}  // namespace cphost::host
