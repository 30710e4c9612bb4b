// SPDX-License-Identifier: Apache-2.0
// cphost/columns/reason.hpp: why a value does not fit its column. Parsers return a Reason; only
// when a record is rejected does it become a stable code and a sentence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cphost::columns {

enum class Reason : uint8_t {
  kNone,
  kWrongKind,
  kNotANumber,
  kNotAnInteger,
  kIntOutOfRange,
  kFloatOutOfRange,
  kDecimalOutOfRange,
  kNotABool,
  kDateSyntax,
  kDateOutOfRange,
  kTimeSyntax,
  kTimeOutOfRange,
  kUuidSyntax,
  kIpSyntax,
  kEnumUnknown,
  kEnumNull,
  kTextTooLong,
  kTupleSize,
  kDuplicateMember,
};

// Stable: users select rows of the error table by it.
constexpr const char* reason_code(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "";
    case Reason::kWrongKind:
      return "WRONG_KIND";
    case Reason::kNotANumber:
      return "NOT_A_NUMBER";
    case Reason::kNotAnInteger:
      return "NOT_AN_INTEGER";
    case Reason::kIntOutOfRange:
      return "INT_OUT_OF_RANGE";
    case Reason::kFloatOutOfRange:
      return "FLOAT_OUT_OF_RANGE";
    case Reason::kDecimalOutOfRange:
      return "DECIMAL_OUT_OF_RANGE";
    case Reason::kNotABool:
      return "NOT_A_BOOL";
    case Reason::kDateSyntax:
      return "DATE_SYNTAX";
    case Reason::kDateOutOfRange:
      return "DATE_OUT_OF_RANGE";
    case Reason::kTimeSyntax:
      return "TIME_SYNTAX";
    case Reason::kTimeOutOfRange:
      return "TIME_OUT_OF_RANGE";
    case Reason::kUuidSyntax:
      return "UUID_SYNTAX";
    case Reason::kIpSyntax:
      return "IP_SYNTAX";
    case Reason::kEnumUnknown:
      return "ENUM_UNKNOWN";
    case Reason::kEnumNull:
      return "ENUM_NULL";
    case Reason::kTextTooLong:
      return "TEXT_TOO_LONG";
    case Reason::kTupleSize:
      return "TUPLE_SIZE";
    case Reason::kDuplicateMember:
      return "DUPLICATE_MEMBER";
  }
  return "";
}

// What the value is, as the middle of the sentence "42x <is not a number>: column a wants UInt8".
constexpr const char* reason_text(Reason reason) {
  switch (reason) {
    case Reason::kNone:
      return "";
    case Reason::kWrongKind:
      return "is of the wrong kind";
    case Reason::kNotANumber:
      return "is not a number";
    case Reason::kNotAnInteger:
      return "is not an integer";
    case Reason::kIntOutOfRange:
      return "is out of range";
    case Reason::kFloatOutOfRange:
      return "is beyond what a float can hold";
    case Reason::kDecimalOutOfRange:
      return "has too many integer digits";
    case Reason::kNotABool:
      return "is not a boolean (true, false, 1, 0)";
    case Reason::kDateSyntax:
      return "is not a date or time (YYYY-MM-DD[Thh:mm:ss[.fff]][Z|+hh:mm])";
    case Reason::kDateOutOfRange:
      return "is out of range";
    case Reason::kTimeSyntax:
      return "is not a time ([-]hhh:mm:ss[.fff])";
    case Reason::kTimeOutOfRange:
      return "is beyond 999:59:59";
    case Reason::kUuidSyntax:
      return "is not a UUID";
    case Reason::kIpSyntax:
      return "is not an address";
    case Reason::kEnumUnknown:
      return "is neither a label nor a number of the enum";
    case Reason::kEnumNull:
      return "cannot stand in an enum without 0";
    case Reason::kTextTooLong:
      return "is too long";
    case Reason::kTupleSize:
      return "has the wrong number of elements";
    case Reason::kDuplicateMember:
      return "has a member twice";
  }
  return "";
}

// A value for a message: its first bytes, on one line, cut at a whole character.
inline std::string shortened(std::string_view value, size_t limit = 64) {
  std::string out;
  size_t cut = value.size();
  if (cut > limit) {
    cut = limit;
    while (cut > limit - 4 && (static_cast<unsigned char>(value[cut]) & 0xc0) == 0x80) --cut;
  }
  for (size_t i = 0; i < cut; ++i) {
    const unsigned char c = static_cast<unsigned char>(value[i]);
    out += c < 0x20 || c == 0x7f ? '?' : value[i];
  }
  if (cut < value.size()) out += "...";
  return out;
}

}  // namespace cphost::columns
