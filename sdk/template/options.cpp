// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <limits>
#include <string>

namespace numbers {

void check(const Options& options) {
  const int64_t room = std::numeric_limits<int64_t>::max() - options.first - options.streams;
  if (options.count > room) {
    throw cphost::Error(cphost::config, "TOO_MANY",
                        "first + count = " + std::to_string(options.first) + " + " +
                            std::to_string(options.count) +
                            " is more than a number can be; lower one of them");
  }
}

}  // namespace numbers
