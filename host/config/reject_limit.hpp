// SPDX-License-Identifier: Apache-2.0
// [errors] stop_at: how many rejects look like a wrong schema rather than like bad records. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cphost::host {

struct RejectLimit {
  double share = 0;       ///< More than this part of the records; 0: more than `count` of them.
  int64_t count = 0;      ///< With a share: at least so many.
  int64_t window_ms = 0;  ///< Within this time; 0: there is no limit.
  std::string text;       ///< As it was given.
};

/// With a share, fewer rejects than this never stop a pipe: one bad record of three is no pattern.
inline constexpr int64_t kRejectsMin = 100;

/// The limit that "10%/1m", "1000/1m" or "never" is; nothing if it is none of these.
std::optional<RejectLimit> parse_reject_limit(std::string_view text);

}  // namespace cphost::host
