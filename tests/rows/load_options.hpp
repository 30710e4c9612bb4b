// SPDX-License-Identifier: Apache-2.0
//
// The command line of cphost-load.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "client.hpp"
#include "rows.hpp"

namespace rows {

enum class Command {
  rows,
  oracle,
  topic_create,
  partitions_add,
  records_delete,
  offsets,
  committed,
  commit,
  group_wait_empty
};

struct LoadOptions {
  Command command = Command::rows;
  std::string brokers = "127.0.0.1:9092";
  std::string topic = "events";
  std::string group;
  int partitions = 0;  // 0: what the topic has, or kDefaultPartitions for a new one.
  std::string codec = "none";
  Shape shape = Shape::narrow;
  bool keys = false;
  bool dump = false;
  std::uint64_t count = 1'000'000;
  std::uint64_t first = 0;
  std::uint64_t offset = 0;
  std::uint64_t rows_per_record = 1;
  double rate = 0;  // Rows a second; 0: as fast as it goes.
  double malformed = 0;
  std::string transaction;  // "commit", "abort" or none.
  std::uint64_t seed = 1;
  double timeout_seconds = 120;
  Properties client;
  Properties topic_config;
};

inline constexpr int kDefaultPartitions = 4;

struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws UsageError; its message is empty when the user asked for help.
LoadOptions parse_load_options(int argc, char** argv);

extern const char* const kLoadUsage;

}  // namespace rows
