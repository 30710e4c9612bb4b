// SPDX-License-Identifier: Apache-2.0
#include "default_text.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace clickhouse {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

// "JSON" of "Nullable(JSON(max_dynamic_paths=8))".
std::string_view innermost_name(std::string_view type) {
  for (const std::string_view wrapper :
       {"SimpleAggregateFunction(", "LowCardinality(", "Nullable("}) {
    if (!type.starts_with(wrapper)) continue;
    type.remove_prefix(wrapper.size());
    if (wrapper.front() == 'S') type.remove_prefix(std::min(type.size(), type.find(", ") + 2));
  }
  return type.substr(0, type.find_first_of("() ,"));
}

std::string text_of_name(std::string_view name) {
  static constexpr std::pair<std::string_view, const char*> kTexts[] = {{"JSON", "{}"},
                                                                        {"Int128", "0"},
                                                                        {"UInt128", "0"},
                                                                        {"Int256", "0"},
                                                                        {"UInt256", "0"},
                                                                        {"BFloat16", "0"},
                                                                        {"Point", "(0,0)"},
                                                                        {"Ring", "[]"},
                                                                        {"LineString", "[]"},
                                                                        {"Polygon", "[]"},
                                                                        {"MultiLineString", "[]"},
                                                                        {"MultiPolygon", "[]"},
                                                                        {"Time", "00:00:00"},
                                                                        {"Time64", "00:00:00"}};
  for (const auto& entry : kTexts) {
    if (entry.first == name) return entry.second;
  }
  return {};
}

// As the server: the one with the least number.
std::string default_label(const Type& type) {
  const auto least =
      std::min_element(type.items.begin(), type.items.end(),
                       [](const auto& a, const auto& b) { return a.value < b.value; });
  return least == type.items.end() ? std::string() : least->label;
}

}  // namespace

std::string default_text(const Type& type) {
  switch (type.kind) {
    case Kind::kUuid:
      return "00000000-0000-0000-0000-000000000000";
    case Kind::kIpv4:
      return "0.0.0.0";
    case Kind::kIpv6:
      return "::";
    case Kind::kEnum8:
    case Kind::kEnum16:
      return default_label(type);
    case Kind::kText:
      return text_of_name(innermost_name(type.text));
    default:
      return {};
  }
}

}  // namespace clickhouse
