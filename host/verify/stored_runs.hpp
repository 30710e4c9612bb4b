// SPDX-License-Identifier: Apache-2.0
// Asks the target and the error table of a pipe which positions they hold, and before that the
// source which ones are committed. Blocks until they have answered; changes nothing. [main]
#pragma once

#include <cstdint>
#include <string>

#include "host/config/pipe_config.hpp"
#include "host/report/log.hpp"
#include "host/verify/completeness.hpp"

namespace cphost::host {

struct StoredRuns {
  StreamRuns target;
  StreamRuns errors;
  CommittedPositions committed;
  std::string note;  ///< What could not be looked at, or "".
};

/// At most `runs_max` runs of each table. Throws StopPipe and BindingError.
StoredRuns read_stored_runs(const PipeConfig& config, uint64_t runs_max,
                            const std::string& state_folder, Log log);

}  // namespace cphost::host
