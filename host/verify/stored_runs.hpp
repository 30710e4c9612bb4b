// SPDX-License-Identifier: Apache-2.0
// Asks the target and the error table of a pipe which positions they hold. Blocks until the sinks
// have answered; creates nothing. [main]
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
  std::string note;  ///< What could not be looked at, or "".
};

/// At most `runs_max` runs of each. Throws StopPipe and BindingError.
StoredRuns read_stored_runs(const PipeConfig& config, uint64_t runs_max, Log log);

}  // namespace cphost::host
