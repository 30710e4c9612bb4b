// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <gtest/gtest.h>

#include <cphost/plugin.h>
#include <cphost/testing.hpp>

namespace numbers {
namespace {

using Kind = cphost::testing::EventLog::Kind;

class NumbersTest : public ::testing::Test {
 protected:
  // A reader whose streams were assigned and begin at `after`.
  Reader& open(const cphost::testing::GivenOptions& options, std::string_view after = {}) {
    shared_.emplace(cphost::testing::parse(kOptions, options), env_.env());
    reader_.emplace(*shared_, env_.env());
    EXPECT_EQ(reader_->poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
    for (const auto& event : log_.events()) reader_->seek(event.stream, after);
    log_.clear();
    return *reader_;
  }

  std::vector<int64_t> numbers_of(const cphost::testing::EventLog::Event& event) {
    const cphost::FixedColumn<int64_t> column(*event.records->children[0]);
    return {column.data(), column.data() + column.size()};
  }

  cphost::testing::TestEnv env_;
  cphost::testing::EventLog log_;
  std::optional<Shared> shared_;
  std::optional<Reader> reader_;
};

TEST_F(NumbersTest, DeliversAllNumbersThenEnds) {
  Reader& reader = open({{"first", "5"}, {"count", "3"}});
  EXPECT_EQ(reader.lag(), 3);
  ASSERT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
  ASSERT_EQ(log_.size(), 2u);
  EXPECT_EQ(numbers_of(log_[0]), (std::vector<int64_t>{5, 6, 7}));
  EXPECT_EQ(log_[1].kind, Kind::kEnded);
  EXPECT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::again);
  reader.release(log_[1].stream);
  EXPECT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::done);
}

TEST_F(NumbersTest, GoesOnBehindThePositionItIsGiven) {
  Reader& reader = open({{"count", "10"}}, "7");
  ASSERT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
  EXPECT_EQ(numbers_of(log_[0]), (std::vector<int64_t>{8, 9}));
}

TEST_F(NumbersTest, DealsNumbersOutToStreams) {
  Reader& reader = open({{"count", "5"}, {"streams", "2"}});
  ASSERT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
  ASSERT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
  EXPECT_EQ(numbers_of(log_[0]), (std::vector<int64_t>{0, 2, 4}));
  EXPECT_EQ(numbers_of(log_[2]), (std::vector<int64_t>{1, 3}));
}

TEST_F(NumbersTest, StopsABatchAtTheLimits) {
  Reader& reader = open({{"count", "10"}});
  ASSERT_EQ(reader.poll({4, 1 << 20, 0}, log_.out()), cphost::ok);
  ASSERT_EQ(reader.poll({100, 1, 0}, log_.out()), cphost::ok);
  EXPECT_EQ(numbers_of(log_[0]), (std::vector<int64_t>{0, 1, 2, 3}));
  EXPECT_EQ(numbers_of(log_[1]), (std::vector<int64_t>{4}));
}

TEST_F(NumbersTest, DeliversNothingWhilePausedAndLosesNothing) {
  Reader& reader = open({{"count", "2"}});
  reader.pause(0, true);
  EXPECT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::again);
  EXPECT_EQ(log_.size(), 0u);
  reader.pause(0, false);
  EXPECT_EQ(reader.poll({100, 1 << 20, 0}, log_.out()), cphost::ok);
  EXPECT_EQ(log_.record_count(), 2);
}

TEST_F(NumbersTest, InterruptEndsTheNextWaitAtOnce) {
  Reader& reader = open({{"count", "2"}});
  reader.pause(0, true);
  reader.interrupt();
  EXPECT_EQ(reader.poll({100, 1 << 20, 3'600'000}, log_.out()), cphost::again);
}

TEST_F(NumbersTest, RefusesOptionsThatDoNotFitEachOther) {
  EXPECT_THROW(open({{"first", "9223372036854775807"}, {"count", "1"}}), cphost::Error);
}

TEST(NumbersPlugin, ProvidesOneSourceAndSaysWhyAPositionIsBad) {
  const cphost_plugin& plugin = *cphost_plugin_v1();
  ASSERT_EQ(plugin.component_count, 1u);
  const cphost_component& component = *plugin.components[0];
  EXPECT_STREQ(component.name, "numbers");
  const auto& source = *static_cast<const cphost_source*>(component.table);

  const cphost::testing::OptionValues values(kOptions, {{"count", "1"}});
  cphost::testing::TestEnv env;
  void *shared = nullptr, *reader = nullptr;
  ASSERT_EQ(source.create(env.raw(), values.data(), &shared), CPHOST_OK);
  ASSERT_EQ(source.open(shared, env.raw(), &reader), CPHOST_OK);
  EXPECT_EQ(source.seek(reader, 0, cphost::str("x")), CPHOST_CONFIG);
  ASSERT_EQ(env.failures().size(), 1u);
  EXPECT_EQ(env.failures()[0].code, "POSITION");
  source.close(reader);
  source.destroy(shared);
}

}  // namespace
}  // namespace numbers
