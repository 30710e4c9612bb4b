// SPDX-License-Identifier: Apache-2.0
// The proof of a pipe's completeness as text for people and as JSON lines. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "host/verify/completeness.hpp"

namespace cphost::host {

/// "orders/7".
std::string stream_name(const std::vector<std::string>& stream);

/// A table of all streams, a line for each run that needs a look (the first ones, where there are
/// many), and what comes of it.
std::string completeness_text(const std::string& pipe, const std::vector<StreamReport>& reports);

/// One object for each stream (`committed` is -1 where it is not known), with all runs as
/// [first, last] or [first, last, times], and one for the pipe.
std::string completeness_json(const std::string& pipe, const std::vector<StreamReport>& reports);

}  // namespace cphost::host
