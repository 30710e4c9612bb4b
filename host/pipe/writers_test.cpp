// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/writers.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <ctime>
#include <future>
#include <random>
#include <set>

#include "host/pipe/testing/batches.hpp"
#include "host/pipe/testing/fake_sink.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::fixed_column;

using Clock = std::chrono::steady_clock;

int64_t ms_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

/// Blocks whose rows are FakeSink's: record r of batch b is at position 1000 b + r.
class WritersTest : public ::testing::Test {
 protected:
  WritersTest() {
    schema_ = Schema{{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}}.to_arrow();
    config_.format.emplace();
    records_ = Schema{{"_value", "z"}, {"_seq", "l", {{"cphost.role", "position"}}}}.to_arrow();
    config_.columns_only = true;
    for (const char* name : {"stream", "pos", "i", "bad"}) {
      config_.columns.push_back({name, name, "", "", {}});
    }
    binding_ = std::make_unique<Binding>(config_, *records_.get(), schema_.get());
    binding_->complete(deep_copy(*schema_.get()));
  }

  void start(uint32_t threads = 1, int64_t retry_ms = 1) {
    const Writers::Settings settings{threads, 0, 1, retry_ms, retry_ms};
    writers_ =
        std::make_unique<Writers>(settings, sink_.component(), &sink_, nullptr, *schema_.get(),
                                  Log(LogLevel::kError, LogStyle::kText), retries_, [this] {
                                    std::lock_guard lock(mutex_);
                                    ++wakes_;
                                    woken_.notify_all();
                                  });
  }

  /// rows[r] rows of record r; a negative number: one of -rows[r] is bad.
  std::unique_ptr<Block> block(const std::vector<std::vector<int>>& batches,
                               const std::string& token = "t") {
    auto block = std::make_unique<Block>();
    for (const auto& rows : batches) block->add(span(rows));
    block->seal(token);
    return block;
  }

  std::shared_ptr<Span> span(const std::vector<int>& rows) {
    auto span = std::make_shared<Span>();
    std::vector<std::optional<std::string>> values(rows.size(), "v"), streams;
    std::vector<int64_t> seq(rows.size()), positions;
    std::vector<int32_t> numbers;
    std::vector<uint8_t> bad;
    std::vector<uint32_t> map;
    for (size_t r = 0; r < rows.size(); ++r) {
      for (int i = 0; i < std::abs(rows[r]); ++i) {
        streams.emplace_back("s");
        positions.push_back(1000 * batches_ + static_cast<int64_t>(r));
        numbers.push_back(i);
        bad.push_back(rows[r] < 0 && i == std::abs(rows[r]) / 2);
        map.push_back(static_cast<uint32_t>(r));
      }
    }
    ++batches_;
    UniqueArray records = testing::struct_array({testing::bytes_column(values), fixed_column(seq)});
    ArrowArray moved = records.move_out();
    span->batch = std::make_shared<RecordBatch>(*binding_, &moved, budget_);
    UniqueArray array =
        testing::struct_array({testing::bytes_column(streams), fixed_column(positions),
                               fixed_column(numbers), fixed_column(bad)});
    ArrowArray moved_rows = array.move_out();
    span->batch->take_rows(&moved_rows, map.data());
    span->batch->join(*binding_);
    span->end = static_cast<int64_t>(rows.size());
    span->with_rows = span->batch->records_with_rows(0, span->end);
    return span;
  }

  std::unique_ptr<Block> wait() {
    std::unique_lock lock(mutex_);
    std::unique_ptr<Block> block;
    woken_.wait_for(lock, std::chrono::seconds(20), [&] {
      block = writers_->take();
      return block != nullptr;
    });
    EXPECT_TRUE(block) << "no block came back";
    return block;
  }

  std::unique_ptr<Block> write(std::unique_ptr<Block> block) {
    writers_->put(std::move(block));
    return wait();
  }

  UniqueSchema schema_, records_;
  PipeConfig config_;
  std::unique_ptr<Binding> binding_;
  std::atomic<int64_t> memory_{0}, retries_{0};
  std::mutex mutex_;
  std::condition_variable woken_;
  int wakes_ = 0;
  MemoryBudget budget_{1 << 30, memory_};
  int64_t batches_ = 0;
  FakeSink sink_;
  std::unique_ptr<Writers> writers_;
};

TEST_F(WritersTest, a_block_comes_back_when_it_is_durable) {
  start();
  const auto done = write(block({{1, 2}, {3}}));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(done->rows_written, 6);
  EXPECT_EQ(done->inserts, 1);
  EXPECT_EQ(sink_.durable_rows(), 6u);
  EXPECT_EQ(writers_->in_flight(), 0u);
  writers_->stop();
  EXPECT_EQ(wakes_, 1);
}

