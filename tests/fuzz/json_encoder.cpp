// SPDX-License-Identifier: Apache-2.0
// Blocks of random Arrow batches (encoder_input.hpp), encoded as JSONEachRow and read back by
// json_text.hpp.
//
// Holds: a row is one object, with the values that the arrays have, in the spellings that the
// server reads as nothing else, and without those that are absent; what has no such spelling is a
// fault of exactly that row and column; text that is said to be JSON comes out as it is, and where
// it would leave its place it is a fault; a row is the same alone and in a block.
#include "json_encoder.hpp"

#include <cmath>
#include <cstring>

#include "decimal_text.hpp"
#include "encoder_input.hpp"
#include "json_text.hpp"
#include "text_reference.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using clickhouse::JsonEncoder;
using cphost::columns::Kind;
using cphost::columns::Type;

struct Expectation {
  enum Verdict { kValue, kFault, kUnknown };
  Verdict verdict = kValue;
  Json json = {};
};

const Expectation kFault = {Expectation::kFault};

Expectation word(Json::Kind kind, std::string text = "") {
  return {Expectation::kValue, {kind, std::move(text)}};
}

int64_t number_of(const std::string& bytes, bool is_signed) {
  uint64_t number = is_signed && static_cast<signed char>(bytes.back()) < 0 ? ~uint64_t{0} : 0;
  for (size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<uint8_t>(bytes[i]);
  return static_cast<int64_t>(number);
}

int64_t power_of_ten(unsigned n) {
  return n == 0 ? 1 : 10 * power_of_ten(n - 1);
}

// A Dynamic has times of DateTime64(9) only: whole seconds, rounded down, and their fraction.
bool is_guessed_right(const Type& type, const std::string& bytes) {
  const bool days = type.kind == Kind::kDate32;
  if (!days && type.kind != Kind::kDateTime64) return true;
  const int64_t number = number_of(bytes, true);
  const auto ticks = static_cast<long double>(number) * (days ? 86400 : 1);
  const long double unit = days ? 1 : static_cast<long double>(power_of_ten(type.scale));
  return std::floor(ticks / unit) >= -9'223'372'036.0L &&
         ticks * (1'000'000'000 / unit) <= static_cast<long double>(INT64_MAX);
}

// The server reads dates and times as text only within these.
bool has_text(const Type& type, const std::string& bytes) {
  constexpr int64_t kYear1 = -62'135'596'800, kYear10000 = 253'402'300'800, kHours = 1000 * 3600;
  const int64_t number = number_of(bytes, type.kind != Kind::kDateTime && type.kind != Kind::kDate);
  const int64_t unit = power_of_ten(type.scale);
  switch (type.kind) {
    case Kind::kDate32:
      return number >= -25567 && number <= 120529;
    case Kind::kDateTime64:
      return number / unit - (number % unit < 0) >= kYear1 && number / unit < kYear10000;
    case Kind::kTime:
    case Kind::kTime64:
      return number / unit > -kHours && number / unit < kHours;
    default:
      return true;
  }
}

std::string time_text(const Type& type, const std::string& bytes) {
  const int64_t number = number_of(bytes, true), unit = power_of_ten(type.scale);
  const long long seconds = std::llabs(number / unit), fraction = std::llabs(number % unit);
  char text[64];
  std::snprintf(text, sizeof text, "%s%03lld:%02lld:%02lld.%0*lld", number < 0 ? "-" : "",
                seconds / 3600, seconds / 60 % 60, seconds % 60, static_cast<int>(type.scale),
                fraction);
  return type.scale == 0 ? std::string(text, std::strchr(text, '.')) : text;
}

// A time or the number of an enum, by the text that stands for it or by the number that is stored.
Expectation named(const Type& type, const Type& to, const std::string& bytes, bool spelled) {
  if (!spelled)
    return word(Json::kNumber,
                integer_text(bytes, type.kind != Kind::kDate && type.kind != Kind::kDateTime));
  const bool guessed = to.kind == Kind::kAny && to.name.rfind("Dynamic", 0) == 0;
  if (!has_text(type, bytes) || (guessed && !is_guessed_right(type, bytes))) return kFault;
  const bool is_time = type.kind == Kind::kTime || type.kind == Kind::kTime64;
  const std::optional<std::string> text = is_time ? time_text(type, bytes) : printed(type, bytes);
  require(text.has_value(), "no text for " + type.text);
  return word(Json::kString, *text);
}

Expectation real(const std::string& text, bool key) {
  const char last = text.back();
  return word(key || last == 'n' || last == 'f' ? Json::kString : Json::kNumber, text);
}

Expectation float_value(const Type& type, const Type& to, const std::string& bytes, bool key) {
  if (type.kind == Kind::kFloat64) return real(*printed(type, bytes), key);
  const std::string wide = type.kind == Kind::kBFloat16 ? std::string(2, '\0') + bytes : bytes;
  float number;
  std::memcpy(&number, wide.data(), sizeof number);
  const double as_double = double{number};
  const std::string twice(reinterpret_cast<const char*>(&as_double), sizeof as_double);
  Type same;
  same.kind = to.kind == Kind::kFloat64 ? Kind::kFloat64 : Kind::kFloat32;
  return real(*printed(same, same.kind == Kind::kFloat64 ? twice : wide), key);
}

Expectation scalar(Type type, const Type& to, std::string bytes, bool key) {
  const bool integers = type.kind <= Kind::kUInt64 && to.kind <= Kind::kUInt64;
  const bool rescaled = type.kind == Kind::kDateTime64 &&
                        (to.kind != Kind::kDateTime64 || to.scale != type.scale) &&
                        to.kind != Kind::kAny;
  if (integers || rescaled ||
      (type.kind == Kind::kDateTime && to.kind == Kind::kDateTime64 && !key)) {
    const std::optional<std::string> fits = converted(type, to, bytes);
    if (!fits) return kFault;
    bytes = *fits;
    type = to;
  }
  const bool spelled = key || to.kind == Kind::kText || to.kind == Kind::kAny;
  switch (type.kind) {
    case Kind::kBool:
      return word(bytes[0] != 0 ? Json::kTrue : Json::kFalse);
    case Kind::kFloat32:
    case Kind::kFloat64:
    case Kind::kBFloat16:
      return float_value(type, to, bytes, key);
    case Kind::kDecimal:
      return word(key ? Json::kString : Json::kNumber, *printed(type, bytes));
    case Kind::kEnum8:
    case Kind::kEnum16:
    case Kind::kDate:
    case Kind::kDate32:
    case Kind::kDateTime:
    case Kind::kDateTime64:
    case Kind::kTime:
    case Kind::kTime64:
      return named(type, to, bytes, spelled);
    case Kind::kFixedString:
    case Kind::kUuid:
    case Kind::kIpv4:
    case Kind::kIpv6:
      return word(Json::kString, *printed(type, bytes));
    default: {
      const bool is_signed = type.kind <= Kind::kInt64 || type.kind == Kind::kInt128 ||
                             type.kind == Kind::kInt256 || type.kind == Kind::kInterval;
      return word(key ? Json::kString : Json::kNumber, integer_text(bytes, is_signed));
    }
  }
}

// Text that should be JSON. Of what is none, the server judges all that can't leave its place.
Expectation source(const Type& from, const std::string& text, bool key) {
  if (text.empty() && !key) {
    return from.kind == Kind::kAny ? word(Json::kNull)
                                   : Expectation{Expectation::kValue, {Json::kObject}};
  }
  if (const std::optional<Json> json = read_json(text)) {
    if (key && json->kind != Json::kString) return kFault;
    return {Expectation::kValue, *json};
  }
  const std::optional<Json> list = read_json("[" + text + "]");
  const std::optional<Json> object = read_json("{\"\":" + text + "}");
  return {list || object ? Expectation::kFault : Expectation::kUnknown};
}

Expectation expected(const Type& from, const Type& to, const ArrowArray& array, int64_t i,
                     bool key = false);

void add(Expectation& out, Expectation part) {
  if (out.verdict == Expectation::kValue) out.verdict = part.verdict;
  out.json.items.push_back(std::move(part.json));
}

void add_entry(Expectation& out, const Type& from, const Type& to, const ArrowArray& entries,
               int64_t i) {
  Expectation key = expected(from.children[0], to.children[0], *entries.children[0], i, true);
  out.json.keys.push_back(key.json.text);
  if (out.verdict == Expectation::kValue) out.verdict = key.verdict;
  add(out, expected(from.children[1], to.children[1], *entries.children[1], i));
}

Expectation container(const Type& from, const Type& to, const ArrowArray& array, int64_t i) {
  Expectation out =
      word(from.kind == Kind::kMap || !to.names.empty() ? Json::kObject : Json::kArray);
  if (from.kind == Kind::kTuple) {
    out.json.keys = to.names;
    for (size_t k = 0; k < from.children.size(); ++k) {
      add(out, expected(from.children[k], to.children[k], *array.children[k], array.offset + i));
    }
    return out;
  }
  const cphost::ListColumn list(array);
  const ArrowArray& elements = list.elements();
  for (int64_t k = list.begin(i); k < list.end(i); ++k) {
    if (from.kind == Kind::kMap) {
      add_entry(out, from, to, elements, elements.offset + k);
    } else {
      add(out, expected(from.children[0], to.children[0], elements, k));
    }
  }
  return out;
}

Expectation expected(const Type& from, const Type& to, const ArrowArray& array, int64_t i,
                     bool key) {
  if (cphost::is_null(array, i)) return word(Json::kNull);
  if (is_container(from.kind)) return container(from, to, array, i);
  if (!is_text(from.kind)) return scalar(from, to, raw(from, array, i), key);
  const bool is_source = from.kind != Kind::kText || to.kind == Kind::kJson;
  if (is_source) return source(from, raw(from, array, i), key);
  return word(Json::kString, raw(from, array, i));
}

// An encoder's text and faults of one block.
struct Encoded {
  std::string text;
  std::vector<clickhouse::RowFault> faults;
};

Encoded encode(JsonEncoder& encoder, const cphost_block& block) {
  Encoded out;
  for (const clickhouse::Segment& segment : encoder.encode(block)) {
    out.text.append(reinterpret_cast<const char*>(segment.data), segment.size);
  }
  out.faults = encoder.faults();
  return out;
}

// Checks row i of a batch, which was encoded alone.
void check_row(const std::vector<Column>& columns, const ArrowArray& batch, int64_t i,
               const Encoded& encoded) {
  Json row = {Json::kObject};
  bool known = true;
  size_t faults = 0, marks = columns.size();
  for (size_t c = 0; c < columns.size(); ++c) {
    const Column& column = columns[c];
    const ArrowArray& array = *batch.children[c];
    if (column.has_marks && cphost::bool_at(*batch.children[marks++], i)) continue;
    if (!column.target.nullable && cphost::is_null(array, i)) continue;
    Expectation value = expected(column.source, column.target, array, i);
    const bool fault =
        faults < encoded.faults.size() && encoded.faults[faults].column == column.name;
    faults += fault;
    require(!fault || value.verdict != Expectation::kValue,
            "refused: " + column.source.text + " for " + column.target.text);
    require(fault || value.verdict != Expectation::kFault,
            column.source.text + " for " + column.target.text + " in " + encoded.text);
    known = known && value.verdict == Expectation::kValue;
    row.keys.push_back(column.name);
    row.items.push_back(std::move(value.json));
  }
  require(faults == encoded.faults.size(), "a fault of another column");
  if (!known) return;
  const std::optional<Json> read = read_json(encoded.text);
  require(read.has_value(), "no JSON: " + encoded.text);
  for (size_t c = 0; c < row.items.size() && read->keys == row.keys; ++c) {
    require(read->items[c] == row.items[c], row.keys[c] + " in " + encoded.text);
  }
  require(*read == row, "other columns in " + encoded.text);
}

void check_block(JsonEncoder& encoder, const std::vector<Column>& columns,
                 const RandomBlock& block) {
  const Encoded whole = encode(encoder, block.block());
  Encoded joined;
  int64_t row = 0;
  for (uint32_t s = 0; s < block.block().slice_count; ++s) {
    const cphost_slice& slice = block.block().slices[s];
    for (int64_t i = slice.begin; i < slice.begin + slice.count; ++i, ++row) {
      const cphost_slice one = {slice.rows, i, 1};
      cphost_block alone = block.block();
      alone.slices = &one;
      alone.slice_count = 1;
      alone.rows = 1;
      const Encoded encoded = encode(encoder, alone);
      check_row(columns, *slice.rows, i, encoded);
      joined.text += encoded.text;
      for (const auto& fault : encoded.faults) joined.faults.push_back({row, fault.column, ""});
    }
  }
  require(whole.text == joined.text, "rows differ alone");
  require(whole.faults.size() == joined.faults.size(), "other faults alone");
  for (size_t i = 0; i < whole.faults.size(); ++i) {
    require(whole.faults[i].row == joined.faults[i].row &&
                whole.faults[i].column == joined.faults[i].column,
            "a fault of another row");
  }
}

void run(std::string_view bytes) {
  const TypedInput input = split(bytes);
  const std::vector<Column> columns = columns_of(input.words, [](const Rows& rows) {
    return JsonEncoder(*rows.schema, rows.target).why_not().empty();
  });
  if (columns.empty()) return;
  const Rows rows = rows_of(columns);
  JsonEncoder encoder(*rows.schema, rows.target);
  ByteSource in(input.data);
  const RandomBlock first(rows, in), second(rows, in);
  check_block(encoder, columns, first);
  check_block(encoder, columns, second);
}

}  // namespace
}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::run({reinterpret_cast<const char*>(data), size});
  return 0;
}
