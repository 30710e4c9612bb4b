// SPDX-License-Identifier: Apache-2.0
// cphost/columns/type.hpp: a ClickHouse type as a tree: Nullable(Array(Tuple(a UInt8, b Map(String,
// Decimal(18, 4))))).
//
// A Kind is what a builder has to do, so types that travel alike are one kind: LowCardinality(T)
// and SimpleAggregateFunction(f, T) are T; Point and the other geometries are the tuples and arrays
// that they are made of. Dynamic, Variant and whatever is not known here are kAny: only the server
// knows what becomes of a value. See carrier.hpp for the Arrow side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "enums.hpp"

namespace cphost::columns {

enum class Kind : uint8_t {
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kUInt8,
  kUInt16,
  kUInt32,
  kUInt64,
  kFloat32,
  kFloat64,
  kBFloat16,
  kInt128,
  kInt256,
  kUInt128,
  kUInt256,
  kInterval,
  kBool,
  kText,
  kJson,  // JSON: an object as its source text
  kAny,   // Dynamic, Variant, unknown types: any JSON value as its source text, "" is null
  kFixedString,
  kDecimal,
  kDate,
  kDate32,
  kDateTime,
  kDateTime64,
  kTime,
  kTime64,
  kEnum8,
  kEnum16,
  kUuid,
  kIpv4,
  kIpv6,
  kArray,
  kMap,
  kTuple,
};

constexpr bool is_container(Kind kind) {
  return kind >= Kind::kArray;
}

// Takes integers as numbers, and booleans as 1 and 0.
constexpr bool is_number(Kind kind) {
  return kind <= Kind::kInterval;
}

constexpr bool is_wide_integer(Kind kind) {
  return kind >= Kind::kInt128 && kind <= Kind::kUInt256;
}

// Of no fixed width: carried by Arrow's binary.
constexpr bool is_text(Kind kind) {
  return kind >= Kind::kText && kind <= Kind::kAny;
}

struct Type {
  Kind kind = Kind::kText;
  bool nullable = false;
  uint8_t precision = 0;           // Decimal
  uint8_t scale = 0;               // Decimal, DateTime64, Time64
  uint32_t width = 0;              // bytes of a value; 0: of no fixed width
  std::string zone;                // DateTime, DateTime64
  std::vector<EnumItem> items;     // Enum8, Enum16
  std::vector<Type> children;      // Array: 1; Map: key, value; Tuple: its elements
  std::vector<std::string> names;  // Tuple: as many as children, or none
  std::string name;                // Interval, JSON, kAny: the type without what wraps it
  std::string text;                // the whole type as ClickHouse writes it
};

inline constexpr unsigned kTypeDepthMax = 160;         // ClickHouse parses no type of 150
inline constexpr uint32_t kFixedStringMax = 0xffffff;  // as ClickHouse

}  // namespace cphost::columns
