// SPDX-License-Identifier: Apache-2.0
// failure.hpp: why a document was refused, and where. Scanning functions return nullptr and leave
// this behind; it becomes text only once for each refused record.
#pragma once

#include <cphost/columns/column.hpp>
#include <cphost/columns/reason.hpp>

namespace json {

using cphost::columns::Byte;

enum class Fault : uint8_t {
  kNone,
  kUnexpected,      // some other token must stand here
  kTruncated,       // the document ends too early
  kNumber,          // no number of RFC 8259
  kControl,         // an unescaped control character in a string
  kEscape,          // an unknown escape
  kSurrogate,       // half a surrogate pair
  kUtf8,            // bytes that are no UTF-8
  kDepth,           // deeper than max_depth
  kTrailing,        // something follows the document
  kNotAnObject,     // the document, or what a path leads through, is no object
  kDuplicateKey,    // a wanted key for the second time
  kUnknownField,    // a key that no column wants, and unknown_fields = "reject"
  kTooManyRows,     // more rows in one record than max_rows
  kColumnTooLarge,  // one column of the batch would exceed what offsets can say
  kValue,           // a value that its column refuses: see reason
};

struct Failure {
  Fault fault = Fault::kNone;
  const Byte* at = nullptr;
  const cphost::columns::Column* column = nullptr;  // where one is concerned
  cphost::columns::Reason reason = cphost::columns::Reason::kNone;

  // For `return failure.set(...)`.
  [[gnu::cold, gnu::noinline]] const Byte* set(Fault what, const Byte* where,
                                               const cphost::columns::Column* whose = nullptr) {
    fault = what;
    at = where;
    column = whose;
    return nullptr;
  }

  [[gnu::cold, gnu::noinline]] const Byte* value(const Byte* where,
                                                 const cphost::columns::Column& whose,
                                                 cphost::columns::Reason why) {
    set(Fault::kValue, where, &whose);
    reason = why;
    return nullptr;
  }
};

// Stable: users select rows of the error table by it.
constexpr const char* fault_code(Fault fault) {
  switch (fault) {
    case Fault::kNone:
    case Fault::kValue:
      return "";
    case Fault::kUnexpected:
    case Fault::kNumber:
      return "JSON_SYNTAX";
    case Fault::kTruncated:
      return "JSON_TRUNCATED";
    case Fault::kControl:
    case Fault::kEscape:
    case Fault::kSurrogate:
      return "JSON_STRING";
    case Fault::kUtf8:
      return "JSON_UTF8";
    case Fault::kDepth:
      return "JSON_DEPTH";
    case Fault::kTrailing:
      return "JSON_TRAILING";
    case Fault::kNotAnObject:
      return "JSON_NOT_AN_OBJECT";
    case Fault::kDuplicateKey:
      return "JSON_DUPLICATE_KEY";
    case Fault::kUnknownField:
      return "JSON_UNKNOWN_FIELD";
    case Fault::kTooManyRows:
      return "JSON_TOO_MANY_ROWS";
    case Fault::kColumnTooLarge:
      return "COLUMN_TOO_LARGE";
  }
  return "";
}

constexpr const char* fault_text(Fault fault) {
  switch (fault) {
    case Fault::kNone:
    case Fault::kValue:
      return "";
    case Fault::kUnexpected:
      return "JSON allows no such thing here";
    case Fault::kTruncated:
      return "the document ends before it is complete";
    case Fault::kNumber:
      return "this is neither a number nor any other JSON value";
    case Fault::kControl:
      return "a string has an unescaped control character";
    case Fault::kEscape:
      return "a string has an escape that JSON does not know";
    case Fault::kSurrogate:
      return "a string has half a surrogate pair";
    case Fault::kUtf8:
      return "a string has bytes that are not UTF-8";
    case Fault::kDepth:
      return "the document is nested deeper than max_depth";
    case Fault::kTrailing:
      return "something follows the document (several objects need rows = \"many\")";
    case Fault::kNotAnObject:
      return "an object is wanted here";
    case Fault::kDuplicateKey:
      return "the key stands twice in one object";
    case Fault::kUnknownField:
      return "no column wants this key, and unknown_fields is \"reject\"";
    case Fault::kTooManyRows:
      return "the record holds more rows than max_rows";
    case Fault::kColumnTooLarge:
      return "one column of the batch would exceed 1 GiB";
  }
  return "";
}

}  // namespace json
