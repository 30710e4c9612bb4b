// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/reject_meter.hpp"

#include <gtest/gtest.h>

#include "host/exit_code.hpp"
#include "host/pipe/testing/pipe_run.hpp"

namespace cphost::host {
namespace {

using testing::FakeSink;
using testing::PipeRun;
using testing::repeated;

bool stops(const RejectMeter& meter) {
  return !meter.verdict().empty();
}

TEST(RejectMeter, StopsAtAShareOfEnoughRecords) {
  RejectMeter meter(*parse_reject_limit("10%/1m"));
  meter.count(1'000, 99, 99, "why");
  EXPECT_FALSE(stops(meter)) << "too few to tell";
  meter.count(2'000, 901, 1, "why");
  EXPECT_FALSE(stops(meter)) << "a tenth is not more than a tenth";
  meter.count(3'000, 1, 1, "no such field");
  EXPECT_TRUE(stops(meter));
  EXPECT_NE(meter.verdict().find("101 records were rejected in 1m while 1001 were read"),
            std::string::npos)
      << meter.verdict();
  EXPECT_NE(meter.verdict().find("The last one: no such field"), std::string::npos);
}

TEST(RejectMeter, ForgetsWhatIsOlderThanItsWindow) {
  RejectMeter meter(*parse_reject_limit("100/1m"));
  for (int64_t second = 0; second < 600; ++second) {
    meter.count(1'000 * second, 1, 1, "why");
    ASSERT_FALSE(stops(meter)) << second;
  }
  meter.count(600'000, 0, 42, "why");
  EXPECT_TRUE(stops(meter));
}

TEST(RejectMeter, CountsRefusalsWithTheRecordsThatTheyAreOf) {
  RejectMeter meter(*parse_reject_limit("10%/1s"));
  meter.count(0, 10'000, 0, "");
  for (int i = 0; i < 150; ++i) meter.count(0, 0, 1, "told five seconds later, of that time");
  EXPECT_FALSE(stops(meter)) << "1.5 % of what was decoded then";
  meter.count(5'000, 1'000, 0, "");
  for (int i = 0; i < 1'000; ++i) meter.count(0, 0, 1, "told too late to be counted");
  EXPECT_FALSE(stops(meter));
  for (int i = 0; i < 101; ++i) meter.count(5'000, 0, 1, "why");
  EXPECT_TRUE(stops(meter));
}

TEST(RejectMeter, NeverStopsWithoutALimit) {
  RejectMeter meter(RejectLimit{});
  meter.count(0, 1'000'000, 1'000'000, "why");
  EXPECT_FALSE(stops(meter));
}

class StopAtTest : public ::testing::Test {
 protected:
  StopAtTest() {
    pipe_.config.block.rows_max = 50;
    pipe_.config.poll_records_max = 20;
    pipe_.config.errors.stop_at = *parse_reject_limit("10%/1m");
  }

  void expect_stop() {
    const Outcome outcome = pipe_.run();
    EXPECT_EQ(outcome.exit_code, kExitConfig);
    EXPECT_NE(outcome.reason.find("stop_at = \"10%/1m\""), std::string::npos) << outcome.reason;
    EXPECT_EQ(pipe_.problems(), "");
  }

  // It ended as at a stop: what was read is written, rejected and committed; the rest comes now.
  void expect_each_once_after_mending() {
    pipe_.config.errors.stop_at = {};
    const Outcome outcome = pipe_.run();
    EXPECT_EQ(outcome.exit_code, kExitDone) << outcome.reason;
    EXPECT_EQ(pipe_.problems(), "");
    EXPECT_EQ(pipe_.missing(), "");
  }

  PipeRun pipe_;
};

TEST_F(StopAtTest, stops_a_pipe_whose_format_rejects_too_much_and_loses_nothing) {
  pipe_.add_stream("a", repeated("1", 500) + repeated("x", 2'000));
  expect_stop();
  EXPECT_GE(pipe_.errors.durable_rows(), 100u);
  EXPECT_LE(pipe_.errors.durable_rows(), 200u);
  expect_each_once_after_mending();
}

TEST_F(StopAtTest, stops_a_pipe_whose_sink_refuses_too_much) {
  pipe_.add_stream("a", repeated("1", 200) + repeated("b", 2'000));
  expect_stop();
  expect_each_once_after_mending();
}

TEST_F(StopAtTest, lets_a_few_bad_records_pass) {
  pipe_.add_stream("a", repeated("1111111111111111111x", 100));
  EXPECT_EQ(pipe_.run_to_done(), "");
  EXPECT_EQ(pipe_.errors.durable_rows(), 100u);
}

TEST_F(StopAtTest, holds_for_exactly_once_delivery_too) {
  pipe_.config.delivery = Delivery::kExactlyOnce;
  pipe_.add_stream("a", repeated("1", 500) + repeated("x", 2'000));
  expect_stop();
  // The mend changes the table, and so what a block that were still open would be made of.
  pipe_.target.set_target(
      {{"stream", "z"}, {"pos", "l"}, {"i", "i"}, {"bad", "C"}, {"_held", "l"}, {"extra", "l"}});
  expect_each_once_after_mending();
}

}  // namespace
}  // namespace cphost::host
