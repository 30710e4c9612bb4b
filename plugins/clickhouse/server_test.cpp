// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <cphost/abi.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "test_server.hpp"

namespace clickhouse {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

Failure failure_of_query(Server& server) {
  try {
    server.query("SELECT 1");
  } catch (const ServerError& e) {
    return e.failure;
  }
  return {CPHOST_OK, "", "", 0, std::nullopt};
}

TEST(Server, AllItsQuestionsTogetherHaveOneLimit) {
  std::atomic<bool> done{false};
  TestServer answers([&](const std::string&) -> std::string {
    if (answers.requests().size() == 1) return ok("1\n");
    while (!done) std::this_thread::yield();
    return "";
  });
  const auto begin = steady_clock::now();
  Server server(answers.options());
  server.ask_within(milliseconds(500));
  EXPECT_EQ(server.query("SELECT 1"), "1\n");
  const Failure slow = failure_of_query(server);
  EXPECT_EQ(slow.status, CPHOST_RETRY);
  EXPECT_STREQ(slow.code, "TIMEOUT");
  EXPECT_GE(steady_clock::now() - begin, milliseconds(400));
  const auto spent = steady_clock::now();
  EXPECT_EQ(failure_of_query(server).status, CPHOST_RETRY) << "no time is left";
  EXPECT_LT(steady_clock::now() - spent, milliseconds(400));
  done = true;
}

}  // namespace
}  // namespace clickhouse
