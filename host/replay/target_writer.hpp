// SPDX-License-Identifier: Apache-2.0
// Writes records into a pipe's target one block at a time and waits for each: the way of a worker
// without streams, watermarks and commits. [main]
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "host/config/pipe_config.hpp"
#include "host/pipe/binding.hpp"
#include "host/pipe/decoding.hpp"
#include "host/pipe/memory_budget.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/pipe/target.hpp"
#include "host/pipe/writers.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

class TargetWriter {
 public:
  /// Describes the target, which exists, and binds the format to it. Throws StopPipe and
  /// BindingError.
  TargetWriter(const PipeConfig& config, Log log);
  ~TargetWriter();

  const ArrowSchema& records_schema() const { return *records_.get(); }
  const Binding& binding() const { return *binding_; }

  /// Decodes the records; those that are refused are excluded and told.
  std::shared_ptr<RecordBatch> decode(UniqueArray records, Rejects& rejects);

  /// Returns when the rows of the batch are durable; records that the sink refuses are told.
  /// Outages are waited out for ever. Throws StopPipe.
  void write(const std::shared_ptr<RecordBatch>& batch, std::string token, Rejects& rejects);

 private:
  Target::Schema describe();
  void open_decoder();

  const PipeConfig& config_;
  Log log_;
  SharedObject source_;
  UniqueSchema records_;
  std::optional<SharedObject> format_;
  std::optional<ObjectEnv> format_env_;
  std::shared_ptr<Target> target_;
  Target::Schema target_schema_;
  std::unique_ptr<Binding> binding_;
  void* decoder_ = nullptr;
  std::atomic<int64_t> memory_{0}, retries_{0};
  MemoryBudget budget_;
  std::mutex mutex_;
  std::condition_variable written_;
  bool done_ = false;
  std::unique_ptr<Writers> writers_;
};

}  // namespace cphost::host
