// SPDX-License-Identifier: Apache-2.0
// The options of `plugin = "numbers"`: one table, from which the host parses, checks and documents.
#pragma once

#include <cphost/options.hpp>

namespace numbers {

struct Options {
  int64_t first;
  int64_t count;
  uint32_t streams;
};

inline constexpr auto kOptions = cphost::options<Options>(
    cphost::optional("first", &Options::first, "0", "The number to begin with.",
                     cphost::range("0..")),
    cphost::required("count", &Options::count, "How many numbers there are, over all streams.",
                     cphost::range("0..")),
    cphost::optional("streams", &Options::streams, "1",
                     "Streams that the numbers are dealt out to; workers share them.",
                     cphost::range("1..1024")));

// What the table cannot say about a single option: whether they fit each other. Throws
// cphost::Error.
void check(const Options& options);

}  // namespace numbers
