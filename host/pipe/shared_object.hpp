// SPDX-License-Identifier: Apache-2.0
// The object of a component that all workers of a pipe share: made by create, ended by destroy.
#pragma once

#include "host/config/pipe_config.hpp"
#include "host/plugins/object_env.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

class SharedObject {
 public:
  /// Throws StopPipe when create fails: options that contradict each other, or a bug.
  SharedObject(const Stage& stage, Log& log);
  ~SharedObject();
  SharedObject(const SharedObject&) = delete;
  SharedObject& operator=(const SharedObject&) = delete;

  const Component& component() const { return *component_; }
  void* get() const { return object_; }
  ObjectEnv& env() { return env_; }

 private:
  const Component* component_;
  std::shared_ptr<OptionValues> options_;  // the values live as long as the object
  ObjectEnv env_;
  void* object_ = nullptr;
};

}  // namespace cphost::host
