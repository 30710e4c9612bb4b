// SPDX-License-Identifier: Apache-2.0
// The exit codes of the process, as in sysexits.h. Supervisors act on them: 75 asks for a restart,
// 78 says that a restart is useless until the user has changed something.
#pragma once

namespace cphost::host {

inline constexpr int kExitDone = 0;          ///< Done, or stopped as asked.
inline constexpr int kExitUsage = 64;        ///< The command line is wrong.
inline constexpr int kExitIncomplete = 65;   ///< `verify`: something is missing or doubled.
inline constexpr int kExitInternal = 70;     ///< A bug, of the host or of a plugin.
inline constexpr int kExitUnreachable = 75;  ///< Source or target not reachable at start.
inline constexpr int kExitConfig = 78;       ///< The user must change the configuration.

/// The code of a process of which one part ended with `a` and another with `b`: the one that needs
/// a human more.
constexpr int worse_exit_code(int a, int b) {
  constexpr auto rank = [](int code) {
    switch (code) {
      case kExitDone:
        return 0;
      case kExitUnreachable:
        return 1;
      case kExitIncomplete:
        return 2;
      case kExitConfig:
        return 3;
      case kExitUsage:
        return 4;
      default:
        return 5;
    }
  };
  return rank(a) >= rank(b) ? a : b;
}

}  // namespace cphost::host
