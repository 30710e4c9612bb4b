// SPDX-License-Identifier: Apache-2.0
#include "time_text.hpp"

#include <charconv>
#include <chrono>

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
std::optional<int64_t> absolute_time(std::string_view text) {
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

template <class Number>
bool read_number(std::string_view& text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

// "2h": a whole number of one unit, in milliseconds.
std::optional<int64_t> span(std::string_view text) {
  int64_t number = 0;
  if (!read_number(text, number)) return std::nullopt;
  int64_t unit = 0;
  if (text == "ms") unit = 1;
  if (text == "s") unit = 1000;
  if (text == "m") unit = 60 * 1000;
  if (text == "h") unit = 60 * 60 * 1000;
  if (text == "d") unit = 24 * 60 * 60 * 1000;
  int64_t product = 0;
  if (unit == 0 || __builtin_mul_overflow(number, unit, &product)) return std::nullopt;
  return product;
}

}  // namespace

std::optional<int64_t> parse_time(std::string_view text, int64_t now_ms) {
  if (text.starts_with('-')) {
    const auto before = span(text.substr(1));
    if (!before || *before > now_ms) return std::nullopt;
    return now_ms - *before;
  }
  int64_t number = 0;
  std::string_view rest = text;
  if (read_number(rest, number) && rest.empty()) return number;
  const auto time = absolute_time(text);
  return time && *time >= 0 ? time : std::nullopt;
}

}  // namespace kafka
