// SPDX-License-Identifier: Apache-2.0
// cphost/columns/time_zone.hpp: local times of a named zone to UTC, from the system's zone files
// (TZif, RFC 8536).
//
// A zone belongs to one decoder and is used by one thread: it remembers where it last looked. Of
// two instants with the same local time the earlier is meant; a local time that a clock change
// skipped is read with the offset behind it, as ClickHouse does.
#pragma once

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../status.hpp"
#include "bytes.hpp"
#include "posix_zone.hpp"

namespace cphost::columns {

class TimeZone {
 public:
  // nullptr for UTC in its spellings, which need no file. Throws Error (config, TIME_ZONE).
  static std::unique_ptr<TimeZone> load(std::string_view name,
                                        const std::string& folder = "/usr/share/zoneinfo") {
    for (std::string_view utc : {"", "UTC", "Etc/UTC", "GMT", "Etc/GMT", "UCT", "Zulu"}) {
      if (name == utc) return nullptr;
    }
    const auto part_of_name = [](char c) {
      return std::isalnum(static_cast<Byte>(c)) || c == '_' || c == '-' || c == '+' || c == '/';
    };
    if (name.front() == '/' || !std::all_of(name.begin(), name.end(), part_of_name)) {
      throw error("time zone '" + std::string(name) + "' is no name of a zone");
    }
    const std::string path = folder + "/" + std::string(name);
    return std::unique_ptr<TimeZone>(new TimeZone(name, read_file(path)));
  }

  int64_t to_utc(int64_t local) {
    if (local >= kCycleFrom) [[unlikely]] {
      const int64_t ahead = ((local - kCycleFrom) / kCycle + 1) * kCycle;
      return to_utc(local - ahead) + ahead;
    }
    if (local >= steady_from_ && local < steady_to_) [[likely]]
      return local - steady_offset_;
    constexpr int64_t kDay = 86400;  // no offset is as large, and no two changes are as close
    const Change* before = at(local - kDay);
    const Change* after = at(local + kDay);
    if (before == after) {
      steady_offset_ = before->offset;
      steady_from_ = before->at + kDay;
      steady_to_ =
          before + 1 == changes_.data() + changes_.size() ? INT64_MAX : before[1].at - kDay;
      return local - before->offset;
    }
    const int64_t early = local - before->offset;
    if (at(early)->offset == before->offset) return early;
    return local - after->offset;
  }

 private:
  // The calendar repeats itself, weekdays too, after 400 years. Zone files list changes up to 2037.
  static constexpr unsigned kLastYear = 2440;
  static constexpr int64_t kCycle = int64_t{146097} * 86400;
  static constexpr int64_t kCycleFrom = 14800000000;  // in 2438

  struct Change {
    int64_t at;  // UTC, from when on
    int64_t offset;
  };

  static Error error(std::string text) { return Error(config, "TIME_ZONE", std::move(text)); }

  TimeZone(std::string_view name, std::string_view file) { parse(name, file); }

  const Change* at(int64_t utc) const {
    const auto next = std::upper_bound(changes_.begin() + 1, changes_.end(), utc,
                                       [](int64_t t, const Change& c) { return t < c.at; });
    return &*(next - 1);
  }

  static std::string read_file(const std::string& path) {
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                         &std::fclose);
    if (!file) {
      throw error("time zone file " + path + " cannot be read: install tzdata");
    }
    std::string text(1 << 20, '\0');
    text.resize(std::fread(text.data(), 1, text.size(), file.get()));
    return text;
  }

  void parse(std::string_view name, std::string_view file) {
    const auto broken = [name] {
      return error("the file of time zone '" + std::string(name) + "' is damaged");
    };
    const auto big = [&](size_t at, size_t bytes) -> uint64_t {
      if (at > file.size() || bytes > file.size() - at) throw broken();
      uint64_t v = 0;
      for (size_t i = 0; i < bytes; ++i) v = v << 8 | static_cast<Byte>(file[at + i]);
      return v;
    };
    if (file.substr(0, 4) != "TZif" || big(4, 1) < '2') throw broken();
    // The first of the two parts has 32-bit times and is passed over.
    const size_t first = 44 + big(32, 4) * 5 + big(36, 4) * 6 + big(40, 4) + big(28, 4) * 8 +
                         big(24, 4) + big(20, 4);
    const size_t head = first;
    const uint64_t leaps = big(head + 28, 4), times = big(head + 32, 4), types = big(head + 36, 4),
                   letters = big(head + 40, 4);
    const size_t indexes = head + 44 + times * 8, infos = indexes + times;
    const size_t footer =
        infos + types * 6 + letters + leaps * 12 + big(head + 24, 4) + big(head + 20, 4);
    const auto offset_of = [&](uint64_t type) -> int64_t {
      if (type >= types) throw broken();
      return static_cast<int32_t>(static_cast<uint32_t>(big(infos + type * 6, 4)));
    };
    changes_.push_back({INT64_MIN, offset_of(0)});
    for (uint64_t i = 0; i < times; ++i) {
      const int64_t when = static_cast<int64_t>(big(head + 44 + i * 8, 8));
      if (when <= changes_.back().at) continue;
      changes_.push_back({when, offset_of(big(indexes + i, 1))});
    }
    if (footer + 1 < file.size()) extend(file.substr(footer + 1));
  }

  // The footer rules the years behind the last listed change.
  void extend(std::string_view footer) {
    const PosixZone rule = PosixZone::parse(footer.substr(0, footer.find('\n')));
    if (!rule.valid) return;
    const int64_t last = changes_.back().at;
    if (!rule.has_summer) {
      if (last == INT64_MIN) changes_.back().offset = rule.standard;
      return;
    }
    for (unsigned year = 1970; year <= kLastYear; ++year) {
      Change summer = {rule.start.at(year) - rule.standard, rule.summer};
      Change winter = {rule.end.at(year) - rule.summer, rule.standard};
      if (winter.at < summer.at) std::swap(summer, winter);
      if (summer.at > last) changes_.push_back(summer);
      if (winter.at > last) changes_.push_back(winter);
    }
  }

  std::vector<Change> changes_;  // ascending; the first holds from the beginning of time
  int64_t steady_from_ = 0, steady_to_ = 0, steady_offset_ = 0;
};

}  // namespace cphost::columns
