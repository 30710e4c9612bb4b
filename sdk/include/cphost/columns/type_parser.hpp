// SPDX-License-Identifier: Apache-2.0
// cphost/columns/type_parser.hpp: the text of a ClickHouse type into its tree.
#pragma once

#include <algorithm>
#include <charconv>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "../status.hpp"
#include "type.hpp"

namespace cphost::columns {

// A type that no column can be built for; what() is a sentence for the user.
class TypeError : public Error {
 public:
  explicit TypeError(std::string text) : Error(config, "COLUMN_TYPE", std::move(text)) {}
};

class TypeParser {
 public:
  static Type parse(std::string_view text) {
    TypeParser parser(text);
    Type type = parser.type(0);
    parser.space();
    if (parser.at_ != text.size()) parser.fail("something follows its end");
    return type;
  }

 private:
  struct Plain {
    std::string_view name;
    Kind kind;
    uint32_t width;
  };
  static constexpr Plain kPlain[] = {
      {"Int8", Kind::kInt8, 1},        {"Int16", Kind::kInt16, 2},
      {"Int32", Kind::kInt32, 4},      {"Int64", Kind::kInt64, 8},
      {"UInt8", Kind::kUInt8, 1},      {"UInt16", Kind::kUInt16, 2},
      {"UInt32", Kind::kUInt32, 4},    {"UInt64", Kind::kUInt64, 8},
      {"Float32", Kind::kFloat32, 4},  {"Float64", Kind::kFloat64, 8},
      {"Bool", Kind::kBool, 1},        {"String", Kind::kText, 0},
      {"Date", Kind::kDate, 2},        {"Date32", Kind::kDate32, 4},
      {"UUID", Kind::kUuid, 16},       {"IPv4", Kind::kIpv4, 4},
      {"IPv6", Kind::kIpv6, 16},       {"Int128", Kind::kInt128, 16},
      {"Int256", Kind::kInt256, 32},   {"UInt128", Kind::kUInt128, 16},
      {"UInt256", Kind::kUInt256, 32}, {"BFloat16", Kind::kBFloat16, 2},
      {"Time", Kind::kTime, 4},
  };
  // Geometries are names for what they are made of. (Geometry itself is a Variant of them.)
  static constexpr std::pair<std::string_view, std::string_view> kGeometries[] = {
      {"Point", "Tuple(Float64, Float64)"}, {"Ring", "Array(Point)"},
      {"LineString", "Array(Point)"},       {"MultiLineString", "Array(LineString)"},
      {"Polygon", "Array(Ring)"},           {"MultiPolygon", "Array(Polygon)"},
  };
  static constexpr std::string_view kIntervals[] = {
      "Nanosecond", "Microsecond", "Millisecond", "Second",  "Minute", "Hour",
      "Day",        "Week",        "Month",       "Quarter", "Year"};

  explicit TypeParser(std::string_view text) : text_(text) {}

  [[noreturn]] void fail(const char* why) const {
    throw TypeError("type '" + std::string(text_) + "' cannot be read: " + why + " (at byte " +
                    std::to_string(at_) + ")");
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void space() {
    while (peek() == ' ' || peek() == '\n' || peek() == '\t') ++at_;
  }
  bool take(char c) {
    space();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c, const char* why) {
    if (!take(c)) fail(why);
  }
  static bool part_of_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }
  std::string_view word() {
    space();
    const size_t begin = at_;
    while (part_of_word(peek())) ++at_;
    if (at_ == begin) fail("a name is missing");
    return text_.substr(begin, at_ - begin);
  }
  // Text between quotes (' or `), with ClickHouse's escapes.
  std::string quoted() {
    space();
    const char quote = peek();
    if (quote != '\'' && quote != '`') fail("a quote is missing");
    std::string out;
    for (++at_; peek() != quote || (at_ + 1 < text_.size() && text_[at_ + 1] == quote); ++at_) {
      if (at_ >= text_.size()) fail("a quote is not closed");
      if (peek() == quote) ++at_;
      if (peek() == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        out += unescaped(peek());
      } else {
        out += peek();
      }
    }
    ++at_;
    return out;
  }
  static char unescaped(char c) {
    switch (c) {
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'n':
        return '\n';
      case 'r':
        return '\r';
      case 't':
        return '\t';
      case '0':
        return '\0';
      default:
        return c;
    }
  }
  int64_t number(int64_t low, int64_t high) {
    space();
    int64_t value = 0;
    const auto [end, error] =
        std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc() || value < low || value > high)
      fail("a number is missing or too large");
    at_ = static_cast<size_t>(end - text_.data());
    return value;
  }
  // Passes over "(...)" whatever it holds.
  void skip_arguments() {
    if (!take('(')) return;
    for (unsigned open = 1; open > 0;) {
      const char c = peek();
      if (c == '\0') fail("a bracket is not closed");
      if (c == '\'' || c == '`') {
        quoted();
        continue;
      }
      open += (c == '(') - (c == ')');
      ++at_;
    }
  }

  Type type(unsigned depth) {
    if (depth > kTypeDepthMax) fail("it is nested too deeply");
    space();
    const size_t begin = at_;
    Type out = named(word(), depth);
    out.text = std::string(text_.substr(begin, at_ - begin));
    return out;
  }

