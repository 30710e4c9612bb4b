// SPDX-License-Identifier: Apache-2.0
// `cphost plugins`: what is installed. Reads notes only: no code of any plugin runs.
#pragma once

#include <string>

#include "host/cli/command_line.hpp"
#include "host/plugins/catalog.hpp"

namespace cphost::host {

/// Prints the table; the exit code.
int list_plugins(const CommandLine& line);

/// A row a component, and one a file that is refused, with the reason.
std::string plugins_table(const Catalog& catalog);

}  // namespace cphost::host