TEST_F(WritersTest, an_outage_is_retried_with_the_same_token_and_rows) {
  std::vector<std::pair<std::string, uint32_t>> attempts;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    attempts.emplace_back(w.token(), w.block.attempt);
    if (w.block.attempt == 1) w.make_durable();  // and the answer is lost
    if (w.block.attempt < 3) return w.answer(CPHOST_RETRY);
    return std::nullopt;
  };
  start();
  const auto done = write(block({{1, 1}}));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(attempts.size(), 4u);
  for (uint32_t i = 0; i < attempts.size(); ++i) {
    EXPECT_EQ(attempts[i], std::pair(std::string("t"), i));
  }
  EXPECT_EQ(retries_, 3);
  EXPECT_EQ(sink_.durable_rows(), 2u);
  EXPECT_EQ(sink_.doubled_rows(), 0u);
}

TEST_F(WritersTest, a_sink_that_answers_again_has_taken_nothing) {
  int writes = 0;
  sink_.on_write = [&](FakeSink::Write&) -> std::optional<int32_t> {
    if (++writes < 3) return CPHOST_AGAIN;
    return std::nullopt;
  };
  start();
  const auto done = write(block({{1}}));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(sink_.durable_rows(), 1u);
}

TEST_F(WritersTest, an_unknown_status_is_a_bug_and_not_a_success) {
  for (const int32_t status : {CPHOST_DONE + 0, 77, -77}) {
    sink_.on_write = [&](FakeSink::Write&) -> std::optional<int32_t> { return status; };
    start();
    EXPECT_LT(write(block({{1}}))->status, 0) << status;
  }
}

TEST_F(WritersTest, named_rows_take_their_records_out_and_the_rest_keeps_the_token) {
  start();
  const auto done = write(block({{1, -3, 1}, {-1, 2}}));
  EXPECT_EQ(done->status, CPHOST_OK);
  ASSERT_EQ(done->refusals.size(), 2u);
  EXPECT_EQ(done->refusals[0].record, 1u);
  EXPECT_EQ(done->refusals[0].why->code, "FAKE_REFUSED");
  EXPECT_EQ(done->refusals[0].why->stage, Rejection::Stage::kSink);
  EXPECT_EQ(done->refusals[1].record, 0u);
  EXPECT_EQ(done->rows_written, 4);
  EXPECT_EQ(sink_.durable("s", 0), 1);
  EXPECT_EQ(sink_.durable("s", 1, 0), 0) << "a record goes whole";
  EXPECT_EQ(sink_.durable("s", 1001, 1), 1);
  EXPECT_EQ(sink_.blocks(), 1u);
}

TEST_F(WritersTest, rows_that_the_block_does_not_have_are_the_sinks_bug) {
  sink_.on_write = [](FakeSink::Write& w) -> std::optional<int32_t> {
    w.reject(-1);
    w.reject(5);
    return w.answer(CPHOST_REJECT);
  };
  start();
  const auto done = write(block({{1, 1}}));
  EXPECT_EQ(done->status, CPHOST_FATAL);
  EXPECT_EQ(done->failure.code, "MISBEHAVING");
}

TEST_F(WritersTest, a_block_that_is_refused_whole_has_one_reason_for_all) {
  sink_.name_at_most = 0;
  start();
  const auto done = write(block({std::vector<int>(300, -1), std::vector<int>(300, -1)}));
  ASSERT_EQ(done->refusals.size(), 600u);
  for (const auto& refusal : done->refusals) {
    EXPECT_EQ(refusal.why, done->refusals.front().why) << "a copy of the same";
    EXPECT_EQ(refusal.span->batch, refusal.batch);
  }
}

