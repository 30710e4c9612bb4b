// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/target.hpp"

#include <utility>

namespace cphost::host {

Target::Target(const Stage& stage, Log log) : log_(std::move(log)), object_(stage, log_) {}

int32_t Target::describe(Schema& schema, Failure& failure) {
  std::lock_guard lock(mutex_);
  schema = nullptr;
  UniqueSchema described;
  const int32_t status = component().sink.describe(object(), described.out());
  if (status == CPHOST_UNSUPPORTED) return CPHOST_OK;
  if (status < 0) failure = object_.env().take_failure(status);
  if (status == CPHOST_OK) schema = std::make_shared<const UniqueSchema>(std::move(described));
  return status;
}

int32_t Target::prepare(const ArrowSchema& wanted, uint32_t flags, Failure& failure) {
  std::lock_guard lock(mutex_);
  const auto tell = [](void* ctx, cphost_str text) {
    static_cast<Log*>(ctx)->info("target: " + std::string(text.data, text.size));
  };
  const int32_t status = component().sink.prepare(object(), &wanted, flags, &log_, tell);
  if (status < 0 && status != CPHOST_UNSUPPORTED) failure = object_.env().take_failure(status);
  return status;
}

}  // namespace cphost::host
