// SPDX-License-Identifier: Apache-2.0
#include "default_text.hpp"

#include <algorithm>

namespace clickhouse {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

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
    default:
      return {};
  }
}

}  // namespace clickhouse
