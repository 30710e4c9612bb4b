// SPDX-License-Identifier: Apache-2.0
#include "native_block.hpp"

#include <cphost/columns/type_parser.hpp>

#include <algorithm>
#include <cstring>

#include "typed_input.hpp"

namespace fuzz {
namespace {

using cphost::columns::EnumItem;
using cphost::columns::Kind;
using cphost::columns::Type;

class NativeReader {
 public:
  NativeReader(const uint8_t* data, size_t size) : p_(data), end_(data + size) {}

  NativeBlock block() {
    NativeBlock out;
    const uint64_t columns = varuint();
    out.rows = varuint();
    for (uint64_t i = 0; i < columns; ++i) {
      NativeColumn column;
      column.name = string();
      const std::string type = string();
      column.type = cphost::columns::TypeParser::parse(type);
      prefixes(column.type);
      column.values = this->column(column.type, out.rows);
      out.columns.push_back(std::move(column));
    }
    require(p_ == end_, std::to_string(end_ - p_) + " bytes behind the block");
    return out;
  }

 private:
  const uint8_t* take(size_t size) {
    require(size <= static_cast<size_t>(end_ - p_), "the block ends too early");
    p_ += size;
    return p_ - size;
  }

  uint64_t varuint() {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const uint8_t byte = *take(1);
      require(shift < 63 || byte <= 1, "a number of more than 64 bits");
      require(shift == 0 || byte != 0, "a number longer than need be");
      value |= uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
  }

  std::string string() {
    const size_t size = varuint();
    return std::string(reinterpret_cast<const char*>(take(size)), size);
  }

  // Before a column's data, for each JSON in it: that it is written as text.
  void prefixes(const Type& type) {
    uint64_t version = 1;
    if (type.kind == Kind::kJson) std::memcpy(&version, take(sizeof version), sizeof version);
    require(version == 1, "JSON of version " + std::to_string(version));
    for (const Type& child : type.children) prefixes(child);
  }

  // Where each row's elements end.
  std::vector<uint64_t> ends(size_t rows) {
    std::vector<uint64_t> out(rows);
    const uint8_t* bytes = take(rows * 8);
    uint64_t last = 0;
    for (size_t i = 0; i < rows; ++i) {
      std::memcpy(&out[i], bytes + 8 * i, 8);
      require(out[i] >= last, "a list that ends before it begins");
      last = out[i];
    }
    require(last <= static_cast<uint64_t>(end_ - p_) || rows == 0, "more elements than bytes");
    return out;
  }

  std::vector<Value> column(const Type& type, size_t rows) {
    if (!type.nullable) return plain_column(type, rows);
    const uint8_t* mask = take(rows);
    std::vector<Value> values = plain_column(type, rows);
    for (size_t i = 0; i < rows; ++i) {
      require(mask[i] <= 1, "a null flag that is neither 0 nor 1");
      if (mask[i] == 0) continue;
      Type plain = type;
      plain.nullable = false;
      // Text that the server casts is the default of what it is cast to, which is not known here.
      require(is_text(type.kind) || is_container(type.kind) || values[i] == default_value(plain),
              "behind a null: " + text_of(values[i]));
      values[i] = Value{true};
    }
    return values;
  }

  std::vector<Value> plain_column(const Type& type, size_t rows) {
    switch (type.kind) {
      case Kind::kArray:
        return lists(ends(rows), type.children);
      case Kind::kMap:
        return lists(ends(rows), type.children);
      case Kind::kTuple:
        return tuples(type.children, rows);
      case Kind::kText:
        // What travels as text says so.
        require(type.text == "String" || type.text == "Nullable(String)",
                "a column sent as " + type.text);
        break;
      case Kind::kJson:
        break;
      default:
        require(type.width != 0, "a type without a width: " + type.text);
    }
    require(type.text.find("LowCardinality") == type.text.npos, "a column sent as " + type.text);
    std::vector<Value> out(rows);
    for (Value& value : out) value.bytes = is_text(type.kind) ? string() : fixed(type);
    return out;
  }

  std::string fixed(const Type& type) {
    std::string bytes(reinterpret_cast<const char*>(take(type.width)), type.width);
    if (type.kind == Kind::kUuid) {  // two little-endian words
      std::reverse(bytes.begin(), bytes.begin() + 8);
      std::reverse(bytes.begin() + 8, bytes.end());
    }
    if (type.kind == Kind::kBool) require(bytes[0] == 0 || bytes[0] == 1, "a Bool beyond 1");
    if (!type.items.empty()) {
      require(std::any_of(type.items.begin(), type.items.end(),
                          [&bytes](const EnumItem& item) {
                            return std::memcmp(&item.value, bytes.data(), bytes.size()) == 0;
                          }),
              "an enum number without a label");
    }
    return bytes;
  }

  // `parts`: the element's type, or those of key and value.
  std::vector<Value> lists(const std::vector<uint64_t>& ends, const std::vector<Type>& parts) {
    const size_t total = ends.empty() ? 0 : ends.back();
    std::vector<std::vector<Value>> columns;
    for (const Type& part : parts) columns.push_back(column(part, total));
    std::vector<Value> out(ends.size());
    for (size_t i = 0, at = 0; i < ends.size(); ++i) {
      for (; at < ends[i]; ++at) {
        for (auto& values : columns) out[i].items.push_back(std::move(values[at]));
      }
    }
    return out;
  }

  std::vector<Value> tuples(const std::vector<Type>& elements, size_t rows) {
    std::vector<Value> out(rows);
    if (elements.empty()) {  // A row of nothing is the digit 0.
      const uint8_t* bytes = take(rows);
      require(std::all_of(bytes, bytes + rows, [](uint8_t b) { return b == '0'; }),
              "an empty tuple that is no 0");
    }
    for (const Type& element : elements) {
      std::vector<Value> values = column(element, rows);
      for (size_t i = 0; i < rows; ++i) out[i].items.push_back(std::move(values[i]));
    }
    return out;
  }

  const uint8_t* p_;
  const uint8_t* end_;
};

}  // namespace

std::string text_of(const Value& value) {
  if (value.null) return "NULL";
  std::string out = "'";
  for (const unsigned char c : value.bytes) {
    out += "0123456789abcdef"[c >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  out += '\'';
  if (value.items.empty()) return out;
  out = "[";
  for (const Value& item : value.items) out += (out.size() > 1 ? "," : "") + text_of(item);
  return out + "]";
}

Value default_value(const Type& type) {
  Value out;
  if (type.nullable) {
    out.null = true;
  } else if (type.kind == Kind::kTuple) {
    for (const Type& child : type.children) out.items.push_back(default_value(child));
  } else if (!type.items.empty()) {
    const auto least =
        std::min_element(type.items.begin(), type.items.end(),
                         [](const EnumItem& a, const EnumItem& b) { return a.value < b.value; });
    out.bytes.assign(reinterpret_cast<const char*>(&least->value), type.width);
  } else if (!is_container(type.kind)) {
    out.bytes.assign(type.width, '\0');
  }
  return out;
}

NativeBlock read_native(const uint8_t* data, size_t size) {
  return NativeReader(data, size).block();
}

}  // namespace fuzz
