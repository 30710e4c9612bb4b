// SPDX-License-Identifier: Apache-2.0
// cphost/columns/typed_values.hpp: nulls, booleans, integers and number literals into columns of
// any type. See values.hpp.
#pragma once

#include <string>
#include <string_view>

#include "column.hpp"
#include "dates.hpp"
#include "decimals.hpp"
#include "floats.hpp"
#include "integers.hpp"
#include "reason.hpp"
#include "times.hpp"
#include "wide_integers.hpp"

namespace cphost::columns {

inline Reason put_null(Column& column) {
  if (!column.takes_null()) return Reason::kEnumNull;
  if (column.keeps_null()) {
    column.push_null();
  } else {
    column.push_default();
  }
  return Reason::kNone;
}

inline Reason put_source(Column& column, std::string_view text);

namespace detail {

template <class T, class From>
Reason push_integer(Column& column, From value) {
  if (!fits<T>(value)) return Reason::kIntOutOfRange;
  column.push(static_cast<T>(value));
  return Reason::kNone;
}

template <class T>
Reason push_day(Column& column, int64_t days, int64_t low, int64_t high) {
  if (days < low || days > high) return Reason::kDateOutOfRange;
  column.push(static_cast<T>(days));
  return Reason::kNone;
}

// Into a Date or Date32.
inline Reason push_day_of(Column& column, int64_t days) {
  if (column.kind() == Kind::kDate) return push_day<uint16_t>(column, days, 0, kDateDaysMax);
  return push_day<int32_t>(column, days, kDate32DaysMin, kDate32DaysMax);
}

inline Reason push_enum(Column& column, int64_t value) {
  if (!column.enumeration().has(value)) return Reason::kEnumUnknown;
  if (column.kind() == Kind::kEnum8) {
    column.push(static_cast<int8_t>(value));
  } else {
    column.push(static_cast<int16_t>(value));
  }
  return Reason::kNone;
}

inline Reason push_moment(Column& column, const Moment& moment) {
  if (column.kind() == Kind::kDateTime) {
    uint32_t seconds;
    const Reason reason = moment_to_seconds(moment, column.zone(), seconds);
    if (reason == Reason::kNone) column.push(seconds);
    return reason;
  }
  int64_t ticks;
  const Reason reason = moment_to_ticks(moment, column.zone(), column.scale(), ticks);
  if (reason == Reason::kNone) column.push(ticks);
  return reason;
}

inline DecimalShape shape(const Column& column) {
  return {column.precision(), column.scale(), static_cast<uint8_t>(column.width())};
}

// Into a Time or Time64.
inline Reason push_time(Column& column, int64_t ticks) {
  if (!time_in_range(ticks, column.scale())) return Reason::kTimeOutOfRange;
  if (column.kind() == Kind::kTime) {
    column.push(static_cast<int32_t>(ticks));
  } else {
    column.push(ticks);
  }
  return Reason::kNone;
}

inline bool is_signed_wide(const Column& column) {
  return column.kind() <= Kind::kInt256;
}

// ClickHouse keeps the upper half of a Float32, without rounding.
inline void push_bfloat16(Column& column, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  column.push(static_cast<uint16_t>(bits >> 16));
}

// An integer in the few types that mean something else by it. Signed is enough: none of them goes
// further.
inline Reason push_number_of(Column& column, int64_t value) {
  switch (column.kind()) {
    case Kind::kBool:
      if (value != 0 && value != 1) return Reason::kNotABool;
      column.push(static_cast<uint8_t>(value));
      return Reason::kNone;
    case Kind::kDate:
      return push_day_of(column, value);
    case Kind::kDate32:
      return push_day<int32_t>(column, value, kDayNumberMin, kDayNumberMax);
    case Kind::kDateTime:
      return push_day<uint32_t>(column, value, 0, kDateTimeMax);
    case Kind::kDateTime64:
      if (!ticks_in_range(value, column.scale())) return Reason::kDateOutOfRange;
      column.push(value);
      return Reason::kNone;
    case Kind::kTime:
    case Kind::kTime64:
      return push_time(column, value);
    case Kind::kEnum8:
    case Kind::kEnum16:
      return push_enum(column, value);
    default:
      return Reason::kWrongKind;
  }
}

template <class T>
Reason put_whole(Column& column, T value) {
  switch (column.kind()) {
    case Kind::kInt8:
      return push_integer<int8_t>(column, value);
    case Kind::kInt16:
      return push_integer<int16_t>(column, value);
    case Kind::kInt32:
      return push_integer<int32_t>(column, value);
    case Kind::kInt64:
      return push_integer<int64_t>(column, value);
    case Kind::kUInt8:
      return push_integer<uint8_t>(column, value);
    case Kind::kUInt16:
      return push_integer<uint16_t>(column, value);
    case Kind::kUInt32:
      return push_integer<uint32_t>(column, value);
    case Kind::kUInt64:
      return push_integer<uint64_t>(column, value);
    case Kind::kFloat32:
      column.push(static_cast<float>(value));
      return Reason::kNone;
    case Kind::kFloat64:
      column.push(static_cast<double>(value));
      return Reason::kNone;
    case Kind::kBFloat16:
      return push_bfloat16(column, static_cast<float>(value)), Reason::kNone;
    case Kind::kInterval:
      return push_integer<int64_t>(column, value);
    case Kind::kInt128:
    case Kind::kInt256:
    case Kind::kUInt128:
    case Kind::kUInt256: {
      const bool negative = value < T{0};
      const uint64_t u = static_cast<uint64_t>(value);
      if (!integer_to_wide(negative, negative ? 0 - u : u, is_signed_wide(column), column.width(),
                           column.slot())) {
        return Reason::kIntOutOfRange;
      }
      column.push_slot();
      return Reason::kNone;
    }
    case Kind::kDecimal: {
      const bool negative = value < T{0};
      const uint64_t u = static_cast<uint64_t>(value);
      if (!integer_to_decimal(negative, negative ? 0 - u : u, shape(column), column.slot())) {
        return Reason::kDecimalOutOfRange;
      }
      column.push_slot();
      return Reason::kNone;
    }
    case Kind::kText:
    case Kind::kAny:
    case Kind::kFixedString:
      return put_source(column, std::to_string(value));
    default:
      if (!fits<int64_t>(value)) return Reason::kIntOutOfRange;
      return push_number_of(column, static_cast<int64_t>(value));
  }
}

}  // namespace detail

inline Reason put_int64(Column& column, int64_t value) {
  return detail::put_whole(column, value);
}
inline Reason put_uint64(Column& column, uint64_t value) {
  return detail::put_whole(column, value);
}

inline Reason put_bool(Column& column, bool value) {
  switch (column.kind()) {
    case Kind::kBool:
      column.push(static_cast<uint8_t>(value));
      return Reason::kNone;
    case Kind::kText:
    case Kind::kAny:
    case Kind::kFixedString:
      return put_source(column, value ? "true" : "false");
    default:
      if (!is_number(column.kind())) return Reason::kWrongKind;
      return put_int64(column, value);
  }
}

// Text into a column that keeps it as it is. For a type that travels as JSON it is JSON.
inline Reason put_source(Column& column, std::string_view text) {
  if (is_text(column.kind())) {
    Byte* room = column.text_room(text.size());
    if (!text.empty()) std::memcpy(room, text.data(), text.size());  // no room, no pointer
    column.push_text(text.size());
    return Reason::kNone;
  }
  if (text.size() > column.width()) return Reason::kTextTooLong;
  Byte* slot = column.slot();
  if (!text.empty()) std::memcpy(slot, text.data(), text.size());
  std::memset(slot + text.size(), 0, column.width() - text.size());
  column.push_slot();
  return Reason::kNone;
}

namespace detail {

template <class T>
const Byte* put_integer_literal(Column& column, const Byte* p, Reason& reason) {
  T value;
  p = parse_integer(p, value, reason);
  if (p == nullptr) return nullptr;
  if (continues_number(p)) {
    reason = Reason::kNotAnInteger;
    return nullptr;
  }
  column.push(value);
  return p;
}

template <class T>
const Byte* put_float_literal(Column& column, const Byte* p, const Byte* end, Reason& reason) {
  T value;
  p = parse_float(p, end, value, reason);
  if (p != nullptr) column.push(value);
  return p;
}

}  // namespace detail

// The number literal at p; returns its end, or nullptr and the reason. What follows it is the
// caller's to judge; a result beyond `end` is a literal that the record did not hold whole.
inline const Byte* put_number(Column& column, const Byte* p, const Byte* end, Reason& reason) {
  switch (column.kind()) {
    case Kind::kInt8:
      return detail::put_integer_literal<int8_t>(column, p, reason);
    case Kind::kInt16:
      return detail::put_integer_literal<int16_t>(column, p, reason);
    case Kind::kInt32:
      return detail::put_integer_literal<int32_t>(column, p, reason);
    case Kind::kInt64:
      return detail::put_integer_literal<int64_t>(column, p, reason);
    case Kind::kUInt8:
      return detail::put_integer_literal<uint8_t>(column, p, reason);
    case Kind::kUInt16:
      return detail::put_integer_literal<uint16_t>(column, p, reason);
    case Kind::kUInt32:
      return detail::put_integer_literal<uint32_t>(column, p, reason);
    case Kind::kUInt64:
      return detail::put_integer_literal<uint64_t>(column, p, reason);
    case Kind::kFloat32:
      return detail::put_float_literal<float>(column, p, end, reason);
    case Kind::kFloat64:
      return detail::put_float_literal<double>(column, p, end, reason);
    case Kind::kDecimal:
      p = parse_decimal(p, end, detail::shape(column), column.slot(), reason);
      if (p != nullptr) column.push_slot();
      return p;
    case Kind::kBFloat16: {
      float value;
      p = parse_float(p, end, value, reason);
      if (p != nullptr) detail::push_bfloat16(column, value);
      return p;
    }
    case Kind::kInt128:
    case Kind::kInt256:
    case Kind::kUInt128:
    case Kind::kUInt256:
      p = parse_wide_integer(p, end, detail::is_signed_wide(column), column.width(), column.slot(),
                             reason);
      if (p != nullptr) column.push_slot();
      return p;
    case Kind::kInterval:
      return detail::put_integer_literal<int64_t>(column, p, reason);
    case Kind::kText:
    case Kind::kAny:
    case Kind::kFixedString: {
      const Byte* stop = scan_number(p, end);
      reason = stop == nullptr ? Reason::kNotANumber
                               : put_source(column, {reinterpret_cast<const char*>(p),
                                                     static_cast<size_t>(stop - p)});
      return reason == Reason::kNone ? stop : nullptr;
    }
    case Kind::kJson:
      reason = Reason::kWrongKind;
      return nullptr;
    default: {
      if (column.kind() >= Kind::kUuid) {
        reason = Reason::kWrongKind;
        return nullptr;
      }
      int64_t value;
      const bool unsigned_kind = column.kind() == Kind::kBool || column.kind() == Kind::kDate;
      if (*p == '-' && unsigned_kind) {
        reason = column.kind() == Kind::kBool ? Reason::kNotABool : Reason::kDateOutOfRange;
        return nullptr;
      }
      p = parse_integer(p, value, reason);
      if (p == nullptr) return nullptr;
      reason = continues_number(p) ? Reason::kNotAnInteger : detail::push_number_of(column, value);
      return reason == Reason::kNone ? p : nullptr;
    }
  }
}

}  // namespace cphost::columns
