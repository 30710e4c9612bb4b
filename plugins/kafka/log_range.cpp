// SPDX-License-Identifier: Apache-2.0
#include "log_range.hpp"

#include <cphost/status.hpp>

namespace kafka {
namespace {

// Gaps in the offsets are normal, so it may have been fewer.
std::string deleted(int64_t count) {
  return "up to " + std::to_string(count) + " records were deleted before they were read";
}

std::string cause(int64_t wanted, const LogRange& log) {
  if (wanted < log.first) return deleted(log.first - wanted) + ", by retention or by hand";
  return "the log was truncated, or the topic was deleted and made again, so what it holds now may "
         "never have been read";
}

}  // namespace

std::string content(const LogRange& log) {
  if (log.first == log.end) return "is empty at offset " + std::to_string(log.end);
  return "holds offsets " + std::to_string(log.first) + " to " + std::to_string(log.end - 1);
}

Resumption resume_elsewhere(const std::string& policy, const std::string& partition, int64_t wanted,
                            const LogRange& log) {
  const std::string text = partition + ": offset " + std::to_string(wanted) +
                           " is not in the log, which " + content(log) + ": " + cause(wanted, log);
  if (policy == "stop") {
    throw cphost::Error(
        cphost::halt, "OFFSET_OUT_OF_RANGE",
        text +
            ". Nothing is stepped over by itself. To go on, say where: `cphost positions set "
            "--pipe FILE " +
            partition + "=" + std::to_string(log.first) +
            "` (the first that there is), or on_out_of_range = \"earliest\" or \"latest\"");
  }
  const int64_t next = policy == "earliest" ? log.first : log.end;
  std::string outcome = "; reading goes on at " + std::to_string(next);
  if (next > wanted && wanted >= log.first) {
    outcome += ", up to " + std::to_string(next - wanted) + " records are skipped";
  } else if (next > log.first && wanted < log.first) {
    outcome += ", up to " + std::to_string(next - wanted) + " records are skipped in all";
  } else if (next > log.first) {
    outcome += ", up to " + std::to_string(next - log.first) + " records are skipped";
  }
  return {next, text + outcome + " (on_out_of_range = \"" + policy + "\")"};
}

}  // namespace kafka