// Whatever the shape of the block: exactly the records that are bad are refused, all others are
// durable once. The sink names some of the bad rows or none.
TEST_F(WritersTest, halving_finds_exactly_the_bad_records) {
  std::mt19937 random(11);
  start();
  for (int round = 0; round < 150; ++round) {
    sink_.name_at_most = static_cast<int>(random() % 3);
    std::vector<std::vector<int>> batches(1 + random() % 5);
    std::set<int64_t> bad;
    int64_t good_rows = 0;
    const int64_t first = batches_;
    for (size_t b = 0; b < batches.size(); ++b) {
      batches[b].resize(1 + random() % 6);
      for (size_t r = 0; r < batches[b].size(); ++r) {
        int& rows = batches[b][r];
        rows = static_cast<int>(1 + random() % 4);
        if (random() % 5 == 0) {
          bad.insert(1000 * (first + static_cast<int64_t>(b)) + static_cast<int64_t>(r));
          rows = -rows;
        } else {
          good_rows += rows;
        }
      }
    }
    const size_t before = sink_.durable_rows();
    auto made = block(batches, "t" + std::to_string(round));
    std::map<const RecordBatch*, int64_t> number;
    for (const auto& share : made->shares)
      number.emplace(share.span->batch.get(), first + static_cast<int64_t>(number.size()));
    const auto done = write(std::move(made));
    ASSERT_EQ(done->status, CPHOST_OK);
    std::set<int64_t> refused;
    for (const auto& refusal : done->refusals) {
      EXPECT_TRUE(refused.insert(1000 * number.at(refusal.batch.get()) + refusal.record).second);
    }
    EXPECT_EQ(refused, bad) << "round " << round;
    EXPECT_EQ(done->rows_written, good_rows);
    EXPECT_EQ(sink_.durable_rows() - before, static_cast<size_t>(good_rows));
  }
  EXPECT_EQ(sink_.doubled_rows(), 0u);
  EXPECT_TRUE(sink_.problems().empty());
}

