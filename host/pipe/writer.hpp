// SPDX-License-Identifier: Apache-2.0
// One thread of the writers and what it works with. Included by the parts of Writers alone.
#pragma once

#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <cphost/schema.hpp>

#include "host/pipe/writers.hpp"

namespace cphost::host {

// What a thread needs, which may outlive the writers: one that is left behind touches nothing else.
struct Writers::Writer {
  struct NamedRow {
    int64_t row;
    Rejection why;
  };

  Writer(const Component& component, const Log& log, const Settings& settings)
      : sink(component),
        env(sink, log, settings.worker, settings.workers),
        outage(log.with("worker", std::to_string(settings.worker)), "writing a block"),
        backoff(settings.retry_min_ms, settings.retry_max_ms) {}

  const Component& sink;
  void* sink_object = nullptr;
  std::shared_ptr<const void> keeps_sink;
  std::shared_ptr<const UniqueSchema> rows;
  ObjectEnv env;
  OutageLog outage;
  Backoff backoff;
  std::unique_ptr<Block> block;  // at work; guarded by object_mutex while it is opening
  std::mutex object_mutex;
  void* object = nullptr;    // guarded by object_mutex: stop() interrupts it
  bool opening = false;      // guarded by object_mutex
  bool left_behind = false;  // guarded by object_mutex
  std::vector<NamedRow> named;
  int64_t retry_after_ms = 0;
  std::vector<cphost_slice> slices;
  bool ended = false;  // guarded by the writers' mutex
  std::thread thread;
};

}  // namespace cphost::host
