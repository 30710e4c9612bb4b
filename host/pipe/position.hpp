// SPDX-License-Identifier: Apache-2.0
// The order of positions within a stream: shorter first, then bytewise. Plain decimals and
// fixed-width text order rightly.
#pragma once

#include <string_view>

namespace cphost::host {

inline bool position_less(std::string_view a, std::string_view b) {
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace cphost::host
