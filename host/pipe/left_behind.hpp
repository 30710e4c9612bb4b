// SPDX-License-Identifier: Apache-2.0
// Calls of plugins that did not return in the time in which a pipe must stop. Their threads go on
// with what they own; a process that has some must end without the destructors of what they use.
#pragma once

#include <atomic>

namespace cphost::host {

/// How many are under way.
inline std::atomic<int>& calls_left_behind() {
  static std::atomic<int> calls{0};
  return calls;
}

}  // namespace cphost::host
