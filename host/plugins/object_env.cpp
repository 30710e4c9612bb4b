// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/object_env.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <string_view>

namespace cphost::host {
namespace {

constexpr size_t kTextBytesMax = 8192;
constexpr size_t kCodeBytesMax = 64;

/// What the calls of this thread told last. A function that fails tells on the thread on which it
/// returns.
struct LastFailure {
  uint64_t env = 0;
  std::string code;
  std::string text;
};
thread_local LastFailure last_failure;

std::string_view view(cphost_str text) {
  if (text.data == nullptr) return {};
  return {text.data, std::min<size_t>(text.size, kTextBytesMax)};
}

uint64_t next_id() {
  static std::atomic<uint64_t> last{0};
  return ++last;
}

Log log_of(const Component& component, const Log& log, uint32_t worker, uint32_t workers) {
  Log own = log.with("plugin", component.name);
  return workers == 0 ? own : own.with("worker", std::to_string(worker));
}

}  // namespace

ObjectEnv::ObjectEnv(const Component& component, const Log& log, uint32_t worker, uint32_t workers)
    : id_(next_id()),
      component_(component),
      log_(log_of(component, log, worker, workers)),
      metrics_(component.metrics.size()) {
  base_.struct_size = sizeof base_;
  base_.worker = worker;
  base_.workers = workers;
  base_.level = static_cast<uint32_t>(log.level());
  base_.ctx = this;
  base_.log = on_log;
  base_.fail = on_fail;
  base_.metric = on_metric;
  base_.now_ns = on_now;
  base_.extension = on_extension;
}

Failure ObjectEnv::take_failure(int32_t status) {
  Failure failure;
  failure.status = status;
  if (last_failure.env == id_) {
    failure.code = std::move(last_failure.code);
    failure.text = std::move(last_failure.text);
  } else {
    failure.code = "NOT_TOLD";
    failure.text =
        fmt::format("the plugin answered {} and did not say why, which is a bug of it", status);
  }
  last_failure = LastFailure{};
  return failure;
}

void ObjectEnv::set_memory(int64_t bytes) {
  memory_.struct_size = sizeof memory_;
  memory_.bytes = bytes;
}

int64_t ObjectEnv::metric(size_t index) const {
  return index < metrics_.size() ? metrics_[index].load(std::memory_order_relaxed) : 0;
}

const ObjectEnv& ObjectEnv::of(const cphost_env* env) {
  return *static_cast<const ObjectEnv*>(env->ctx);
}

void ObjectEnv::on_log(const cphost_env* env, uint32_t level, cphost_str text) {
  const auto known = std::min<uint32_t>(level, CPHOST_LOG_ERROR);
  of(env).log_.write(static_cast<LogLevel>(known), view(text));
}

int32_t ObjectEnv::on_fail(const cphost_env* env, int32_t status, const char* code,
                           cphost_str text) {
  last_failure.env = of(env).id_;
  last_failure.code = code != nullptr ? std::string_view(code).substr(0, kCodeBytesMax) : "";
  last_failure.text = view(text);
  return status;
}

void ObjectEnv::on_metric(const cphost_env* env, uint32_t index, int64_t value) {
  const ObjectEnv& self = of(env);
  if (index >= self.metrics_.size()) {
    self.log_.debug(
        fmt::format("plugin misbehaving: metric {} of {}", index, self.metrics_.size()));
    return;
  }
  if (self.component_.metrics[index].gauge != 0) {
    self.metrics_[index].store(value, std::memory_order_relaxed);
  } else {
    self.metrics_[index].fetch_add(value, std::memory_order_relaxed);
  }
}

int64_t ObjectEnv::on_now(const cphost_env*, int32_t monotonic) {
  timespec now{};
  ::clock_gettime(monotonic != 0 ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now);
  return int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

const void* ObjectEnv::on_extension(const cphost_env* env, const char* id) {
  const ObjectEnv& self = of(env);
  if (id == nullptr || self.memory_.struct_size == 0) return nullptr;
  return std::string_view(id) == CPHOST_MEMORY_EXTENSION ? &self.memory_ : nullptr;
}

}  // namespace cphost::host