// In CPU time, whatever else the machine does: 8 times the rows take 8 times as long, or 64.
TEST_F(WritersTest, many_named_rows_do_not_take_quadratic_time) {
  start();
  sink_.name_at_most = 1'000'000;
  const auto cpu_of = [this](size_t n) {
    std::vector<int> rows(n, 1);
    for (size_t i = 0; i < rows.size(); i += 2) rows[i] = -1;
    auto made = block({rows}, "t" + std::to_string(n));
    const std::clock_t begin = std::clock();
    const auto done = write(std::move(made));
    EXPECT_EQ(done->refusals.size(), n / 2);
    return static_cast<double>(std::clock() - begin);
  };
  const double few = cpu_of(25'000);
  EXPECT_LT(cpu_of(200'000), 24 * few);
}

TEST_F(WritersTest, rows_of_a_dropped_span_are_left_out_while_no_outcome_is_unknown) {
  for (const int32_t status : {CPHOST_AGAIN + 0, CPHOST_RETRY + 0}) {
    const int64_t first = 1000 * batches_;
    auto made = block({{1, 1}, {1}}, "t" + std::to_string(status));
    const auto dropped = made->shares.front().span;
    sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
      if (w.block.attempt > 0) return std::nullopt;
      dropped->dropped = true;
      return w.answer(status);
    };
    start();
    const auto done = write(std::move(made));
    EXPECT_EQ(done->status, CPHOST_OK);
    const bool unknown = status == CPHOST_RETRY;
    EXPECT_EQ(done->rows_written, unknown ? 3 : 1);
    EXPECT_EQ(sink_.durable("s", first), unknown);
    EXPECT_EQ(sink_.durable("s", first + 1000), 1);
  }
}

TEST_F(WritersTest, a_block_of_which_all_is_dropped_is_not_sent_again) {
  auto made = block({{1, 1}, {1}});
  sink_.on_write = [&, shares = made->shares](FakeSink::Write& w) -> std::optional<int32_t> {
    for (const auto& share : shares) share.span->dropped = true;
    return w.answer(CPHOST_RETRY);
  };
  start();
  const auto done = write(std::move(made));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(done->inserts, 0);
  EXPECT_EQ(sink_.writes(), 1);
}

TEST_F(WritersTest, a_block_that_comes_back_holds_what_is_left_under_its_own_token) {
  sink_.name_at_most = 0;
  bool away = true;
  std::vector<std::string> tokens;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    tokens.push_back(w.token());
    if (away && w.token() == "t/1") return w.answer(CPHOST_REOPEN);
    return std::nullopt;
  };
  start();
  auto back = write(block({{1, 1, 1, -1}}));
  EXPECT_EQ(back->status, CPHOST_REOPEN);
  EXPECT_EQ(back->rows_written, 2);
  ASSERT_EQ(back->pieces.size(), 1u);
  EXPECT_EQ(back->pieces[0].token, "t/1");
  EXPECT_EQ(row_count(back->pieces[0].parts), 2);
  away = false;
  const auto done = write(std::move(back));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(done->refusals.size(), 1u);
  EXPECT_EQ(tokens, (std::vector<std::string>{"t", "t/0", "t/1", "t/1", "t/1/0", "t/1/1"}));
  EXPECT_EQ(sink_.durable_rows(), 3u);
  EXPECT_EQ(sink_.doubled_rows(), 0u);
}

// Named rows are taken out, the answer for the rest is lost, and the writers stop: the rest must
// come back under the token that the sink has seen for it.
TEST_F(WritersTest, a_lost_answer_before_a_stop_is_not_written_again_under_another_token) {
  std::promise<void> lost;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    if (w.block.attempt == 0 || w.rows.size() == 3) return std::nullopt;
    w.make_durable();
    if (w.block.attempt == 1) lost.set_value();
    return w.answer(CPHOST_RETRY);
  };
  start(1, 60'000);
  writers_->put(block({{1, -1, 1}}));
  lost.get_future().wait();
  writers_->stop();
  auto back = wait();
  EXPECT_EQ(back->status, CPHOST_AGAIN);
  sink_.on_write = nullptr;
  start();
  const auto done = write(std::move(back));
  EXPECT_EQ(done->status, CPHOST_OK);
  EXPECT_EQ(done->refusals.size(), 1u);
  EXPECT_EQ(sink_.durable_rows(), 2u);
  EXPECT_EQ(sink_.doubled_rows(), 0u);
}

TEST_F(WritersTest, stops_promptly_while_a_block_waits_to_be_retried) {
  std::promise<void> refused;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    if (w.block.attempt == 0) refused.set_value();
    w.result.retry_after(w.result.ctx, 600'000);
    return w.answer(CPHOST_RETRY);
  };
  start();
  writers_->put(block({{1}}));
  writers_->put(block({{1}}, "u"));
  refused.get_future().wait();
  const auto begin = Clock::now();
  writers_->stop();
  EXPECT_LT(ms_since(begin), 5000);
  for (int i = 0; i < 2; ++i) {
    const auto back = wait();
    EXPECT_EQ(back->status, CPHOST_AGAIN);
    EXPECT_EQ(back->pieces.size(), 1u);
  }
  EXPECT_EQ(writers_->in_flight(), 0u);
}

TEST_F(WritersTest, stop_interrupts_a_write_that_hangs) {
  std::promise<void> begun;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    begun.set_value();
    w.wait_for_interrupt(600'000);
    return w.answer(CPHOST_RETRY);
  };
  start();
  writers_->put(block({{1}}));
  begun.get_future().wait();
  const auto begin = Clock::now();
  writers_->stop();
  EXPECT_LT(ms_since(begin), 5000);
  EXPECT_EQ(wait()->status, CPHOST_AGAIN);
}

TEST_F(WritersTest, stops_promptly_while_the_sink_cannot_be_opened) {
  std::promise<void> tried;
  bool first = true;
  sink_.on_open = [&](const cphost_env* env, const ArrowSchema&) -> std::optional<int32_t> {
    if (std::exchange(first, false)) tried.set_value();
    return testing::fail(env, CPHOST_RETRY);
  };
  start(1, 600'000);
  writers_->put(block({{1}}));
  tried.get_future().wait();
  const auto begin = Clock::now();
  writers_->stop();
  EXPECT_LT(ms_since(begin), 5000);
  EXPECT_EQ(wait()->status, CPHOST_AGAIN);
}

TEST_F(WritersTest, what_it_cannot_decide_comes_back) {
  for (const int32_t status : {CPHOST_REOPEN, CPHOST_CONFIG, CPHOST_FATAL, CPHOST_UNSUPPORTED}) {
    sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> { return w.answer(status); };
    start();
    const auto back = write(block({{1}}));
    EXPECT_EQ(back->status, status);
    EXPECT_EQ(back->failure.code, "SCRIPTED");
    EXPECT_EQ(back->pieces.size(), 1u);
  }
}

// One writer waits long before its retry; the other must take the next block meanwhile.
TEST_F(WritersTest, a_writer_that_waits_does_not_keep_blocks_from_the_others) {
  std::promise<void> waits;
  sink_.on_write = [&](FakeSink::Write& w) -> std::optional<int32_t> {
    if (w.token() != "slow") return std::nullopt;
    w.result.retry_after(w.result.ctx, 600'000);
    if (w.block.attempt == 0) waits.set_value();
    return w.answer(CPHOST_RETRY);
  };
  start(2);
  writers_->put(block({{1}}, "slow"));
  waits.get_future().wait();
  for (int i = 0; i < 50; ++i) {
    const auto begin = Clock::now();
    const auto done = write(block({{1}}, "quick" + std::to_string(i)));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->status, CPHOST_OK);
    ASSERT_LT(ms_since(begin), 3000);
  }
}

}  // namespace
}  // namespace cphost::host
