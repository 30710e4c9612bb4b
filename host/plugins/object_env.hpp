// SPDX-License-Identifier: Apache-2.0
// The env of one plugin object: forwards its log lines and metrics, and keeps the reason of its
// last failure.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <cphost/env.h>
#include <cphost/memory.h>

#include "host/plugins/component.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

/// Why a call returned a negative status.
struct Failure {
  int32_t status = CPHOST_OK;
  std::string code;
  std::string text;
};

class ObjectEnv {
 public:
  /// The component's name is added to its log lines. worker of workers; 0 of 0 for the shared
  /// object.
  ObjectEnv(const Component& component, const Log& log, uint32_t worker, uint32_t workers);
  ObjectEnv(const ObjectEnv&) = delete;
  ObjectEnv& operator=(const ObjectEnv&) = delete;

  const cphost_env* raw() const { return &base_; }
  const Component& component() const { return component_; }

  /// The failure that the calling thread's last negative call told, and forgets it. A call that
  /// told nothing gets a text that says so; `status` is what the call returned.
  Failure take_failure(int32_t status);

  /// The object's part of the memory budget, which it may ask for as extension "cphost.memory/1".
  /// Before the object is opened.
  void set_memory(int64_t bytes);

  /// Value of metric `index`, over the life of the object.
  int64_t metric(size_t index) const;

 private:
  static const ObjectEnv& of(const cphost_env* env);
  static void on_log(const cphost_env* env, uint32_t level, cphost_str text);
  static int32_t on_fail(const cphost_env* env, int32_t status, const char* code, cphost_str text);
  static void on_metric(const cphost_env* env, uint32_t index, int64_t value);
  static int64_t on_now(const cphost_env* env, int32_t monotonic);
  static const void* on_extension(const cphost_env* env, const char* id);

  cphost_env base_{};
  const uint64_t id_;  // of this object: an address can come back
  const Component& component_;
  const Log log_;
  cphost_memory memory_{};  // struct_size 0: not set
  mutable std::vector<std::atomic<int64_t>> metrics_;
};

}  // namespace cphost::host
