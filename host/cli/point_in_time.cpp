// SPDX-License-Identifier: Apache-2.0
#include "host/cli/point_in_time.hpp"

#include <ctime>

#include "host/config/units.hpp"

namespace cphost::host {

std::optional<int64_t> parse_point_in_time(const std::string& text, int64_t now_us) {
  if (const auto duration = parse_duration(text)) return now_us - *duration * 1'000;
  for (const char* format :
       {"%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"}) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), format, &parts);
    if (end == nullptr || *end != '\0') continue;
    const std::tm given = parts;
    const std::time_t seconds = ::timegm(&parts);
    // The 30th of February would be one of March.
    if (parts.tm_mday != given.tm_mday || parts.tm_mon != given.tm_mon) return std::nullopt;
    return static_cast<int64_t>(seconds) * 1'000'000;
  }
  return std::nullopt;
}

}  // namespace cphost::host
