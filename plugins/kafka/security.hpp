// SPDX-License-Identifier: Apache-2.0
// Checks the options of login and encryption against each other, before anything is opened. Pure,
// but for the files of ssl_* options, which it reads.
#pragma once

#include "options.hpp"

namespace kafka {

/// Throws CONFIG for options that contradict each other, lack one another or have no effect.
void check_security(const Options& options);

}  // namespace kafka
