// SPDX-License-Identifier: Apache-2.0
#include "host/report/summary.hpp"

#include <fmt/format.h>

#include "host/report/json_text.hpp"

namespace cphost::host {
namespace {

double per_second(int64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

std::string balance_text(int64_t missing) {
  if (missing == 0) return "balanced: in = inserted + rejected + filtered + dropped";
  if (missing > 0) {
    return fmt::format("NOT BALANCED: {} records came in that are not accounted for",
                       grouped(missing));
  }
  return fmt::format("NOT BALANCED: {} records are counted twice", grouped(-missing));
}

}  // namespace

int64_t missing_records(const CounterSnapshot& c) {
  return c.in - c.inserted - c.rejected - c.filtered - c.dropped;
}

std::string summary_text(const std::string& pipe, const CounterSnapshot& c, double seconds) {
  std::string text =
      fmt::format("pipe {}: {} rows in {} blocks, {:.1f} s, {} rows/s, {:.1f} MB/s, {} retries\n",
                  pipe, grouped(c.rows), grouped(c.blocks), seconds,
                  grouped(static_cast<int64_t>(per_second(c.rows, seconds))),
                  per_second(c.bytes_in, seconds) / 1e6, grouped(c.retries));
  text += fmt::format("  in {} = inserted {} + rejected {} + filtered {} + dropped {}\n",
                      grouped(c.in), grouped(c.inserted), grouped(c.rejected), grouped(c.filtered),
                      grouped(c.dropped));
  text += fmt::format("  {}\n", balance_text(missing_records(c)));
  if (c.dropped > 0) {
    text += fmt::format("  {} dropped records were not committed: they come again\n",
                        grouped(c.dropped));
  }
  return text;
}

std::string summary_json(const std::string& pipe, const CounterSnapshot& c, double seconds) {
  return fmt::format(
      "{{\"pipe\":{},\"in\":{},\"inserted\":{},\"rejected\":{},\"filtered\":{},\"dropped\":{},"
      "\"rows\":{},\"blocks\":{},\"retries\":{},\"commits\":{},\"bytes_in\":{},\"seconds\":{:.3f},"
      "\"rows_per_second\":{:.0f},\"mb_per_second\":{:.1f},\"balanced\":{}}}\n",
      json_string(pipe), c.in, c.inserted, c.rejected, c.filtered, c.dropped, c.rows, c.blocks,
      c.retries, c.commits, c.bytes_in, seconds, per_second(c.rows, seconds),
      per_second(c.bytes_in, seconds) / 1e6, missing_records(c) == 0);
}

}  // namespace cphost::host
