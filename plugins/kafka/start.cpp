// SPDX-License-Identifier: Apache-2.0
#include "start.hpp"

#include <charconv>
#include <chrono>
#include <cphost/status.hpp>
#include <optional>
#include <string>
#include <vector>

namespace kafka {
namespace {

std::optional<int> digits(std::string_view& text, size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc() || end != text.data() + count || value < 0) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool skip(std::string_view& text, std::string_view one_of) {
  if (text.empty() || one_of.find(text.front()) == one_of.npos) return false;
  text.remove_prefix(1);
  return true;
}

// Minutes east of UTC, of "Z" or "+02:00". Without one the time would depend on the machine.
std::optional<int> zone_minutes(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const int sign = text[0] == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = digits(text, 2);
  if (!hours || !skip(text, ":")) return std::nullopt;
  const auto minutes = digits(text, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 60 + *minutes);
}

// RFC 3339.
std::optional<int64_t> unix_milliseconds(std::string_view text) {
  using namespace std::chrono;
  const auto year = digits(text, 4);
  if (!year || !skip(text, "-")) return std::nullopt;
  const auto month = digits(text, 2);
  if (!month || !skip(text, "-")) return std::nullopt;
  const auto day = digits(text, 2);
  if (!day || !skip(text, "Tt ")) return std::nullopt;
  const auto hour = digits(text, 2);
  if (!hour || !skip(text, ":")) return std::nullopt;
  const auto minute = digits(text, 2);
  if (!minute || !skip(text, ":")) return std::nullopt;
  const auto second = digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  int64_t fraction = 0;
  if (skip(text, ".")) {
    if (text.empty() || text[0] < '0' || text[0] > '9') return std::nullopt;
    for (int64_t unit = 100; !text.empty() && text[0] >= '0' && text[0] <= '9'; unit /= 10) {
      fraction += unit * (text[0] - '0');
      text.remove_prefix(1);
    }
  }
  const auto zone = zone_minutes(text);
  const year_month_day date{std::chrono::year(*year),
                            std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!zone || !date.ok()) return std::nullopt;
  const auto time = sys_days(date).time_since_epoch() + hours(*hour) + minutes(*minute - *zone) +
                    seconds(*second);
  return duration_cast<milliseconds>(time).count() + fraction;
}

// No position lies before the first offset, so the host can't commit that a stream begins there:
// without this commit, `latest` would be resolved anew after a crash, behind what came meanwhile.
void commit_zeros(Client& client, const std::vector<Stream*>& streams) {
  const PartitionsPtr zeros = make_partitions(streams.size());
  for (const Stream* stream : streams) {
    if (stream->next != 0) continue;
    rd_kafka_topic_partition_list_add(zeros.get(), stream->topic.c_str(), stream->partition)
        ->offset = 0;
  }
  if (zeros->cnt == 0) return;
  client.commit(*zeros);
  for (int i = 0; i < zeros->cnt; ++i) {
    const auto error = zeros->elems[i].err;
    if (!error) continue;
    throw cphost::Error(
        cphost::retry, "COMMIT",
        std::string("can't commit the start of the stream: ") + rd_kafka_err2str(error));
  }
}

}  // namespace

int64_t parse_start(std::string_view text) {
  if (text == "earliest") return Client::kEarliest;
  if (text == "latest") return Client::kLatest;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  if (const auto time = unix_milliseconds(text); time && *time >= 0) return *time;
  throw cphost::Error(cphost::config, "OPTIONS",
                      "start = \"" + std::string(text) +
                          "\": use \"earliest\", \"latest\", a time with its zone such as "
                          "\"2026-01-31T12:00:00Z\", or milliseconds since 1970");
}

bool resolve_starts(Client& client, const Streams& streams, int64_t start, bool has_group,
                    cphost::Events& out) {
  std::vector<Stream*> sought;
  const PartitionsPtr offsets = make_partitions(16);
  for (const auto& stream : streams) {
    if (stream->state != Stream::State::kSought) continue;
    sought.push_back(stream.get());
    rd_kafka_topic_partition_list_add(offsets.get(), stream->topic.c_str(), stream->partition)
        ->offset = start;
  }
  if (sought.empty()) return false;
  client.read_offsets(*offsets);
  for (size_t i = 0; i < sought.size(); ++i) sought[i]->next = offsets->elems[i].offset;
  if (has_group && start != Client::kEarliest) commit_zeros(client, sought);
  bool told = false;
  for (Stream* stream : sought) {
    stream->state = Stream::State::kReady;
    if (stream->next == 0) continue;
    out.reached(stream->id, std::to_string(stream->next - 1));
    told = true;
  }
  return told;
}

}  // namespace kafka
