// SPDX-License-Identifier: Apache-2.0
#include "variant_times.hpp"

#include <cphost/columns/type_parser.hpp>

#include <vector>

namespace clickhouse {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

// Types whose texts the server may take for each other.
enum class Family { kNone, kDays, kMoments, kClocks };

Family family_of(Kind kind) {
  switch (kind) {
    case Kind::kDate:
    case Kind::kDate32:
      return Family::kDays;
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return Family::kMoments;
    case Kind::kTime:
    case Kind::kTime64:
      return Family::kClocks;
    default:
      return Family::kNone;
  }
}

// Of one family.
bool holds_all(const Type& member, const Type& from) {
  constexpr unsigned kAllYears = 7;  // with more digits the year 9999 is beyond an Int64
  if (member.kind == from.kind && member.scale == from.scale) return true;
  switch (member.kind) {
    case Kind::kDate32:
      return true;
    case Kind::kDateTime64:
      return from.kind == Kind::kDateTime ||
             (member.scale > from.scale && member.scale <= kAllYears);
    case Kind::kTime64:
      return member.scale >= from.scale;
    default:
      return false;
  }
}

// "A, B(C, D)" at its commas.
std::vector<std::string_view> split(std::string_view list) {
  std::vector<std::string_view> parts;
  size_t depth = 0, begin = 0;
  for (size_t at = 0; at < list.size(); ++at) {
    const char c = list[at];
    if (c == '\'' || c == '`' || c == '"') {
      for (++at; at < list.size() && list[at] != c; ++at) at += list[at] == '\\';
    } else if (c == '(') {
      ++depth;
    } else if (c == ')') {
      --depth;
    } else if (c == ',' && depth == 0) {
      parts.push_back(list.substr(begin, at - begin));
      begin = at + 1;
    }
  }
  parts.push_back(list.substr(begin));
  return parts;
}

}  // namespace

bool variant_keeps(const Type& from, std::string_view name) {
  constexpr std::string_view kVariant = "Variant(";
  const Family family = family_of(from.kind);
  if (family == Family::kNone || !name.starts_with(kVariant)) return true;
  bool kept = false;
  for (const std::string_view part :
       split(name.substr(kVariant.size(), name.size() - kVariant.size() - 1))) {
    const Type member = cphost::columns::TypeParser::parse(part);
    if (family_of(member.kind) != family) continue;
    if (!holds_all(member, from)) return false;  // It may be the one that is tried first.
    kept = true;
  }
  return kept;
}

}  // namespace clickhouse
