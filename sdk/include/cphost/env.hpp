// SPDX-License-Identifier: Apache-2.0
// cphost/env.hpp: log, metrics, time and extensions of the host, as a value.
//
// Every object is given its Env in its constructor and may keep a copy. All functions are [any]:
// they may be called from threads that the plugin started itself, until the object is closed or
// destroyed.
#pragma once

#include <string_view>

#include "env.h"
#include "status.hpp"

namespace cphost {

class Env {
 public:
  explicit Env(const cphost_env* env) : env_(env) {}

  // "I am worker 2 of 8", counted from 0.
  uint32_t worker() const { return env_->worker; }
  uint32_t workers() const { return env_->workers; }
  // A reader that serves a sample joins no group and commits nothing. Meaningless for shared
  // objects.
  bool sampling() const { return env_->workers == 0; }

  // Ask before composing an expensive text.
  bool logs_debug() const { return env_->level <= CPHOST_LOG_DEBUG; }

  // One line each; never a secret.
  void debug(std::string_view text) const { log(CPHOST_LOG_DEBUG, text); }
  void info(std::string_view text) const { log(CPHOST_LOG_INFO, text); }
  void warn(std::string_view text) const { log(CPHOST_LOG_WARNING, text); }
  void error(std::string_view text) const { log(CPHOST_LOG_ERROR, text); }

  // Metric `index` of the component's table: a counter adds `value`, a gauge is set to it.
  void metric(uint32_t index, int64_t value) const { env_->metric(env_, index, value); }

  // Nanoseconds: monotonic, for intervals; or since 1970 (UTC), for what users read.
  int64_t now_ns() const { return env_->now_ns(env_, 1); }
  int64_t unix_ns() const { return env_->now_ns(env_, 0); }

  // An optional service of the host, or nullptr; `T` is the struct that the extension's header
  // declares.
  template <class T>
  const T* extension(const char* id) const {
    return static_cast<const T*>(env_->extension(env_, id));
  }

  // Says why the call under way fails; for those that return a status instead of throwing Error.
  Status fail(Status status, const char* code, std::string_view text) const {
    return static_cast<Status>(env_->fail(env_, static_cast<int32_t>(status), code, str(text)));
  }

  const cphost_env* raw() const { return env_; }

 private:
  void log(uint32_t level, std::string_view text) const {
    if (env_->level <= level) env_->log(env_, level, str(text));
  }

  const cphost_env* env_;
};

}  // namespace cphost
