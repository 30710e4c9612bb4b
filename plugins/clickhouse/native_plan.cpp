// SPDX-License-Identifier: Apache-2.0
#include "native_plan.hpp"

#include <cphost/columns/carrier.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "default_text.hpp"
#include "native_kernels.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

using Shape = ColumnPlan::Shape;
using cphost::columns::is_container;
using cphost::columns::is_text;
using cphost::columns::is_wide_integer;

std::string inner_type(const Type& type) {
  const std::string wire = wire_type(type);
  return type.nullable ? "Nullable(" + wire + ")" : wire;
}

std::string joined_types(const Type& type) {
  std::string out;
  for (size_t i = 0; i < type.children.size(); ++i) {
    if (i) out += ", ";
    if (!type.names.empty()) out += quote_identifier(type.names[i]) + " ";
    out += inner_type(type.children[i]);
  }
  return out;
}

std::string enum_type(const Type& type) {
  std::string out = type.kind == Kind::kEnum8 ? "Enum8(" : "Enum16(";
  for (size_t i = 0; i < type.items.size(); ++i) {
    if (i) out += ", ";
    out += quote_string(type.items[i].label) + " = " + std::to_string(type.items[i].value);
  }
  return out + ")";
}

bool is_integer(Kind kind) {
  return kind <= Kind::kUInt64;
}
bool is_signed(Kind kind) {
  return kind <= Kind::kInt64 || kind == Kind::kInt128 || kind == Kind::kInt256;
}
bool is_float(Kind kind) {
  return kind == Kind::kFloat32 || kind == Kind::kFloat64;
}

// Types whose text the server checks when it casts. Numbers are not among them: too large ones
// become something else.
bool is_cast_from_text(Kind kind) {
  switch (kind) {
    case Kind::kText:
    case Kind::kFixedString:
    case Kind::kEnum8:
    case Kind::kEnum16:
    case Kind::kUuid:
    case Kind::kIpv4:
    case Kind::kIpv6:
      return true;
    default:
      return false;
  }
}

// In any order: the server lists them by value.
bool same_items(const Type& a, const Type& b) {
  return std::is_permutation(
      a.items.begin(), a.items.end(), b.items.begin(), b.items.end(),
      [](const auto& x, const auto& y) { return x.label == y.label && x.value == y.value; });
}

bool same_type(const Type& a, const Type& b) {
  return a.kind == b.kind && a.width == b.width && a.scale == b.scale && a.name == b.name &&
         same_items(a, b);
}

// Every value of `from` is a value of `to`, so that the server may cast.
bool widens(const Type& from, const Type& to) {
  if (to.kind == Kind::kText) return !is_container(from.kind);
  if (from.kind == Kind::kBool) return is_integer(to.kind);
  if (is_integer(from.kind) && (is_integer(to.kind) || is_wide_integer(to.kind))) {
    return from.width < to.width && (is_signed(to.kind) || !is_signed(from.kind));
  }
  if (is_float(to.kind)) return is_integer(from.kind) || is_float(from.kind);
  if (from.kind == Kind::kDate) return to.kind == Kind::kDate32;
  if (from.kind == Kind::kDateTime) return to.kind == Kind::kDateTime64;
  return false;
}

Conversion conversion_of(const Type& from, const Type& to) {
  if (is_integer(from.kind) && is_integer(to.kind)) {
    return integer_conversion(cphost::columns::arrow_format(from),
                              cphost::columns::arrow_format(to));
  }
  if (from.kind != Kind::kDateTime64) return {};
  switch (to.kind) {
    case Kind::kDateTime64:
      return to_date_time64(from.scale, to.scale);
    case Kind::kDateTime:
      return to_date_time(from.scale);
    case Kind::kDate:
      return to_date(from.scale);
    case Kind::kDate32:
      return to_date32(from.scale);
    default:
      return {};
  }
}

void set_fill(ColumnPlan& plan, const Type& type) {
  plan.fill.assign(type.width, 0);
  if (type.items.empty()) return;
  int16_t least = type.items[0].value;
  for (const auto& item : type.items) least = std::min(least, item.value);
  std::memcpy(plan.fill.data(), &least, type.width);
}

