// SPDX-License-Identifier: Apache-2.0
// Tests of the sink against the real engine: one child for a test suite, in a folder of its own.
// Skips where the engine's library has not been fetched, and where sanitizers break it: CPHOST_CHDB
// names a cphost-chdb of another build then.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "arrow_test_rows.hpp"
#include "sink.hpp"

namespace clickhouse {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kInstrumented = true;
#else
inline constexpr bool kInstrumented = false;
#endif

// What a host gives to objects, with an ear on what they say.
class TestEnv {
 public:
  TestEnv() {
    env_.struct_size = sizeof env_;
    env_.workers = 1;
    env_.ctx = this;
    env_.log = [](const cphost_env* e, uint32_t, cphost_str text) {
      self(e).log += std::string(cphost::view(text)) + "\n";
    };
    env_.fail = [](const cphost_env* e, int32_t status, const char* what, cphost_str text) {
      self(e).code = what;
      self(e).reason = cphost::view(text);
      return status;
    };
    env_.metric = [](const cphost_env* e, uint32_t index, int64_t value) {
      self(e).metrics[index] += value;
    };
    env_.now_ns = [](const cphost_env*, int32_t) { return int64_t{0}; };
    env_.extension = [](const cphost_env*, const char*) -> const void* { return nullptr; };
  }
  cphost::Env env() const { return cphost::Env(&env_); }

  std::string log, code, reason;
  std::map<uint32_t, int64_t> metrics;

 private:
  static TestEnv& self(const cphost_env* e) { return *static_cast<TestEnv*>(e->ctx); }
  cphost_env env_{};
};

struct TestResult {
  std::vector<int64_t> rows;
  std::vector<std::string> columns;
  uint32_t retry_after_ms = 0;
  cphost_result raw{};

  TestResult() {
    raw.struct_size = sizeof raw;
    raw.ctx = this;
    raw.reject = [](void* ctx, int64_t row, const char*, cphost_str column, cphost_str) {
      static_cast<TestResult*>(ctx)->rows.push_back(row);
      static_cast<TestResult*>(ctx)->columns.emplace_back(cphost::view(column));
    };
    raw.retry_after = [](void* ctx, uint32_t ms) {
      static_cast<TestResult*>(ctx)->retry_after_ms = ms;
    };
  }
};

class SinkOnEngine : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    char name[] = "/tmp/cphost-sink-test-XXXXXX";
    folder_ = ::mkdtemp(name);
    env_ = new TestEnv;
    try {
      keeper_ = new Sink::Shared(options("keeper"), env_->env());
      server_ = new Server(keeper_->endpoint());
    } catch (const cphost::Error& e) {
      why_not_ = e.text();
    }
  }
  static void TearDownTestSuite() {
    delete std::exchange(server_, nullptr);
    delete std::exchange(keeper_, nullptr);
    delete std::exchange(env_, nullptr);
    std::filesystem::remove_all(folder_);
  }
  void SetUp() override {
    if (server_) return;
    if (why_not_.find("fetch_chdb.sh") != std::string::npos || kInstrumented)
      GTEST_SKIP() << why_not_;
    FAIL() << why_not_;
  }

  static Options options(const std::string& table) {
    Options o;
    o.url = "chdb://" + folder_ + "/db";
    o.table = table;
    o.user = "default";
    const char* program = std::getenv("CPHOST_CHDB");
    o.chdb_program = program ? program : CPHOST_CHDB;
    o.compression = "auto";
    o.engine = "MergeTree";
    o.connect_timeout = std::chrono::seconds(10);
    o.request_timeout = std::chrono::seconds(60);
    o.ttl = std::chrono::hours(1);
    return o;
  }
  static std::string query(const std::string& sql) { return server_->query(sql); }
  static void create(const std::string& table, const std::string& columns,
                     const std::string& settings = "") {
    query("CREATE TABLE " + table + " (" + columns + ") ENGINE = MergeTree ORDER BY tuple()" +
          settings);
  }

  // Opens a writer for the rows and writes all of them as one block.
  cphost::Status write(const Options& o, TestRows& rows, const char* token = "t1",
                       std::vector<std::pair<int64_t, int64_t>> slices = {}) {
    Sink::Shared shared(o, env_->env());
    Sink sink(shared, env_->env(), rows.schema());
    return write(sink, rows, token, std::move(slices));
  }
  cphost::Status write(Sink& sink, TestRows& rows, const char* token = "t1",
                       std::vector<std::pair<int64_t, int64_t>> slices = {}) {
    result_ = {};
    cphost::Result result(&result_.raw);
    result_.raw.ctx = &result_;
    return sink.write(rows.block(std::move(slices), token), result);
  }

  static inline std::string folder_, why_not_;
  static inline TestEnv* env_ = nullptr;
  static inline Sink::Shared* keeper_ = nullptr;
  static inline Server* server_ = nullptr;
  TestResult result_;
};

}  // namespace clickhouse
