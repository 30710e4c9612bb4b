// SPDX-License-Identifier: Apache-2.0
#include "encoder_input.hpp"

#include <cphost/columns/carrier.hpp>
#include <cphost/testing/array_faults.hpp>

#include <algorithm>

#include "decimal_text.hpp"
#include "typed_input.hpp"

namespace fuzz {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

// Rows may have nulls at any level, whatever the type says; a map's entries and keys have none.
void allow_nulls(cphost::Field& field) {
  for (cphost::Field& child : field.children) {
    const bool of_map = field.format == "+m" || (field.name == "entries" && child.name == "key");
    child.nullable = child.nullable || !of_map;
    allow_nulls(child);
  }
}

bool take_prefix(std::string& word, std::string_view prefix) {
  if (word.rfind(prefix, 0) != 0) return false;
  word.erase(0, prefix.size());
  return true;
}

__extension__ typedef __int128 int128;

int128 power_of_ten(int n) {
  int128 p = 1;
  while (n-- > 0) p *= 10;
  return p;
}

std::string bytes_of(int128 number, size_t width) {
  std::string out(width, '\0');
  for (char& c : out) {
    c = static_cast<char>(number & 0xff);
    number >>= 8;
  }
  return out;
}

bool is_signed(Kind kind) {
  return kind <= Kind::kInt64;
}

}  // namespace

Rows rows_of(const std::vector<Column>& columns) {
  Rows rows;
  cphost::Schema schema;
  for (const Column& column : columns) {
    rows.types.push_back(column.source);
    schema.add(cphost::columns::carrier(column.source, column.name, true));
    allow_nulls(schema.fields().back());
    rows.target.push_back(
        {column.name, column.target.text, column.has_default ? "DEFAULT" : "", ""});
  }
  for (const Column& column : columns) {
    if (!column.has_marks) continue;
    rows.types.push_back(*parse_type("Bool"));
    schema.add(cphost::columns::carrier(rows.types.back(), "absent " + column.name, true));
    schema.fields().back().set("cphost.absent", column.name);
  }
  rows.schema = schema.to_arrow();
  return rows;
}

std::vector<Column> columns_of(const std::vector<std::string>& words,
                               const std::function<bool(const Rows&)>& is_filled) {
  std::vector<Column> columns;
  for (std::string word : words) {
    Column column;
    column.name = "column `" + std::to_string(columns.size()) + "`";
    column.has_marks = take_prefix(word, "ABSENT ");
    column.has_default = take_prefix(word, "DEFAULT ") || column.has_marks;
    const size_t arrow = std::min(word.find(" -> "), word.size());
    const std::optional<Type> source = parse_type(word.substr(0, arrow));
    const std::optional<Type> target =
        arrow == word.size() ? source : parse_type(word.substr(arrow + 4));
    if (!source || !target) continue;
    column.source = *source;
    column.target = *target;
    if (is_filled(rows_of({column}))) columns.push_back(std::move(column));
  }
  return columns;
}

RandomBlock::RandomBlock(const Rows& rows, ByteSource& in) {
  for (size_t batches = 1 + in.below(3); batches > 0; --batches) {
    const size_t length = 1 + in.below(24);
    batches_.push_back(std::make_unique<RandomArray>(rows.types, length, in));
    const ArrowArray& batch = batches_.back()->array();
    const std::string fault = cphost::testing::array_fault(*rows.schema, batch);
    require(fault.empty(), "the fuzzer made no valid array: " + fault);
    for (size_t slices = 1 + in.below(2); slices > 0; --slices) {
      const size_t begin = in.below(length);
      slices_.push_back({&batch, static_cast<int64_t>(begin),
                         static_cast<int64_t>(1 + in.below(length - begin))});
    }
  }
  block_.struct_size = sizeof block_;
  block_.slices = slices_.data();
  block_.slice_count = static_cast<uint32_t>(slices_.size());
  for (const cphost_slice& slice : slices_) block_.rows += slice.count;
}

// A Nullable's null is a value; any other says that nothing is there.
bool RandomBlock::all_absent(const std::vector<Column>& columns, size_t column) const {
  if (columns[column].target.nullable && !columns[column].has_marks) return false;
  if (!columns[column].has_default) return false;
  size_t marks = columns.size();
  for (size_t i = 0; i < column; ++i) marks += columns[i].has_marks;
  bool all = true;
  if (columns[column].target.nullable) {
    for_each(marks, [&](const ArrowArray& a, int64_t i) { all = all && cphost::bool_at(a, i); });
  } else {
    for_each(column, [&](const ArrowArray& a, int64_t i) { all = all && cphost::is_null(a, i); });
  }
  return all;
}

std::string raw(const Type& type, const ArrowArray& array, int64_t i) {
  if (is_text(type.kind)) return std::string(cphost::bytes_at(array, i));
  if (type.kind == Kind::kBool) return std::string(1, cphost::bool_at(array, i) ? '\1' : '\0');
  return std::string(cphost::FixedBytesColumn(array, type.width)[i]);
}

std::optional<std::string> converted(const Type& from, const Type& to, const std::string& bytes) {
  int128 number = 0;
  const bool negative = (is_signed(from.kind) || from.kind == Kind::kDateTime64) &&
                        static_cast<signed char>(bytes.back()) < 0;
  if (negative) number = -1;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = static_cast<int128>(static_cast<unsigned __int128>(number) << 8 |
                                 static_cast<unsigned char>(bytes[i]));
  }
  if (to.kind <= Kind::kUInt64) {
    if (!fits_integer(integer_text(bytes, is_signed(from.kind)), to.width, is_signed(to.kind))) {
      return std::nullopt;
    }
    return bytes_of(number, to.width);
  }
  require(from.kind == Kind::kDateTime64 || from.kind == Kind::kDateTime,
          from.text + " converted to " + to.text);
  if (to.kind == Kind::kDateTime64 && to.scale > from.scale) {
    number *= power_of_ten(to.scale - from.scale);
  } else {
    const int128 unit = to.kind == Kind::kDateTime64 ? power_of_ten(from.scale - to.scale)
                        : to.kind == Kind::kDateTime ? power_of_ten(from.scale)
                                                     : power_of_ten(from.scale) * 86400;
    number = number / unit - (number % unit < 0);
  }
  const bool fits = to.kind == Kind::kDateTime64 ? number == static_cast<int64_t>(number)
                    : to.kind == Kind::kDateTime ? number == static_cast<uint32_t>(number)
                    : to.kind == Kind::kDate     ? number == static_cast<uint16_t>(number)
                                                 : number >= -25567 && number <= 120529;
  if (!fits) return std::nullopt;
  return bytes_of(number, to.width);
}

std::string bytes_for(const std::vector<std::string>&, Random& random) {
  std::string out(random() % 200, '\0');
  for (char& c : out) c = static_cast<char>(random());
  return out;
}

std::string random_word(Random& random) {
  static constexpr unsigned kPlain = 4;  // too deep for types inside of others
  std::string word = random_type(random, 0);
  if (random() % 4 == 0) word += " -> " + random_type(random, kPlain);
  const size_t way = random() % 8;
  return (way == 0 ? "DEFAULT " : way == 1 ? "ABSENT " : "") + word;
}

}  // namespace fuzz
