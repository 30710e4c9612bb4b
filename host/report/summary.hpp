// SPDX-License-Identifier: Apache-2.0
// What a pipe did, told at its end: the counters, and whether they balance. Pure functions.
#pragma once

#include <string>

#include "host/report/progress.hpp"

namespace cphost::host {

/// Records that were delivered and are accounted for nowhere; negative: counted twice. 0 =
/// balanced.
int64_t missing_records(const CounterSnapshot& counters);

/// Several lines for people, each with its newline.
std::string summary_text(const std::string& pipe, const CounterSnapshot& counters, double seconds);

/// One JSON object with numbers, with its newline.
std::string summary_json(const std::string& pipe, const CounterSnapshot& counters, double seconds);

}  // namespace cphost::host
