// SPDX-License-Identifier: Apache-2.0
#include "reading_plan.hpp"

#include <charconv>
#include <cphost/status.hpp>
#include <optional>
#include <string_view>

#include "client.hpp"
#include "time_text.hpp"
#include "topics.hpp"

namespace kafka {
namespace {

[[noreturn]] void refuse(const std::string& text) {
  throw cphost::Error(cphost::config, "OPTIONS", text);
}

int64_t time_of(const char* option, const std::string& text, const char* words, int64_t now_ms) {
  if (const auto time = parse_time(text, now_ms)) return *time;
  refuse(std::string(option) + " = \"" + text + "\": use " + words +
         ", a time with its zone such as \"2026-01-31T12:00:00Z\", one before now such as "
         "\"-2h\" (ms, s, m, h, d), or milliseconds since 1970");
}

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

PartitionOffsets offsets_of(const char* option, const Options& options,
                            const std::vector<std::pair<std::string, std::string>>& given) {
  PartitionOffsets offsets;
  for (const auto& [name, value] : given) {
    const std::string entry = std::string(option) + ": \"" + name + "\" = " + value;
    const size_t slash = name.rfind('/');
    const auto partition = number<int32_t>(
        slash == name.npos ? std::string_view() : std::string_view(name).substr(slash + 1));
    if (!partition) refuse(entry + ": the key names a partition as TOPIC/NUMBER");
    const std::string topic = name.substr(0, slash);
    if (!selects(options.topics, topic)) refuse(entry + ": that topic is not one of `topics`");
    const auto offset = number<int64_t>(value);
    if (!offset) refuse(entry + ": an offset is a whole number from 0 on");
    offsets[{topic, *partition}] = *offset;
  }
  return offsets;
}

void check_bounds(const Options& options, const ReadingPlan& plan, int64_t now_ms) {
  if (plan.start > now_ms) {
    refuse("start = \"" + options.start +
           "\" lies in the future: a pipe begins at a time that has been, or at \"latest\"");
  }
  if (!plan.is_bounded) {
    if (plan.stop_offsets.empty()) return;
    refuse(
        "stop_offsets with stop = \"never\": say with stop = \"end\", or a time, where the "
        "partitions end that are not named");
  }
  if (plan.stop > now_ms) {
    refuse("stop = \"" + options.stop +
           "\" lies in the future: a run ends at a time that has been");
  }
  if (plan.stop != Client::kLatest && plan.start == Client::kLatest) {
    refuse("start = \"latest\" with stop = \"" + options.stop +
           "\": there is nothing between them");
  }
  if (plan.stop >= 0 && plan.start > plan.stop) {
    refuse("start = \"" + options.start + "\" is later than stop = \"" + options.stop + "\"");
  }
  for (const auto& [partition, start] : plan.start_offsets) {
    const auto stop = plan.stop_offsets.find(partition);
    if (stop == plan.stop_offsets.end() || start <= stop->second) continue;
    refuse("start_offsets and stop_offsets: \"" + partition.first + "/" +
           std::to_string(partition.second) + "\" begins at " + std::to_string(start) +
           ", behind its end at " + std::to_string(stop->second));
  }
}

}  // namespace

int64_t parse_start(const std::string& text, int64_t now_ms) {
  if (text == "earliest") return Client::kEarliest;
  if (text == "latest") return Client::kLatest;
  return time_of("start", text, "\"earliest\", \"latest\"", now_ms);
}

ReadingPlan make_reading_plan(const Options& options, int64_t now_ms) {
  ReadingPlan plan;
  plan.start = parse_start(options.start, now_ms);
  plan.is_bounded = options.stop != "never";
  plan.stop = Client::kLatest;
  if (plan.is_bounded && options.stop != "end") {
    plan.stop = time_of("stop", options.stop, "\"never\", \"end\"", now_ms);
  }
  plan.start_offsets = offsets_of("start_offsets", options, options.start_offsets);
  plan.stop_offsets = offsets_of("stop_offsets", options, options.stop_offsets);
  check_bounds(options, plan, now_ms);
  return plan;
}

}  // namespace kafka
