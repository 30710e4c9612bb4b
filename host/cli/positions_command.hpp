// SPDX-License-Identifier: Apache-2.0
// `cphost positions show` and `cphost positions set`: where pipes that do not run go on. [main]
#pragma once

#include <string>
#include <vector>

#include "host/cli/command_line.hpp"
#include "host/pipe/kept_positions.hpp"

namespace cphost::host {

/// The exit code.
int show_positions(const CommandLine& line);
int set_positions(const CommandLine& line);

/// What `show` prints of one pipe.
std::string positions_table(const std::vector<KeptStream>& streams);

/// What `set` is to change: `given` ("NAME=POSITION") goes before the streams' targets; where a
/// stream is already, nothing is changed. Throws UsageError for a text that is none, StopPipe for
/// a stream that there is not.
std::vector<PositionChange> wanted_changes(const std::vector<KeptStream>& streams,
                                           const std::vector<std::string>& given);

/// The streams whose open ranges `changes` would forget, a line each; "": none.
std::string forgotten_ranges(const std::vector<KeptStream>& streams,
                             const std::vector<PositionChange>& changes);

}  // namespace cphost::host
