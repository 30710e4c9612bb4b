// SPDX-License-Identifier: Apache-2.0
// The command line, parsed and checked. Knows nothing of what the commands do.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "host/report/log.hpp"

namespace cphost::host {

enum class Command : uint8_t {
  kRun,
  kPlugins,
  kDescribe,
  kCheck,
  kVerify,
  kPositionsShow,
  kPositionsSet,
  kReplay,
  kHelp,
  kVersion
};
enum class ProgressMode : uint8_t { kAuto, kAlways, kNever };
enum class DescribeStyle : uint8_t { kText, kMarkdown, kJsonSchema };

struct CommandLine {
  Command command = Command::kRun;
  std::vector<std::string> plugin_folders;  ///< Never empty.
  std::vector<std::string> pipes;  ///< Files and folders; not empty where a command takes pipes.
  std::vector<std::string> connections;  ///< Files of [connections.NAME].
  std::string state_folder;
  LogLevel log_level = LogLevel::kInfo;
  LogStyle log_style = LogStyle::kText;
  ProgressMode progress = ProgressMode::kAuto;
  std::string component;  ///< describe: "kafka" or "source:kafka".
  DescribeStyle describe_style = DescribeStyle::kText;
  uint64_t runs_max = 100'000;       ///< verify: runs of positions that a table may have.
  std::string reject_code;           ///< replay: of these rejects only; "": of all.
  int64_t since_us = 0;              ///< replay: rejected then or later.
  std::string to;                    ///< positions set: where all streams are to go on, or "".
  std::vector<std::string> changes;  ///< positions set: "STREAM=POSITION".
  bool dry_run = false;              ///< replay, positions set: change nothing.
  bool drop_pending = false;         ///< positions set: also where blocks are open.
  bool connect = false;              ///< check: also create the components and look at the target.
  bool core_dumps = false;           ///< A crash may leave one, with the secrets in it.
};

/// The command line is wrong: exit 64. what() is one sentence.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Throws UsageError. `words` are those after the program's name.
CommandLine parse_command_line(const std::vector<std::string>& words);

/// What --help prints.
std::string help_text();

}  // namespace cphost::host
