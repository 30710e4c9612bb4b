// SPDX-License-Identifier: Apache-2.0
// cphost/testing/test_env.hpp: an env that remembers what the plugin said.
//
// Thread-safe, as env functions are [any]. It must outlive the objects that are given its env.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "../env.hpp"

namespace cphost::testing {

struct Failure {
  Status status;
  std::string code;
  std::string text;
};

struct LogLine {
  uint32_t level;
  std::string text;
};

class TestEnv {
 public:
  explicit TestEnv(uint32_t worker = 0, uint32_t workers = 1) {
    env_.struct_size = sizeof env_;
    env_.worker = worker;
    env_.workers = workers;
    env_.level = CPHOST_LOG_DEBUG;
    env_.ctx = this;
    env_.log = [](const cphost_env* e, uint32_t level, cphost_str text) {
      const std::lock_guard lock(self(e).mutex_);
      self(e).lines_.push_back({level, std::string(view(text))});
    };
    env_.fail = [](const cphost_env* e, int32_t status, const char* code, cphost_str text) {
      const std::lock_guard lock(self(e).mutex_);
      self(e).failures_.push_back({static_cast<Status>(status), code, std::string(view(text))});
      return status;
    };
    env_.metric = [](const cphost_env* e, uint32_t index, int64_t value) {
      const std::lock_guard lock(self(e).mutex_);
      self(e).metrics_[index].push_back(value);
    };
    env_.now_ns = [](const cphost_env* e, int32_t) {
      const std::lock_guard lock(self(e).mutex_);
      return self(e).now_ns_;
    };
    env_.extension = [](const cphost_env* e, const char* id) -> const void* {
      const std::lock_guard lock(self(e).mutex_);
      const auto found = self(e).extensions_.find(id);
      return found == self(e).extensions_.end() ? nullptr : found->second;
    };
  }
  TestEnv(const TestEnv&) = delete;
  TestEnv& operator=(const TestEnv&) = delete;

  Env env() const { return Env(&env_); }
  const cphost_env* raw() const { return &env_; }

  void set_now_ns(int64_t now_ns) {
    const std::lock_guard lock(mutex_);
    now_ns_ = now_ns;
  }
  void set_extension(const char* id, const void* extension) {
    const std::lock_guard lock(mutex_);
    extensions_[id] = extension;
  }

  std::vector<Failure> failures() const {
    const std::lock_guard lock(mutex_);
    return failures_;
  }
  std::vector<LogLine> lines() const {
    const std::lock_guard lock(mutex_);
    return lines_;
  }
  // All values that were given for metric `index`, in order.
  std::vector<int64_t> metric(uint32_t index) const {
    const std::lock_guard lock(mutex_);
    const auto found = metrics_.find(index);
    return found == metrics_.end() ? std::vector<int64_t>() : found->second;
  }

 private:
  static TestEnv& self(const cphost_env* e) { return *static_cast<TestEnv*>(e->ctx); }

  cphost_env env_{};
  mutable std::mutex mutex_;
  int64_t now_ns_ = 0;
  std::vector<Failure> failures_;
  std::vector<LogLine> lines_;
  std::map<uint32_t, std::vector<int64_t>> metrics_;
  std::map<std::string, const void*> extensions_;
};

}  // namespace cphost::testing