// The types agree with what the Arrow buffers hold.
bool carries(std::string_view format, const Type& type) {
  const std::string expected = cphost::columns::arrow_format(type);
  if (is_text(type.kind)) return format == "z" || format == "u";
  if (expected.starts_with("ts"))
    return format.substr(0, 3) == std::string_view(expected).substr(0, 3);
  if (expected.starts_with("d:"))
    return format == expected || std::string(format) + ",128" == expected;
  return format == expected;
}

// Text, which the server casts unless the target is String. It casts before it puts a DEFAULT in
// the place of a null, and takes the null for "", so where that is no value a null must be one.
void plan_text(ColumnPlan& plan, const Type& to) {
  const std::string null = default_text(to);
  plan.type = "String";
  plan.shape = Shape::kString;
  plan.exact = to.kind == Kind::kText;
  plan.maskable = null.empty();
  append_string(plan.null_text, null);
}

// The server alone knows which type a JSON value gets, and what its text is: "x" in quotes is x.
bool is_read_from_json(const Type& from, const Type& to) {
  if (to.kind == Kind::kAny) return true;
  return from.kind == Kind::kAny && (to.kind == Kind::kJson || is_cast_from_text(to.kind));
}

void plan_scalar(ColumnPlan& plan, const Type& from, const Type& to) {
  if (is_read_from_json(from, to)) {
    plan.shape = Shape::kBeyond;
    plan.maskable = false;
    return;
  }
  if (is_text(from.kind) && to.kind == Kind::kJson) {
    plan.type = wire_type(to);
    plan.shape = Shape::kJson;
    append_string(plan.null_text, "{}");
    return;
  }
  const bool is_object = from.kind == Kind::kJson && to.kind != Kind::kText;
  if (is_text(from.kind) && is_cast_from_text(to.kind) && !is_object) return plan_text(plan, to);
  if (same_type(from, to)) {
    plan.type = wire_type(to);
    plan.width = to.width;
    // Numbers without their labels would be stored as they are: the cast compares both.
    plan.exact = to.items.empty();
    plan.shape = to.kind == Kind::kBool   ? Shape::kBits
                 : to.kind == Kind::kUuid ? Shape::kUuid
                                          : Shape::kFixed;
    set_fill(plan, to);
    return;
  }
  if (widens(from, to)) {
    plan_scalar(plan, from, from);
    plan.exact = false;
    return;
  }
  plan.conversion = conversion_of(from, to);
  if (!plan.conversion) throw std::invalid_argument("no lossless conversion");
  plan.shape = Shape::kConverted;
  plan.width = plan.conversion.width;
  plan.type = wire_type(to);
  set_fill(plan, to);
}

ColumnPlan plan_any(const ArrowSchema& field, const Type& to);

// A map's entries and a struct, as a tuple.
ColumnPlan plan_tuple(const ArrowSchema& field, const Type* elements, size_t count) {
  if (static_cast<size_t>(field.n_children) != count)
    throw std::invalid_argument("another number of elements");
  ColumnPlan plan;
  plan.shape = Shape::kTuple;
  plan.maskable = false;
  for (size_t i = 0; i < count; ++i) {
    plan.children.push_back(plan_any(*field.children[i], elements[i]));
    plan.exact = plan.exact && plan.children.back().exact;
  }
  return plan;
}

std::string sent_type(const ColumnPlan& plan) {
  return plan.nullable ? "Nullable(" + plan.type + ")" : plan.type;
}

std::string sent_types(const ColumnPlan& tuple, const std::vector<std::string>& names) {
  std::string out;
  for (size_t i = 0; i < tuple.children.size(); ++i) {
    if (i) out += ", ";
    if (!names.empty()) out += quote_identifier(names[i]) + " ";
    out += sent_type(tuple.children[i]);
  }
  return out;
}

ColumnPlan plan_container(const ArrowSchema& field, const Type& to) {
  const std::string_view format = field.format;
  ColumnPlan plan;
  if (to.kind == Kind::kTuple && format == "+s") {
    plan = plan_tuple(field, to.children.data(), to.children.size());
    plan.type = "Tuple(" + sent_types(plan, to.names) + ")";
    return plan;
  }
  plan.shape = Shape::kList;
  plan.maskable = false;
  if (to.kind == Kind::kArray && format == "+l") {
    plan.children.push_back(plan_any(*field.children[0], to.children[0]));
    plan.type = "Array(" + sent_type(plan.children[0]) + ")";
  } else if (to.kind == Kind::kMap && format == "+m") {
    plan.children.push_back(plan_tuple(*field.children[0], to.children.data(), 2));
    plan.type = "Map(" + sent_types(plan.children[0], {}) + ")";
  } else {
    throw std::invalid_argument("not alike");
  }
  plan.exact = plan.children[0].exact;
  return plan;
}

