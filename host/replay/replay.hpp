// SPDX-License-Identifier: Apache-2.0
// Feeds the rejects of a pipe's error table through its present configuration and marks those that
// went in. What is rejected again stays in the table as it was, and so does what was cut off.
//
// A page of rejects is one block, and its token is made of their names. Before it is written they
// are marked as under way: when a replay dies, the next one finds the page as it was and sends the
// same block under the same token. One replay of a pipe at a time. [main]
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "host/config/pipe_config.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

struct ReplayRequest {
  std::string code;      ///< Of these rejects only; "": of all.
  int64_t since_us = 0;  ///< Rejected then or later.
  bool dry_run = false;  ///< Decode, and change nothing.
};

struct ReplayReport {
  int64_t rejects = 0;                   ///< Records that were found rejected.
  int64_t replayed = 0;                  ///< In the target now, and marked.
  int64_t cut = 0;                       ///< Kept in part only (raw_max), and so left.
  std::map<std::string, int64_t> again;  ///< Rejected again, by code.
};

/// Throws StopPipe and BindingError; what was replayed before is marked then.
ReplayReport replay(const PipeConfig& config, const ReplayRequest& request, Log log);

}  // namespace cphost::host
