// SPDX-License-Identifier: Apache-2.0
// `cphost verify`: proves, from the positions that the target and the error table keep, that
// nothing is missing and nothing doubled. Reads both and changes nothing; no reader is opened.
#pragma once

#include "host/cli/command_line.hpp"

namespace cphost::host {

/// Prints what it found; the exit code: 0 only where all is complete.
int verify_pipes(const CommandLine& line);

}  // namespace cphost::host