  Type named(std::string_view name, unsigned depth) {
    Type out;
    for (const Plain& plain : kPlain) {
      if (name != plain.name) continue;
      out.kind = plain.kind;
      out.width = plain.width;
      return out;
    }
    for (const auto& geometry : kGeometries) {
      if (name == geometry.first) return parse(geometry.second);
    }
    if (name == "Nullable" || name == "LowCardinality") {
      expect('(', "'(' is missing");
      out = type(depth + 1);
      out.nullable = out.nullable || name == "Nullable";
      expect(')', "')' is missing");
    } else if (name == "SimpleAggregateFunction") {
      expect('(', "'(' is missing");
      word();
      skip_arguments();
      expect(',', "',' is missing");
      out = type(depth + 1);
      expect(')', "')' is missing");
    } else if (name == "AggregateFunction") {
      throw TypeError(
          "type '" + std::string(text_) +
          "' cannot be filled from outside: write the plain values into another table and "
          "let a materialized view make the states, or leave the column out (columns_only)");
    } else if (name == "Array" || name == "Map" || name == "Tuple" || name == "Nested") {
      container(name, depth, out);
    } else {
      with_arguments(name, out);
    }
    return out;
  }

  void with_arguments(std::string_view name, Type& out) {
    if (name == "FixedString") {
      expect('(', "'(' is missing");
      out.kind = Kind::kFixedString;
      out.width = static_cast<uint32_t>(number(1, kFixedStringMax));
      expect(')', "')' is missing");
    } else if (name == "DateTime") {
      out.kind = Kind::kDateTime;
      out.width = 4;
      if (take('(')) {
        out.zone = quoted();
        expect(')', "')' is missing");
      }
    } else if (name == "Time64") {
      out.kind = Kind::kTime64;
      out.width = 8;
      expect('(', "'(' is missing");
      out.scale = static_cast<uint8_t>(number(0, 9));
      expect(')', "')' is missing");
    } else if (name == "DateTime64") {
      out.kind = Kind::kDateTime64;
      out.width = 8;
      expect('(', "'(' is missing");
      out.scale = static_cast<uint8_t>(number(0, 9));
      if (take(',')) out.zone = quoted();
      expect(')', "')' is missing");
    } else if (name == "Decimal") {
      expect('(', "'(' is missing");
      const int64_t precision = number(1, 76);
      decimal(out, precision, take(',') ? number(0, precision) : 0);
      expect(')', "')' is missing");
    } else if (name == "Decimal32" || name == "Decimal64" || name == "Decimal128" ||
               name == "Decimal256") {
      const int64_t precision = name == "Decimal32"    ? 9
                                : name == "Decimal64"  ? 18
                                : name == "Decimal128" ? 38
                                                       : 76;
      expect('(', "'(' is missing");
      decimal(out, precision, number(0, precision));
      expect(')', "')' is missing");
    } else if (name == "Enum8" || name == "Enum16") {
      out.kind = name == "Enum8" ? Kind::kEnum8 : Kind::kEnum16;
      out.width = name == "Enum8" ? 1 : 2;
      enumeration(out);
    } else if (is_interval(name)) {
      out.kind = Kind::kInterval;
      out.width = 8;
      out.name = name;
    } else {
      const size_t begin = static_cast<size_t>(name.data() - text_.data());
      skip_arguments();
      out.kind = name == "JSON" ? Kind::kJson : Kind::kAny;
      out.name = text_.substr(begin, at_ - begin);
    }
  }

  static bool is_interval(std::string_view name) {
    if (name.substr(0, 8) != "Interval") return false;
    return std::find(std::begin(kIntervals), std::end(kIntervals), name.substr(8)) !=
           std::end(kIntervals);
  }

  static void decimal(Type& out, int64_t precision, int64_t scale) {
    out.kind = Kind::kDecimal;
    out.precision = static_cast<uint8_t>(precision);
    out.scale = static_cast<uint8_t>(scale);
    out.width = precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;
  }

  void enumeration(Type& out) {
    const int64_t limit = out.kind == Kind::kEnum8 ? 127 : 32767;
    expect('(', "'(' is missing");
    int64_t value = 0;
    std::set<std::string> labels;
    std::set<int64_t> values;
    do {
      EnumItem item;
      item.label = quoted();
      value = take('=') ? number(-limit - 1, limit) : value + 1;
      if (value > limit) fail("a value is too large");
      if (!labels.insert(item.label).second) fail("a label stands twice");
      if (!values.insert(value).second) fail("a value stands twice");
      item.value = static_cast<int16_t>(value);
      out.items.push_back(std::move(item));
    } while (take(','));
    expect(')', "')' is missing");
  }

  void container(std::string_view name, unsigned depth, Type& out) {
    space();
    const size_t open = at_;
    expect('(', "'(' is missing");
    if (name == "Array") {
      out.kind = Kind::kArray;
      out.children.push_back(type(depth + 1));
    } else if (name == "Map") {
      out.kind = Kind::kMap;
      out.children.push_back(type(depth + 1));
      expect(',', "',' is missing");
      out.children.push_back(type(depth + 1));
    } else {
      elements(depth, out);
      if (name == "Nested") {
        Type tuple = std::move(out);
        tuple.text = "Tuple" + std::string(text_.substr(open, at_ - open)) + ")";
        out = Type();
        out.kind = Kind::kArray;
        out.children.push_back(std::move(tuple));
      }
    }
    expect(')', "')' is missing");
  }

  // Elements of a Tuple: all named or none. A word is a name where another type follows it.
  void elements(unsigned depth, Type& out) {
    out.kind = Kind::kTuple;
    space();
    if (peek() == ')') return;
    do {
      space();
      const size_t begin = at_;
      if (peek() == '`') {
        out.names.push_back(quoted());
      } else {
        const std::string_view name = word();
        space();
        if (part_of_word(peek())) {
          out.names.emplace_back(name);
        } else {
          at_ = begin;
        }
      }
      out.children.push_back(type(depth + 1));
    } while (take(','));
    if (!out.names.empty() && out.names.size() != out.children.size()) {
      fail("some elements of a tuple have names and some have not");
    }
  }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace cphost::columns
