// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/target.hpp"

#include <utility>

namespace cphost::host {

Target::Target(const Stage& stage, Delivery delivery, Log log)
    : log_(std::move(log)),
      object_(stage, log_),
      flags_(delivery == Delivery::kExactlyOnce ? CPHOST_EXACTLY_ONCE : 0) {}

int32_t Target::describe(Schema& schema, Failure& failure) {
  std::lock_guard lock(mutex_);
  schema = nullptr;
  UniqueSchema described;
  const int32_t status = component().sink.describe(object(), described.out());
  if (status < 0 && status != CPHOST_UNSUPPORTED) {
    failure = object_.env().take_failure(status);
    return status;
  }
  if (status != CPHOST_AGAIN && flags_ != 0) {
    const ArrowSchema none{};
    const int32_t checked =
        prepare_locked(described ? *described.get() : none, flags_ | CPHOST_DRY_RUN, failure);
    if (checked != CPHOST_OK) return checked;
  }
  if (status == CPHOST_OK) schema = std::make_shared<const UniqueSchema>(std::move(described));
  return status == CPHOST_UNSUPPORTED ? CPHOST_OK : status;
}

int32_t Target::prepare(const ArrowSchema& wanted, uint32_t flags, Failure& failure) {
  std::lock_guard lock(mutex_);
  return prepare_locked(wanted, flags | flags_, failure);
}

int32_t Target::prepare_locked(const ArrowSchema& wanted, uint32_t flags, Failure& failure) {
  const auto tell = [](void* ctx, cphost_str text) {
    static_cast<Log*>(ctx)->info("target: " + std::string(text.data, text.size));
  };
  const int32_t status = component().sink.prepare(object(), &wanted, flags, &log_, tell);
  if (status == CPHOST_UNSUPPORTED && (flags & CPHOST_EXACTLY_ONCE)) {
    failure = {CPHOST_CONFIG, "EXACTLY_ONCE",
               "this sink can't tell a block that comes again: delivery = \"exactly_once\" is not "
               "for it"};
    return CPHOST_CONFIG;
  }
  if (status < 0 && status != CPHOST_UNSUPPORTED) failure = object_.env().take_failure(status);
  return status;
}

}  // namespace cphost::host
