// SPDX-License-Identifier: Apache-2.0
#include "host/cli/core_dumps.hpp"

#include <sys/prctl.h>

namespace cphost::host {

// RLIMIT_CORE would not do: it does not hold for a core_pattern that is a program.
void forbid_core_dumps() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

}  // namespace cphost::host
