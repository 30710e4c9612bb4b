// SPDX-License-Identifier: Apache-2.0
#include "log_range.hpp"

#include <algorithm>
#include <charconv>
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

Resumption resume_truncated(const std::string& policy, const std::string& partition, int64_t wanted,
                            const LogRange& log, int64_t kept) {
  const int64_t first_other = std::max(log.first, std::min(kept, wanted));
  std::string text = partition + ": the log was truncated";
  if (kept >= 0) text += " at offset " + std::to_string(kept);
  text += " after it had been read up to offset " + std::to_string(wanted) +
          " (an unclean leader election, or a topic that was made again); it " + content(log);
  if (policy == "stop" || kept < 0) {
    throw cphost::Error(
        cphost::halt, "OFFSET_OUT_OF_RANGE",
        text +
            (kept < 0 ? ", and no broker says which of them were read. "
                      : ", and what it holds from there on was not read. ") +
            "To go on, say where: `cphost positions set --pipe FILE " + partition + "=" +
            std::to_string(first_other) + "`" +
            (kept < 0 ? " (the first that there is: what was read before comes again)"
                      : ", or on_out_of_range = \"earliest\" or \"latest\""));
  }
  const int64_t next = policy == "earliest" ? first_other : log.end;
  text += "; reading goes on at " + std::to_string(next);
  if (next > first_other) {
    text += ", up to " + std::to_string(next - first_other) + " records are skipped";
  }
  return {next, text + " (on_out_of_range = \"" + policy + "\")"};
}

int64_t parse_truncation(std::string_view reason) {
  constexpr std::string_view kBefore = "broker end offset is ";
  const size_t found = reason.find(kBefore);
  int64_t kept = -1;
  if (found == reason.npos) return kept;
  reason.remove_prefix(found + kBefore.size());
  const auto [end, error] = std::from_chars(reason.data(), reason.data() + reason.size(), kept);
  return error == std::errc() && kept >= 0 ? kept : -1;
}

}  // namespace kafka
