// SPDX-License-Identifier: Apache-2.0
// What delivery rests on. All of it is always in force, but in a build of tests which takes one
// away, to show that the tests notice: CPHOST_NEGATIVE_CONTROLS, and the name of one of them in the
// variable CPHOST_WITHOUT.
#pragma once

#ifdef CPHOST_NEGATIVE_CONTROLS
#include <cstdlib>
#include <string_view>
#endif

namespace cphost::host {

enum class Safeguard {
  kContiguousWatermark,  // "watermark": it passes no record that is not resolved
  kNoteBeforeInsert,     // "note": nothing of a range is sent before its note is durable
  kEpoch,                // "epoch": nothing of a stream that was let go is sent
};

#ifdef CPHOST_NEGATIVE_CONTROLS
inline bool in_force(Safeguard safeguard) {
  static const char* const without = std::getenv("CPHOST_WITHOUT");
  constexpr std::string_view kNames[] = {"watermark", "note", "epoch"};
  return without == nullptr || kNames[static_cast<int>(safeguard)] != without;
}
#else
constexpr bool in_force(Safeguard) {
  return true;
}
#endif

}  // namespace cphost::host
