// SPDX-License-Identifier: Apache-2.0
// The sink of a pipe (or of its errors) as all workers share it: the object, and the schema of its
// target.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <cphost/arrow.hpp>

#include "host/config/pipe_config.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

class Target {
 public:
  using Schema = std::shared_ptr<const UniqueSchema>;

  /// With exactly-once delivery every description and preparation checks what it needs, too.
  Target(const Stage& stage, Delivery delivery, Log log);

  const Component& component() const { return object_.component(); }
  void* object() const { return object_.get(); }

  /// [any] Asks the sink for its target, one caller at a time. OK with a null schema: the sink
  /// takes any rows. Otherwise a negative status, or AGAIN: there is no target yet.
  int32_t describe(Schema& schema, Failure& failure);

  /// [any] Creates the target for `wanted` and checks what `flags` ask. UNSUPPORTED where the sink
  /// does not.
  int32_t prepare(const ArrowSchema& wanted, uint32_t flags, Failure& failure);

 private:
  int32_t prepare_locked(const ArrowSchema& wanted, uint32_t flags, Failure& failure);

  Log log_;
  SharedObject object_;
  const uint32_t flags_;
  std::mutex mutex_;
};

}  // namespace cphost::host
