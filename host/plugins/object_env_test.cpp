// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/object_env.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string_view>
#include <thread>

namespace cphost::host {
namespace {

cphost_str str(std::string_view text) {
  return {text.data(), text.size()};
}

class ObjectEnvTest : public testing::Test {
 protected:
  ObjectEnvTest() {
    component_.kind = "source";
    component_.name = "sample";
    component_.metrics = {{"bytes", "bytes", "Bytes.", 0, 0}, {"depth", "records", "Depth.", 1, 0}};
  }
  int pipe_[2] = {-1, -1};
  int unused_ = ::pipe(pipe_);
  Component component_;
  Log log_{LogLevel::kInfo, LogStyle::kText, pipe_[1]};
};

TEST_F(ObjectEnvTest, KeepsTheReasonOfAFailureUntilItIsTaken) {
  ObjectEnv env(component_, log_, 0, 1);
  EXPECT_EQ(env.raw()->fail(env.raw(), CPHOST_RETRY, "UNREACHABLE", str("no answer")),
            CPHOST_RETRY);
  const Failure failure = env.take_failure(CPHOST_RETRY);
  EXPECT_EQ(failure.status, CPHOST_RETRY);
  EXPECT_EQ(failure.code, "UNREACHABLE");
  EXPECT_EQ(failure.text, "no answer");
  EXPECT_EQ(env.take_failure(CPHOST_RETRY).code, "NOT_TOLD");
}

TEST_F(ObjectEnvTest, DoesNotMistakeAnotherObjectsOrThreadsFailure) {
  ObjectEnv a(component_, log_, 0, 1);
  ObjectEnv b(component_, log_, 0, 1);
  a.raw()->fail(a.raw(), CPHOST_RETRY, "A", str("a"));
  EXPECT_EQ(b.take_failure(CPHOST_RETRY).code, "NOT_TOLD");
  std::thread([&] { a.raw()->fail(a.raw(), CPHOST_RETRY, "A", str("a")); }).join();
  EXPECT_EQ(a.take_failure(CPHOST_RETRY).code, "NOT_TOLD");
}

TEST_F(ObjectEnvTest, AddsCountersAndSetsGauges) {
  const ObjectEnv env(component_, log_, 0, 1);
  for (int i = 0; i < 2; ++i) {
    env.raw()->metric(env.raw(), 0, 5);
    env.raw()->metric(env.raw(), 1, 5);
    env.raw()->metric(env.raw(), 2, 5);
  }
  EXPECT_EQ(env.metric(0), 10);
  EXPECT_EQ(env.metric(1), 5);
  EXPECT_EQ(env.metric(2), 0);
}

TEST_F(ObjectEnvTest, LogsWithPluginAndWorker) {
  const ObjectEnv env(component_, log_, 2, 8);
  env.raw()->log(env.raw(), CPHOST_LOG_WARNING, str("two\nlines"));
  char line[256] = {};
  ASSERT_GT(::read(pipe_[0], line, sizeof line - 1), 0);
  EXPECT_NE(std::string_view(line).find(" warning plugin=sample worker=2 two\\nlines\n"),
            std::string_view::npos);
}

TEST_F(ObjectEnvTest, OffersMemoryOnceItIsSet) {
  ObjectEnv env(component_, log_, 0, 1);
  EXPECT_EQ(env.raw()->extension(env.raw(), CPHOST_MEMORY_EXTENSION), nullptr);
  env.set_memory(1000);
  const auto* memory =
      static_cast<const cphost_memory*>(env.raw()->extension(env.raw(), CPHOST_MEMORY_EXTENSION));
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(memory->bytes, 1000);
  EXPECT_EQ(env.raw()->extension(env.raw(), "cphost.other/1"), nullptr);
}

TEST_F(ObjectEnvTest, TellsTime) {
  const ObjectEnv env(component_, log_, 0, 1);
  const int64_t first = env.raw()->now_ns(env.raw(), 1);
  EXPECT_LE(first, env.raw()->now_ns(env.raw(), 1));
  EXPECT_GT(env.raw()->now_ns(env.raw(), 0), int64_t{1'700'000'000} * 1'000'000'000);
}

}  // namespace
}  // namespace cphost::host
