// SPDX-License-Identifier: Apache-2.0
#include "host/config/units.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <iterator>

namespace cphost::host {
namespace {

struct Unit {
  std::string_view name;
  int64_t factor;
};

// Largest first: formatting takes the first unit that divides.
constexpr std::array<Unit, 5> kDurations{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 10> kSizes{{{"TiB", int64_t{1} << 40},
                                       {"TB", 1'000'000'000'000},
                                       {"GiB", 1 << 30},
                                       {"GB", 1'000'000'000},
                                       {"MiB", 1 << 20},
                                       {"MB", 1'000'000},
                                       {"KiB", 1 << 10},
                                       {"kB", 1'000},
                                       {"KB", 1'000},
                                       {"B", 1}}};

template <size_t N>
std::optional<int64_t> parse(std::string_view text, const std::array<Unit, N>& units) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [unit_begin, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || number < 0) return std::nullopt;
  std::string_view name(unit_begin, static_cast<size_t>(end - unit_begin));
  if (name.starts_with(' ')) name.remove_prefix(1);
  if (name.empty() && number == 0 && unit_begin == end) return 0;
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    int64_t product = 0;
    if (__builtin_mul_overflow(number, unit.factor, &product)) return std::nullopt;
    return product;
  }
  return std::nullopt;
}

template <size_t N>
std::string format(int64_t number, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    if (number >= unit.factor && number % unit.factor == 0) {
      return fmt::format("{}{}", number / unit.factor, unit.name);
    }
  }
  return fmt::format("{}{}", number, units.back().name);
}

}  // namespace

std::optional<int64_t> parse_duration(std::string_view text) {
  return parse(text, kDurations);
}

std::string format_duration(int64_t milliseconds) {
  return format(milliseconds, kDurations);
}

std::optional<int64_t> parse_size(std::string_view text) {
  return parse(text, kSizes);
}

std::string format_size(int64_t bytes) {
  return format(bytes, kSizes);
}

std::string approximate_size(int64_t bytes) {
  static constexpr std::string_view kNames[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(kNames)) {
    value /= 1024;
    ++unit;
  }
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, kNames[unit]);
}

}  // namespace cphost::host
