// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/shared_object.hpp"

#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {

SharedObject::SharedObject(const Stage& stage, Log& log)
    : component_(stage.component), options_(stage.options), env_(*stage.component, log, 0, 0) {
  const Component& c = *component_;
  const cphost_value* values = options_->data();
  const int32_t status = c.kind == "source"   ? c.source.create(env_.raw(), values, &object_)
                         : c.kind == "format" ? c.format.create(env_.raw(), values, &object_)
                                              : c.sink.create(env_.raw(), values, &object_);
  if (status >= 0) return;
  const Failure failure = env_.take_failure(status);
  const std::string where = stage.where.file + ":" + std::to_string(stage.where.line) + ": ";
  throw StopPipe::because(where + c.name + " " + c.kind, failure);
}

SharedObject::~SharedObject() {
  if (!object_) return;
  const Component& c = *component_;
  (c.kind == "source"   ? c.source.destroy
   : c.kind == "format" ? c.format.destroy
                        : c.sink.destroy)(object_);
}

}  // namespace cphost::host
