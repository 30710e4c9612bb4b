// SPDX-License-Identifier: Apache-2.0
// cphost/columns/carrier.hpp: which Arrow type carries which ClickHouse type, in both directions,
// and the schema of emitted columns. Each field says its full type besides (schema.hpp,
// set_clickhouse_type).
//
//     ints, floats   c C s S i I l L f g      Decimal       d:P,S,BITS
//     Bool           b                        Date          S
//     String         z                        Date32        tdD
//     FixedString    w:N                      DateTime      I
//     Enum8, Enum16  c, s                     DateTime64    tss: tsm: tsu: tsn: (scales 0 3 6 9), l
//     UUID, IPv6     w:16 (order of the text) Array, Tuple  +l, +s
//     IPv4           I                        Map           +m
//     (U)Int128, 256 w:16, w:32               Time, Time64  i, l (ticks of its scale)
//     BFloat16       w:2                      Interval      l
//     JSON           z (an object)            Dynamic, Variant, unknown types  z (any value)
//
// Nullable is the validity bitmap. JSON and what is unknown travel as JSON text; of the latter an
// empty text is null.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "../schema.hpp"
#include "type_parser.hpp"

namespace cphost::columns {

inline std::string arrow_format(const Type& type) {
  switch (type.kind) {
    case Kind::kInt8:
    case Kind::kEnum8:
      return "c";
    case Kind::kUInt8:
      return "C";
    case Kind::kInt16:
    case Kind::kEnum16:
      return "s";
    case Kind::kUInt16:
    case Kind::kDate:
      return "S";
    case Kind::kInt32:
    case Kind::kTime:
      return "i";
    case Kind::kUInt32:
    case Kind::kDateTime:
    case Kind::kIpv4:
      return "I";
    case Kind::kInt64:
    case Kind::kTime64:
    case Kind::kInterval:
      return "l";
    case Kind::kUInt64:
      return "L";
    case Kind::kFloat32:
      return "f";
    case Kind::kFloat64:
      return "g";
    case Kind::kBool:
      return "b";
    case Kind::kText:
    case Kind::kJson:
    case Kind::kAny:
      return "z";
    case Kind::kDate32:
      return "tdD";
    case Kind::kFixedString:
    case Kind::kBFloat16:
    case Kind::kInt128:
    case Kind::kInt256:
    case Kind::kUInt128:
    case Kind::kUInt256:
      return "w:" + std::to_string(type.width);
    case Kind::kUuid:
    case Kind::kIpv6:
      return "w:16";
    case Kind::kDecimal:
      return "d:" + std::to_string(type.precision) + "," + std::to_string(type.scale) + "," +
             std::to_string(type.width * 8);
    case Kind::kDateTime64: {
      const char* unit = type.scale == 0   ? "tss:"
                         : type.scale == 3 ? "tsm:"
                         : type.scale == 6 ? "tsu:"
                         : type.scale == 9 ? "tsn:"
                                           : nullptr;
      return unit == nullptr ? "l" : unit + (type.zone.empty() ? std::string("UTC") : type.zone);
    }
    case Kind::kArray:
      return "+l";
    case Kind::kMap:
      return "+m";
    case Kind::kTuple:
      return "+s";
  }
  return {};
}

namespace detail {

inline std::string type_of_format(const ArrowSchema& field, unsigned depth);

inline std::string type_of_child(const ArrowSchema& parent, int64_t i, unsigned depth) {
  const ArrowSchema& child = *parent.children[i];
  std::string type(clickhouse_type(child));
  if (type.empty()) {
    type = type_of_format(child, depth + 1);
    const bool nests = child.format[0] == '+';
    if (is_nullable(child) && !nests) type = "Nullable(" + type + ")";
  }
  return type;
}

inline std::string type_of_timestamp(std::string_view format) {
  const char* scale = format[2] == 's'   ? "0"
                      : format[2] == 'm' ? "3"
                      : format[2] == 'u' ? "6"
                                         : "9";
  const std::string zone(format.substr(4));
  return std::string("DateTime64(") + scale + (zone.empty() ? "" : ", '" + zone + "'") + ")";
}

// A field without a ClickHouse type has the one that Arrow's type suggests.
inline std::string type_of_format(const ArrowSchema& field, unsigned depth) {
  const std::string_view format = field.format;
  if (depth > kTypeDepthMax) throw TypeError("a column is nested too deeply");
  static constexpr std::pair<char, const char*> kLetters[] = {
      {'c', "Int8"},   {'C', "UInt8"},  {'s', "Int16"},  {'S', "UInt16"},  {'i', "Int32"},
      {'I', "UInt32"}, {'l', "Int64"},  {'L', "UInt64"}, {'f', "Float32"}, {'g', "Float64"},
      {'b', "Bool"},   {'z', "String"}, {'u', "String"}};
  if (format.size() == 1) {
    for (const auto& letter : kLetters) {
      if (letter.first == format[0]) return letter.second;
    }
  }
  if (format == "tdD") return "Date32";
  if (format.size() >= 4 && format.substr(0, 2) == "ts" && format[3] == ':') {
    return type_of_timestamp(format);
  }
  if (format.substr(0, 2) == "w:") return "FixedString(" + std::string(format.substr(2)) + ")";
  if (format.substr(0, 2) == "d:") {
    const size_t comma = format.find(',');
    const size_t bits = format.find(',', comma + 1);
    return "Decimal(" + std::string(format.substr(2, bits == format.npos ? bits : bits - 2)) + ")";
  }
  if (format == "+l") return "Array(" + type_of_child(field, 0, depth) + ")";
  if (format == "+m") {
    const ArrowSchema& entries = *field.children[0];
    std::string key = type_of_child(entries, 0, depth);
    if (key.rfind("Nullable(", 0) == 0) key = key.substr(9, key.size() - 10);
    return "Map(" + key + ", " + type_of_child(entries, 1, depth) + ")";
  }
  if (format == "+s") {
    std::string type = "Tuple(";
    for (int64_t i = 0; i < field.n_children; ++i) {
      type += (i > 0 ? ", `" : "`") + std::string(field.children[i]->name) + "` " +
              type_of_child(field, i, depth);
    }
    return type + ")";
  }
  throw TypeError("Arrow type '" + std::string(format) + "' has no builder");
}

}  // namespace detail

// The type of a wanted field. Throws TypeError.
inline Type type_of_field(const ArrowSchema& field) {
  const std::string_view given = clickhouse_type(field);
  return TypeParser::parse(given.empty() ? detail::type_of_format(field, 0) : std::string(given));
}

// The field that carries a type, with the whole type as its metadata.
inline Field carrier(const Type& type, std::string name, bool nullable) {
  Field field{std::move(name), arrow_format(type), {}, {}, nullable};
  set_clickhouse_type(field, type.text);
  const auto child = [](const Type& t, std::string child_name) {
    return carrier(t, std::move(child_name), t.nullable);
  };
  if (type.kind == Kind::kArray) {
    field.children.push_back(child(type.children[0], "item"));
  } else if (type.kind == Kind::kMap) {
    Field entries{"entries", "+s", {}, {}, false};
    entries.children.push_back(carrier(type.children[0], "key", false));
    entries.children.push_back(child(type.children[1], "value"));
    field.children.push_back(std::move(entries));
  } else if (type.kind == Kind::kTuple) {
    for (size_t i = 0; i < type.children.size(); ++i) {
      const std::string element = type.names.empty() ? std::to_string(i + 1) : type.names[i];
      field.children.push_back(child(type.children[i], element));
    }
  }
  return field;
}

}  // namespace cphost::columns
