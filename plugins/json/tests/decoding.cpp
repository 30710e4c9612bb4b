// SPDX-License-Identifier: Apache-2.0
#include "decoding.hpp"

#include <cphost/testing/array_faults.hpp>

#include <charconv>
#include <stdexcept>

namespace json::test {

using cphost::columns::Kind;
using cphost::columns::Type;

namespace {

std::string hex(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

// Little-endian two's complement, divided by ten until nothing is left.
std::string decimal(std::string_view bytes, unsigned scale) {
  std::vector<unsigned> digits(bytes.rbegin(), bytes.rend());
  for (unsigned& d : digits) d &= 0xff;
  const bool negative = digits[0] >= 0x80;
  if (negative) {
    for (unsigned& d : digits) d = 0xff - d;
    for (size_t i = digits.size(); i-- > 0 && ++digits[i] == 0x100;) digits[i] = 0;
  }
  std::string text;
  for (bool more = true; more || text.size() <= scale;) {
    unsigned rest = 0;
    more = false;
    for (unsigned& d : digits) {
      const unsigned v = rest * 256 + d;
      d = v / 10;
      rest = v % 10;
      more = more || d != 0;
    }
    text.insert(text.begin(), static_cast<char>('0' + rest));
    if (scale != 0 && text.size() == scale) text.insert(text.begin(), '.'), ++scale;
    if (!more && text[0] != '.' && (scale == 0 || text.find('.') != text.npos)) break;
  }
  return (negative ? "-" : "") + text;
}

template <class T>
std::string number(const ArrowArray& array, int64_t i) {
  char text[64];
  const auto done = std::to_chars(text, text + sizeof text, cphost::value_at<T>(array, i));
  return std::string(text, done.ptr);
}

std::string elements(const Type& type, const ArrowArray& array, int64_t i) {
  const cphost::ListColumn list(array);
  std::string out;
  for (int64_t k = list.begin(i); k < list.end(i); ++k) {
    if (k > list.begin(i)) out += ',';
    if (type.kind == Kind::kArray) {
      out += render(type.children[0], list.elements(), k);
    } else {
      out += render(type.children[0], *list.elements().children[0], k) + ':' +
             render(type.children[1], *list.elements().children[1], k);
    }
  }
  return out;
}

std::string render_value(const Type& type, const ArrowArray& array, int64_t i) {
  const auto fixed = [&] { return cphost::FixedBytesColumn(array, type.width)[i]; };
  switch (type.kind) {
    case Kind::kInt8:
    case Kind::kEnum8:
      return number<int8_t>(array, i);
    case Kind::kInt16:
    case Kind::kEnum16:
      return number<int16_t>(array, i);
    case Kind::kInt32:
    case Kind::kTime:
    case Kind::kDate32:
      return number<int32_t>(array, i);
    case Kind::kInt64:
    case Kind::kInterval:
    case Kind::kTime64:
    case Kind::kDateTime64:
      return number<int64_t>(array, i);
    case Kind::kUInt8:
      return number<uint8_t>(array, i);
    case Kind::kUInt16:
    case Kind::kDate:
      return number<uint16_t>(array, i);
    case Kind::kUInt32:
    case Kind::kDateTime:
    case Kind::kIpv4:
      return number<uint32_t>(array, i);
    case Kind::kUInt64:
      return number<uint64_t>(array, i);
    case Kind::kFloat32:
      return number<float>(array, i);
    case Kind::kFloat64:
      return number<double>(array, i);
    case Kind::kBool:
      return cphost::bool_at(array, i) ? "true" : "false";
    case Kind::kText:
    case Kind::kJson:
    case Kind::kAny:
      return "'" + std::string(cphost::bytes_at(array, i)) + "'";
    case Kind::kFixedString:
      return "'" + std::string(fixed()) + "'";
    case Kind::kUuid:
    case Kind::kIpv6:
    case Kind::kBFloat16:
    case Kind::kInt128:
    case Kind::kInt256:
    case Kind::kUInt128:
    case Kind::kUInt256:
      return hex(fixed());
    case Kind::kDecimal:
      return decimal(fixed(), type.scale);
    case Kind::kArray:
      return "[" + elements(type, array, i) + "]";
    case Kind::kMap:
      return "{" + elements(type, array, i) + "}";
    case Kind::kTuple: {
      std::string out = "(";
      for (size_t k = 0; k < type.children.size(); ++k) {
        out += (k > 0 ? "," : "") + render(type.children[k], *array.children[k], i);
      }
      return out + ")";
    }
  }
  return {};
}

std::string text_of(cphost_str text) {
  return std::string(cphost::view(text));
}

}  // namespace

std::string render(const Type& type, const ArrowArray& array, int64_t i) {
  return cphost::is_null(array, i) ? "NULL" : render_value(type, array, i);
}

Decoding::Decoding(const std::vector<Wanted>& wanted, Settings settings) {
  using cphost::columns::TypeParser;
  cphost::Schema schema;
  for (const Wanted& w : wanted) {
    schema.add(cphost::columns::carrier(TypeParser::parse(w.type), w.name, true));
    if (!w.path.empty()) schema.fields().back().set("cphost.path", w.path);
    if (w.absent) schema.fields().back().set("cphost.absent", "1");
  }
  wanted_ = schema.to_arrow();
  const cphost::UniqueSchema records = cphost::Schema{{"_offset", "l"}, {"_value", "z"}}.to_arrow();
  decoder_ = std::make_unique<Decoder>(settings, *records, 1, *wanted_);
  schema_ = decoder_->schema();
  arrow_schema_ = schema_.to_arrow();
  for (const cphost::Field& field : schema_.fields()) {
    types_.push_back(TypeParser::parse(cphost::clickhouse_type(field)));
  }
}

Decoded Decoding::decode(const std::vector<std::optional<std::string>>& documents) {
  std::vector<char> data;  // of the exact size: a sanitizer then sees what is read behind it
  std::vector<int32_t> offsets{0};
  std::vector<bool> null;
  for (const auto& document : documents) {
    if (document) data.insert(data.end(), document->begin(), document->end());
    offsets.push_back(static_cast<int32_t>(data.size()));
    null.push_back(!document);
  }
  data.shrink_to_fit();
  return decode(data.data(), offsets, null);
}

Decoded Decoding::decode(const char* data, const std::vector<int32_t>& offsets,
                         const std::vector<bool>& null) {
  const int64_t count = static_cast<int64_t>(offsets.size()) - 1;
  std::vector<uint8_t> validity(offsets.size() / 8 + 1, 0xff);
  bool any_null = false;
  for (size_t i = 0; i < null.size(); ++i) {
    if (null[i]) validity[i / 8] &= static_cast<uint8_t>(~(1u << i % 8)), any_null = true;
  }
  const void* value_buffers[3] = {any_null ? validity.data() : nullptr, offsets.data(), data};
  const void* no_buffers[2] = {nullptr, nullptr};
  ArrowArray number{}, value{}, root{};
  number.length = value.length = root.length = count;
  number.n_buffers = 2;
  number.buffers = no_buffers;
  value.n_buffers = 3;
  value.null_count = -1;
  value.buffers = value_buffers;
  ArrowArray* children[2] = {&number, &value};
  root.n_buffers = 1;
  root.buffers = no_buffers;
  root.n_children = 2;
  root.children = children;

  struct Context {
    Decoded decoded;
    const std::vector<Type>* types;
    const ArrowSchema* schema;
    std::string fault;
  } context = {{}, &types_, arrow_schema_.get(), {}};
  cphost_rows out = {};
  out.struct_size = sizeof out;
  out.ctx = &context;
  out.rows = [](void* ctx, ArrowArray* rows, const uint32_t* record_of_row) {
    auto& c = *static_cast<Context*>(ctx);
    cphost::UniqueArray own(rows);
    c.fault = cphost::testing::array_fault(*c.schema, *own);
    if (!c.fault.empty()) return;
    c.decoded.one_to_one = record_of_row == nullptr;
    for (int64_t i = 0; i < own->length; ++i) {
      std::string row;
      for (size_t k = 0; k < c.types->size(); ++k) {
        row += (k > 0 ? "|" : "") + render((*c.types)[k], *own->children[k], i);
      }
      c.decoded.rows.push_back(row);
      c.decoded.record_of.push_back(record_of_row != nullptr ? record_of_row[i]
                                                             : static_cast<uint32_t>(i));
    }
  };
  out.reject = [](void* ctx, uint32_t record, const char* code, cphost_str column, cphost_str text,
                  int64_t offset) {
    static_cast<Context*>(ctx)->decoded.rejects.push_back(
        {record, code, text_of(column), text_of(text), offset});
  };
  cphost::Rows rows(&out);
  decoder_->decode(root, rows);
  if (!context.fault.empty()) throw std::logic_error("the batch is broken: " + context.fault);
  return context.decoded;
}

}  // namespace json::test
