// SPDX-License-Identifier: Apache-2.0
#include "json_documents.hpp"

#include <algorithm>
#include <charconv>

namespace fuzz {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;
using simdjson::dom::element;
using simdjson::dom::element_type;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// The size of the longest number of RFC 8259 that the text begins with, or 0.
size_t number_size(std::string_view text) {
  const auto digits = [text](size_t at) {
    while (at < text.size() && is_digit(text[at])) ++at;
    return at;
  };
  const size_t first = text.substr(0, 1) == "-" ? 1 : 0;
  size_t end = digits(first);
  if (end == first) return 0;
  if (text[first] == '0') end = first + 1;
  if (end < text.size() && text[end] == '.') {
    const size_t more = digits(end + 1);
    if (more > end + 1) end = more;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    size_t at = end + 1;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const size_t more = digits(at);
    if (more > at) end = more;
  }
  return end;
}

// Copies the rest of the string at `at`, behind its quote, and returns where it ends.
size_t copy_string(std::string_view text, size_t at, std::string& out) {
  while (at < text.size()) {
    const char c = text[at++];
    out += c;
    if (c == '"') break;
    if (c == '\\' && at < text.size()) out += text[at++];
  }
  return at;
}

// Each number becomes 0e0 with its sign: as valid in its place, never too large, and whatever could
// not follow the number can't follow this one either.
std::string with_small_numbers(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t size = number_size(text.substr(i));
    if (size != 0) {
      out += text[i] == '-' ? "-0e0" : "0e0";
      i += size;
      continue;
    }
    out += text[i++];
    if (out.back() == '"') i = copy_string(text, i, out);
  }
  return out;
}

std::string_view without_mark(std::string_view document) {
  if (document.substr(0, 3) == "\xef\xbb\xbf") document.remove_prefix(3);
  return document;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A comma between an object and the next one, and brackets around all; nothing where anything but
// objects stands there.
std::optional<std::string> as_array(std::string_view text) {
  std::string out = "[";
  int depth = 0;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i++];
    if (depth == 0 && !is_blank(c)) {
      if (c != '{') return std::nullopt;
      if (out.find('{') != out.npos) out += ',';
    }
    out += c;
    if (c == '"') i = copy_string(text, i, out);
    depth += (c == '{' || c == '[') - (c == '}' || c == ']');
  }
  return out + "]";
}

template <class T>
std::string text_of(T number) {
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

std::optional<std::string> expected(const Type& type, element value, bool nullable);

std::optional<std::string> expected_array(const Type& type, simdjson::dom::array values) {
  const bool tuple = type.kind == Kind::kTuple;
  if (tuple && (!type.names.empty() || values.size() != type.children.size())) return std::nullopt;
  std::string out(1, tuple ? '(' : '[');
  size_t i = 0;
  for (const element value : values) {
    const Type& child = type.children[tuple ? i : 0];
    const std::optional<std::string> text = expected(child, value, child.nullable);
    if (!text) return std::nullopt;
    out += (i++ > 0 ? "," : "") + *text;
  }
  return out + (tuple ? ')' : ']');
}

std::optional<std::string> expected_map(const Type& type, simdjson::dom::object members) {
  if (type.children[0].kind != Kind::kText) return std::nullopt;
  std::string out = "{";
  for (const auto member : members) {
    const Type& child = type.children[1];
    const std::optional<std::string> text = expected(child, member.value, child.nullable);
    if (!text) return std::nullopt;
    out += (out.size() > 1 ? ",'" : "'") + std::string(member.key) + "':" + *text;
  }
  return out + "}";
}

std::optional<std::string> expected_tuple(const Type& type, simdjson::dom::object members) {
  std::string out = "(";
  for (size_t i = 0; i < type.names.size(); ++i) {
    element value;
    if (members.at_key(type.names[i]).get(value) != simdjson::SUCCESS) return std::nullopt;
    const Type& child = type.children[i];
    const std::optional<std::string> text = expected(child, value, child.nullable);
    if (!text) return std::nullopt;
    out += (i > 0 ? "," : "") + *text;
  }
  if (type.names.empty()) return std::nullopt;
  return out + ")";
}

std::optional<std::string> expected(const Type& type, element value, bool nullable) {
  const bool integer = type.kind <= Kind::kUInt64;
  switch (value.type()) {
    case element_type::NULL_VALUE:
      return nullable ? std::optional<std::string>("NULL") : std::nullopt;
    case element_type::STRING:
      if (type.kind != Kind::kText) return std::nullopt;
      return "'" + std::string(value.get_string().value_unsafe()) + "'";
    case element_type::INT64:
      if (!integer) return std::nullopt;
      return text_of(value.get_int64().value_unsafe());
    case element_type::UINT64:
      if (!integer) return std::nullopt;
      return text_of(value.get_uint64().value_unsafe());
    case element_type::DOUBLE:
      if (type.kind != Kind::kFloat64) return std::nullopt;
      return text_of(value.get_double().value_unsafe());
    case element_type::BOOL:
      if (type.kind != Kind::kBool) return std::nullopt;
      return value.get_bool().value_unsafe() ? "true" : "false";
    case element_type::ARRAY:
      if (type.kind != Kind::kArray && type.kind != Kind::kTuple) return std::nullopt;
      return expected_array(type, value.get_array().value_unsafe());
    case element_type::OBJECT:
      if (type.kind == Kind::kMap) return expected_map(type, value.get_object().value_unsafe());
      if (type.kind != Kind::kTuple) return std::nullopt;
      return expected_tuple(type, value.get_object().value_unsafe());
  }
  return std::nullopt;
}

bool has_enum(const Type& type) {
  return !type.items.empty() || (type.kind == Kind::kTuple &&
                                 std::any_of(type.children.begin(), type.children.end(), has_enum));
}

// A null, or nothing where it is the default of a tuple. A null that a column with enums can't keep
// is their 0: a null would become their least label.
std::optional<std::string> expected_null(const Type& type) {
  if (type.nullable || !has_enum(type)) return "NULL";
  if (type.kind == Kind::kTuple) return std::nullopt;
  return "0";
}

std::string example(const Type& type);

std::string examples(const Type& type) {
  const bool object = !type.names.empty();
  std::string out(1, object ? '{' : '[');
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i > 0) out += ',';
    if (object) out += '"' + type.names[i] + "\":";
    out += example(type.children[i]);
  }
  return out + (object ? '}' : ']');
}

