// SPDX-License-Identifier: Apache-2.0
// The options of the file source.
#pragma once

#include <cphost/options.hpp>
#include <string>
#include <vector>

namespace file {

struct Options {
  std::vector<std::string> path;
  cphost::Bytes max_line;
  bool strip_cr = true;
  std::string stop;
};

inline constexpr auto kOptions = cphost::options<Options>(
    cphost::required(
        "path", &Options::path,
        "Files to read, or patterns such as /var/log/app/*.json; \"-\" is standard input."),
    cphost::optional("max_line", &Options::max_line, "1MiB",
                     "A longer line is rejected, and the next one is read.",
                     cphost::range("1B..128MiB")),
    cphost::optional("strip_cr", &Options::strip_cr, "true",
                     "Whether a carriage return before the line's end is left out of the record."),
    cphost::optional("stop", &Options::stop, "end",
                     "The run is over when all files have been read to their ends.",
                     cphost::choice("end")));

}  // namespace file
