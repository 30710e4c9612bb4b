// SPDX-License-Identifier: Apache-2.0
// cphost/metrics.hpp: the table of a component's metrics.
//
//     enum Metric : uint32_t { kFetchBytes, kConnections };
//     inline constexpr auto kMetrics = cphost::metrics(
//         cphost::counter("fetch_bytes", "bytes", "Bytes received from brokers."),
//         cphost::gauge("connections", "connections", "Open connections."));
//     ...
//     env.metric(kFetchBytes, n);
#pragma once

#include <concepts>

#include "options.h"

namespace cphost {

namespace detail {

consteval cphost_metric metric(const char* name, const char* unit, const char* help,
                               uint32_t gauge) {
  if (*name == 0 || *help == 0) throw "a metric needs a name and a help sentence";
  return {name, unit, help, gauge, 0};
}

}  // namespace detail

consteval cphost_metric counter(const char* name, const char* unit, const char* help) {
  return detail::metric(name, unit, help, 0);
}
consteval cphost_metric gauge(const char* name, const char* unit, const char* help) {
  return detail::metric(name, unit, help, 1);
}

template <uint32_t kCount>
struct Metrics {
  cphost_metric table[kCount + 1];  // one more than there are: an array of none is no C++
  uint32_t count = kCount;
};

template <std::same_as<cphost_metric>... M>
consteval Metrics<sizeof...(M)> metrics(M... rows) {
  return {{rows..., {}}};
}

inline constexpr Metrics<0> kNoMetrics{};

}  // namespace cphost