// What is not named here gets a null, which every column of a row takes.
std::string example(const Type& type) {
  switch (type.kind) {
    case Kind::kText:
      return "\"text\"";
    case Kind::kFixedString:
      return "\"x\"";
    case Kind::kBool:
      return "true";
    case Kind::kDecimal:
      return type.precision > type.scale ? "-1" : "0";
    case Kind::kDate:
    case Kind::kDate32:
      return "\"2026-01-31\"";
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return "\"2026-01-31T10:20:30.123Z\"";
    case Kind::kEnum8:
    case Kind::kEnum16:
      return type.items.empty() ? "null" : std::to_string(type.items[0].value);
    case Kind::kUuid:
      return "\"61f0c404-5cb3-11e7-907b-a6006ad3dba0\"";
    case Kind::kIpv4:
      return "\"10.0.0.1\"";
    case Kind::kIpv6:
      return "\"2001:db8::1\"";
    case Kind::kArray:
      return "[" + example(type.children[0]) + "," + example(type.children[0]) + "]";
    case Kind::kMap: {
      const std::string key = example(type.children[0]);
      return "{" + (key[0] == '"' ? key : "\"" + key + "\"") + ":" + example(type.children[1]) +
             "}";
    }
    case Kind::kTuple:
      return examples(type);
    default:
      return type.kind <= Kind::kUInt64 ? "17" : type.kind <= Kind::kFloat64 ? "1.5" : "null";
  }
}

}  // namespace

bool is_json(simdjson::dom::parser& judge, std::string_view document) {
  document = without_mark(document);
  const simdjson::error_code error = judge.parse(std::string(document)).error();
  if (error != simdjson::NUMBER_ERROR) {
    return error == simdjson::SUCCESS;
  }
  return judge.parse(with_small_numbers(document)).error() == simdjson::SUCCESS;
}

bool is_json_objects(simdjson::dom::parser& judge, std::string_view documents) {
  documents = without_mark(documents);
  const size_t first = documents.find_first_not_of(" \t\r\n");
  if (first != documents.npos && documents[first] == '[') return is_json(judge, documents);
  const std::optional<std::string> array = as_array(documents);
  return array && is_json(judge, *array);
}

std::optional<std::string> expected_row(simdjson::dom::parser& judge, std::string_view document,
                                        const std::vector<JsonColumn>& columns) {
  simdjson::dom::object members;
  if (judge.parse(std::string(document)).get(members) != simdjson::SUCCESS) return std::nullopt;
  std::string row;
  for (size_t i = 0; i < columns.size(); ++i) {
    element value;
    std::optional<std::string> text = "NULL";
    if (members.at_key(columns[i].name).get(value) == simdjson::SUCCESS) {
      const Type& type = columns[i].type;
      text = value.is_null() ? expected_null(type) : expected(type, value, true);
    }
    if (!text) return std::nullopt;
    row += (i > 0 ? "|" : "") + *text;
  }
  return row;
}

std::string example_document(const std::vector<JsonColumn>& columns) {
  std::string out = "{";
  for (const JsonColumn& column : columns) {
    out += (out.size() > 1 ? ",\"" : "\"") + column.name + "\":" + example(column.type);
  }
  return out + "}";
}

}  // namespace fuzz
