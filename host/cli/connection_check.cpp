// SPDX-License-Identifier: Apache-2.0
#include "host/cli/connection_check.hpp"

#include <fmt/format.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "host/config/units.hpp"
#include "host/exit_code.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/pipe/target.hpp"

namespace cphost::host {
namespace {

ConnectionReport failed(const Component& component, const Failure& failure) {
  const bool user = failure.status == CPHOST_CONFIG || failure.status == CPHOST_HALT;
  const int code = user                             ? kExitConfig
                   : failure.status == CPHOST_RETRY ? kExitUnreachable
                                                    : kExitInternal;
  return ConnectionReport{
      code,
      fmt::format("{} {}: {} ({})", component.name, component.kind, failure.text, failure.code),
      false};
}

/// Opens a reader as a sample does, which joins no group.
ConnectionReport check_source(SharedObject& source, const Log& log) {
  const Component& component = source.component();
  ObjectEnv env(component, log, 0, 0);
  void* reader = nullptr;
  const int32_t status = component.source.open(source.get(), env.raw(), &reader);
  if (status < 0) return failed(component, env.take_failure(status));
  component.source.close(reader);
  return ConnectionReport{};
}

ConnectionReport check_sink(Target& target) {
  Target::Schema schema;
  Failure failure;
  const int32_t status = target.describe(schema, failure);
  if (status == CPHOST_AGAIN)
    return ConnectionReport{kExitDone, "the target does not exist yet", false};
  if (status < 0) return failed(target.component(), failure);
  if (!schema) return ConnectionReport{kExitDone, "the target takes any rows", false};
  const std::string text =
      fmt::format("the target has {} columns that a pipe can fill", schema->get()->n_children);
  return ConnectionReport{kExitDone, text, false};
}

ConnectionReport check_all(const PipeConfig& config, Log log) {
  try {
    SharedObject source(config.source, log);
    std::unique_ptr<SharedObject> format;
    if (config.format) format = std::make_unique<SharedObject>(*config.format, log);
    Target target(config.sink, config.delivery, log);
    ConnectionReport report = check_source(source, log);
    return report.exit_code == kExitDone ? check_sink(target) : report;
  } catch (const StopPipe& stop) {
    return ConnectionReport{stop.exit_code(), stop.what(), false};
  }
}

}  // namespace

std::vector<StopPipe> check_components(const PipeConfig& config, Log log) {
  std::vector<const Stage*> stages{&config.source};
  if (config.format) stages.push_back(&*config.format);
  stages.push_back(&config.sink);
  std::vector<StopPipe> errors;
  for (const Stage* stage : stages) {
    try {
      const SharedObject created(*stage, log);
    } catch (const StopPipe& stop) {
      errors.push_back(stop);
    }
  }
  return errors;
}

ConnectionReport check_connections(const PipeConfig& config, const Log& log) {
  std::promise<ConnectionReport> promise;
  std::future<ConnectionReport> report = promise.get_future();
  // Detached: a plugin that hangs must not keep the answer.
  std::thread([promise = std::move(promise), &config, log]() mutable {
    promise.set_value(check_all(config, log));
  }).detach();
  const auto timeout = std::chrono::milliseconds(config.start_timeout_ms);
  if (report.wait_for(timeout) == std::future_status::ready) return report.get();
  const std::string limit = format_duration(config.start_timeout_ms);
  return ConnectionReport{kExitUnreachable,
                          fmt::format("no answer within start_timeout ({})", limit), true};
}

}  // namespace cphost::host