ColumnPlan plan_any(const ArrowSchema& field, const Type& to) {
  ColumnPlan plan;
  if (is_container(to.kind)) {
    plan = plan_container(field, to);
  } else {
    const Type from = cphost::columns::type_of_field(field);
    if (!carries(field.format, from))
      throw std::invalid_argument("not carried by '" + std::string(field.format) + "'");
    plan_scalar(plan, from, to);
  }
  plan.nullable = to.nullable;
  return plan;
}

bool converts_inside(const ColumnPlan& plan) {
  return std::any_of(plan.children.begin(), plan.children.end(), [](const ColumnPlan& child) {
    return child.shape == Shape::kConverted || converts_inside(child);
  });
}

}  // namespace

bool is_beyond_native(const ColumnPlan& plan) {
  return plan.shape == Shape::kBeyond ||
         std::any_of(plan.children.begin(), plan.children.end(), is_beyond_native);
}

std::string wire_type(const Type& type) {
  switch (type.kind) {
    case Kind::kInt8:
      return "Int8";
    case Kind::kInt16:
      return "Int16";
    case Kind::kInt32:
      return "Int32";
    case Kind::kInt64:
      return "Int64";
    case Kind::kUInt8:
      return "UInt8";
    case Kind::kUInt16:
      return "UInt16";
    case Kind::kUInt32:
      return "UInt32";
    case Kind::kUInt64:
      return "UInt64";
    case Kind::kFloat32:
      return "Float32";
    case Kind::kFloat64:
      return "Float64";
    case Kind::kBool:
      return "Bool";
    case Kind::kText:
    case Kind::kAny:
      return "String";
    case Kind::kBFloat16:
      return "BFloat16";
    case Kind::kInt128:
      return "Int128";
    case Kind::kInt256:
      return "Int256";
    case Kind::kUInt128:
      return "UInt128";
    case Kind::kUInt256:
      return "UInt256";
    case Kind::kTime:
      return "Time";
    case Kind::kTime64:
      return "Time64(" + std::to_string(type.scale) + ")";
    case Kind::kInterval:
    case Kind::kJson:
      return type.name;
    case Kind::kFixedString:
      return "FixedString(" + std::to_string(type.width) + ")";
    case Kind::kDecimal:
      return "Decimal(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
    case Kind::kDate:
      return "Date";
    case Kind::kDate32:
      return "Date32";
    case Kind::kDateTime:
      return type.zone.empty() ? "DateTime" : "DateTime(" + quote_string(type.zone) + ")";
    case Kind::kDateTime64:
      return "DateTime64(" + std::to_string(type.scale) +
             (type.zone.empty() ? "" : ", " + quote_string(type.zone)) + ")";
    case Kind::kEnum8:
    case Kind::kEnum16:
      return enum_type(type);
    case Kind::kUuid:
      return "UUID";
    case Kind::kIpv4:
      return "IPv4";
    case Kind::kIpv6:
      return "IPv6";
    case Kind::kArray:
      return "Array(" + inner_type(type.children[0]) + ")";
    case Kind::kMap:
      return "Map(" + joined_types(type) + ")";
    case Kind::kTuple:
      return "Tuple(" + joined_types(type) + ")";
  }
  return "String";
}

ColumnPlan plan_column(const ArrowSchema& field, const Type& target, const std::string& column) {
  std::string why;
  try {
    ColumnPlan plan = plan_any(field, target);
    if (!converts_inside(plan)) return plan;
    why = "values inside a container are not converted";
  } catch (const std::exception& e) {
    why = e.what();
  }
  std::string_view source = cphost::clickhouse_type(field);
  if (source.empty()) source = field.format;
  throw std::invalid_argument("column " + quote_identifier(column) + " of type " + target.text +
                              " cannot be filled from values of type " + std::string(source) +
                              " (" + why +
                              "): change the column's type or map something else to it");
}

}  // namespace clickhouse
