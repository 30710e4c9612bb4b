// SPDX-License-Identifier: Apache-2.0
// A pipe as its file describes it, parsed and checked: what config/ makes and pipe/ runs. Nothing
// here knows TOML.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/config/option_values.hpp"
#include "host/config/reject_limit.hpp"
#include "host/plugins/component.hpp"

namespace cphost::host {

/// Where in a pipe file something was said: "orders.toml:12".
struct Location {
  std::string file;
  uint32_t line = 0;
};

/// A plugin and the options that it gets.
struct Stage {
  const Component* component = nullptr;
  std::shared_ptr<OptionValues> options;
  Location where;
};

/// One entry of [columns]: fills `column` from `path`; type and default serve the making of a
/// table.
struct ColumnMapping {
  std::string column;
  std::string path;
  std::string type;           ///< ClickHouse type or "".
  std::string default_value;  ///< ClickHouse expression or "".
  Location where;
};

/// A block is sealed by whichever limit comes first.
struct BlockLimits {
  int64_t rows_max = 100'000;
  int64_t bytes_max = 64 << 20;
  int64_t wait_max_ms = 5'000;
};

/// [errors]: a second sink for rejects.
struct ErrorsConfig {
  bool enabled = true;  ///< false: a reject stops the pipe.
  Stage sink;
  int64_t raw_bytes_max = 1 << 20;  ///< A longer record is kept in part.
  RejectLimit stop_at;              ///< More rejects than this stop the pipe.
};

enum class Delivery { kAtLeastOnce, kExactlyOnce };

/// What becomes of a block of an earlier run that the target may have and has perhaps forgotten.
enum class WindowExpiry { kStop, kReplay, kSkip };

struct PipeConfig {
  std::string name;
  std::string file;
  Delivery delivery = Delivery::kAtLeastOnce;
  int64_t dedup_window_ms = 30 * 60'000;  ///< The target remembers tokens for so long, at least.
  WindowExpiry on_window_expiry = WindowExpiry::kStop;
  uint32_t workers = 1;
  uint32_t writers = 1;  ///< Threads a worker, [sink] writers.
  int64_t memory_bytes = 256 << 20;
  int64_t start_timeout_ms = 60'000;  ///< Source or target unreachable this long at start: exit 75.
  int64_t drain_timeout_ms = 10'000;  ///< Longest graceful stop.
  int64_t commit_interval_ms = 1'000;  ///< Between two commits of watermarks.
  int64_t poll_records_max = 8'192;
  int64_t poll_bytes_max = 4 << 20;
  int64_t retry_min_ms = 250;
  int64_t retry_max_ms = 30'000;
  Stage source;
  std::optional<Stage> format;
  Stage sink;
  std::vector<ColumnMapping> columns;
  bool columns_only = false;  ///< [columns] replaces the mapping by name.
  BlockLimits block;
  ErrorsConfig errors;

  /// A worker's part of `memory`.
  int64_t worker_memory_bytes() const { return memory_bytes / std::max(workers, 1u); }

  /// What the source of a worker may read ahead.
  int64_t read_ahead_bytes() const { return worker_memory_bytes() / 4; }

  /// What a worker's record batches may hold. They are charged by what is in them; their buffers
  /// grow by doubling, so up to as much again is resident. The rest is for what sinks encode.
  int64_t batch_memory_bytes() const { return worker_memory_bytes() * 9 / 32; }

  /// The largest block: one is filled while one is written and one waits.
  int64_t block_memory_bytes() const { return batch_memory_bytes() / 3; }
};

}  // namespace cphost::host
