// SPDX-License-Identifier: Apache-2.0
#include "host/config/reject_limit.hpp"

#include <charconv>

#include "host/config/units.hpp"

namespace cphost::host {
namespace {

constexpr int64_t kWindowMinMs = 1'000;
constexpr int64_t kWindowMaxMs = 24 * 3'600'000;

template <class T>
bool read_all(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::optional<RejectLimit> parse_reject_limit(std::string_view text) {
  RejectLimit limit;
  limit.text = text;
  if (text == "never") return limit;
  const size_t slash = text.find('/');
  if (slash == text.npos) return std::nullopt;
  const auto window = parse_duration(text.substr(slash + 1));
  if (!window || *window < kWindowMinMs || *window > kWindowMaxMs) return std::nullopt;
  limit.window_ms = *window;
  std::string_view amount = text.substr(0, slash);
  if (!amount.ends_with('%')) {
    if (!read_all(amount, limit.count) || limit.count < 1) return std::nullopt;
    return limit;
  }
  amount.remove_suffix(1);
  double percent = 0;
  if (!read_all(amount, percent) || !(percent > 0 && percent < 100)) return std::nullopt;
  limit.share = percent / 100;
  limit.count = kRejectsMin;
  return limit;
}

}  // namespace cphost::host
