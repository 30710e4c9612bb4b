// SPDX-License-Identifier: Apache-2.0
// cphost/columns/text_values.hpp: texts into columns of any type. See values.hpp.
#pragma once

#include <algorithm>
#include <charconv>
#include <string_view>

#include "basic.hpp"
#include "best_effort.hpp"
#include "ip.hpp"
#include "json_string.hpp"
#include "typed_values.hpp"
#include "uuid.hpp"

namespace cphost::columns {

namespace detail {

inline constexpr int64_t kBasicSurely = kDateTime64Max - 86400;  // whatever the zone

// Whether basic certainly reads the same of what parse_moment has found from p to q.
inline bool is_basic(const Column& column, const Byte* p, const Byte* q, const Moment& moment) {
  const std::ptrdiff_t size = q - p;
  const bool with_fraction = size > 19 && column.kind() == Kind::kDateTime64 && p[19] == '.';
  return moment.local && moment.seconds < kBasicSurely &&
         (size == 10 || size == 19 || with_fraction);
}

}  // namespace detail

// put_delimited for a DateTime or DateTime64.
inline const Byte* put_delimited_moment(Column& column, const Byte* p, const Byte* end,
                                        Byte delimiter) {
  Moment moment;
  const Byte* q = parse_moment(p, moment);
  if (q == nullptr || q >= end || *q != delimiter) return nullptr;
  if (column.date_time_input() == DateTimeInput::kBasic) [[unlikely]] {
    if (!detail::is_basic(column, p, q, moment)) return nullptr;
  }
  return detail::push_moment(column, moment) == Reason::kNone ? q : nullptr;
}

// A date, time, UUID or IPv4 address at p in its usual spelling with `delimiter` behind it: pushes
// it and returns where the delimiter stands; otherwise does nothing and returns nullptr, and
// put_text has to decide.
inline const Byte* put_delimited(Column& column, const Byte* p, const Byte* end, Byte delimiter) {
  const auto ends = [&](const Byte* q) { return q != nullptr && q < end && *q == delimiter; };
  const Byte* q = nullptr;
  switch (column.kind()) {
    case Kind::kDate:
    case Kind::kDate32: {
      int64_t days;
      q = parse_day(p, days);
      if (!ends(q)) return nullptr;
      return detail::push_day_of(column, days) == Reason::kNone ? q : nullptr;
    }
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return put_delimited_moment(column, p, end, delimiter);
    case Kind::kUuid:
      q = parse_uuid(p, column.slot());
      if (!ends(q)) return nullptr;
      column.push_slot();
      return q;
    case Kind::kIpv4: {
      uint32_t value;
      q = parse_ipv4(p, value);
      if (!ends(q)) return nullptr;
      column.push(value);
      return q;
    }
    default:
      return nullptr;
  }
}

// What a text is refused with that cannot be a value of this kind, whatever it says.
inline Reason no_value_of(Kind kind) {
  switch (kind) {
    case Kind::kBool:
      return Reason::kNotABool;
    case Kind::kDate:
    case Kind::kDate32:
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return Reason::kDateSyntax;
    case Kind::kTime:
    case Kind::kTime64:
      return Reason::kTimeSyntax;
    case Kind::kUuid:
      return Reason::kUuidSyntax;
    case Kind::kIpv4:
    case Kind::kIpv6:
      return Reason::kIpSyntax;
    case Kind::kEnum8:
    case Kind::kEnum16:
      return Reason::kEnumUnknown;
    default:
      return is_container(kind) ? Reason::kWrongKind : Reason::kNotANumber;
  }
}

namespace detail {

constexpr bool has_fraction(Kind kind) {
  return kind == Kind::kFloat32 || kind == Kind::kFloat64 || kind == Kind::kBFloat16 ||
         kind == Kind::kDecimal;
}

inline constexpr size_t kValueTextMax = 512;  // of a number, date or address in quotes

inline Reason put_basic_text(Column& column, const Byte* p, const Byte* end) {
  BasicTime time;
  const bool has_scale = column.kind() == Kind::kDateTime64;
  if (!Basic(p, end, has_scale ? column.scale() : Basic::kNoScale).parse(time)) {
    return Reason::kDateSyntax;
  }
  if (time.is_ticks) return push_number_of(column, time.ticks);
  // As seconds since 1970 it may be beyond 9999, and then the engine takes them for ticks.
  Moment& moment = time.moment;
  if (moment.local && column.zone() != nullptr) {
    moment.seconds = column.zone()->to_utc(moment.seconds);
    moment.local = false;
  }
  return push_moment(column, moment);
}

inline Reason put_moment_text(Column& column, const Byte* p, const Byte* end) {
  if (column.date_time_input() == DateTimeInput::kBasic) return put_basic_text(column, p, end);
  const bool month_first = column.date_time_input() == DateTimeInput::kBestEffortUs;
  Moment moment;
  if (parse_moment(p, moment) == end ||
      BestEffort(p, end, column.kind() == Kind::kDateTime64, month_first).parse(moment)) {
    return push_moment(column, moment);
  }
  return Reason::kDateSyntax;
}

inline Reason put_day_text(Column& column, const Byte* p, const Byte* end) {
  int64_t days = 0;
  const Byte* q = parse_loose_day(p, days);
  if (q != end) return Reason::kDateSyntax;
  return push_day_of(column, days);
}

// Numbers in quotes may also have a plus and leading zeros, those with a fraction may begin or end
// with the point.
inline Reason put_plain_number(Column& column, const Byte* p, const Byte* end) {
  Byte plain[kValueTextMax + 1 + kPadding];
  Byte* out = plain;
  if (*p == '-') *out++ = '-';
  p += *p == '-' || *p == '+';
  if (*p == '-') return Reason::kNotANumber;
  while (p + 1 < end && *p == '0' && is_digit(p[1])) ++p;
  const Byte* const first = p;
  const auto is_exponent = [](Byte c) { return (c | 0x20) == 'e'; };
  const Byte* const mantissa_end = std::find_if(p, end, is_exponent);
  const auto* point =
      static_cast<const Byte*>(std::memchr(p, '.', static_cast<size_t>(mantissa_end - p)));
  if (!has_fraction(column.kind())) point = nullptr;
  if (point == first && is_digit(p[1])) *out++ = '0';
  for (; p < end; ++p) {
    // ClickHouse takes a second point in decimals, and only there.
    const bool twice = p[1] == '.' && column.kind() != Kind::kDecimal;
    const bool superfluous = p == point && p != first && !is_digit(p[1]) && !twice;
    if (!superfluous) *out++ = *p;
  }
  std::memset(out, 0, kPadding);
  if (scan_number(plain, out) != out) return Reason::kNotANumber;
  Reason reason = Reason::kNone;
  put_number(column, plain, out, reason);
  return reason;
}

inline Reason put_number_text(Column& column, const Byte* p, const Byte* end) {
  const std::string_view text(reinterpret_cast<const char*>(p), static_cast<size_t>(end - p));
  if (column.kind() != Kind::kDecimal && (text == "true" || text == "false")) {
    return put_int64(column, text == "true");
  }
  if (column.kind() == Kind::kFloat32) {
    float value;
    if (parse_float_word(text, value)) return column.push(value), Reason::kNone;
  } else if (column.kind() == Kind::kBFloat16) {
    float value;
    if (parse_float_word(text, value)) return push_bfloat16(column, value), Reason::kNone;
  } else if (column.kind() == Kind::kFloat64) {
    double value;
    if (parse_float_word(text, value)) return column.push(value), Reason::kNone;
  }
  return put_plain_number(column, p, end);
}

inline Reason put_time_text(Column& column, const Byte* p, const Byte* end) {
  int64_t ticks = 0;
  if (parse_time(p, column.kind() == Kind::kTime64, column.scale(), ticks) != end) {
    return Reason::kTimeSyntax;
  }
  return push_time(column, ticks);
}

// A text as a JSON string, for a column of any JSON value.
inline Reason put_json_string(Column& column, std::string_view text) {
  Byte* const out = column.text_room(kJsonStringMax * text.size() + 2);
  column.push_text(static_cast<size_t>(write_json_string(text, out) - out));
  return Reason::kNone;
}

inline Reason put_enum_text(Column& column, std::string_view text) {
  int16_t value;
  if (column.enumeration().find(text, value)) return push_enum(column, value);
  int64_t number = 0;
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return Reason::kEnumUnknown;
  return push_enum(column, number);
}

}  // namespace detail

// A whole text, unescaped.
inline Reason put_text(Column& column, std::string_view text) {
  const Kind kind = column.kind();
  if (kind == Kind::kText || kind == Kind::kFixedString || kind == Kind::kJson) {
    return put_source(column, text);
  }
  if (kind == Kind::kAny) return detail::put_json_string(column, text);
  if (kind == Kind::kEnum8 || kind == Kind::kEnum16) return detail::put_enum_text(column, text);
  if (is_container(kind) || text.size() > detail::kValueTextMax) return no_value_of(kind);
  // The parsers stop at a byte that cannot go on, and look a little further.
  Byte padded[detail::kValueTextMax + kPadding];
  if (!text.empty()) std::memcpy(padded, text.data(), text.size());
  std::memset(padded + text.size(), 0, kPadding);
  const Byte* p = padded;
  const Byte* end = padded + text.size();
  switch (kind) {
    case Kind::kBool:
      if (text == "true" || text == "1") return put_bool(column, true);
      if (text == "false" || text == "0") return put_bool(column, false);
      return Reason::kNotABool;
    case Kind::kDate:
    case Kind::kDate32:
      return detail::put_day_text(column, p, end);
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return detail::put_moment_text(column, p, end);
    case Kind::kTime:
    case Kind::kTime64:
      return detail::put_time_text(column, p, end);
    case Kind::kUuid:
      if (parse_uuid(p, column.slot()) != end) return Reason::kUuidSyntax;
      column.push_slot();
      return Reason::kNone;
    case Kind::kIpv4: {
      uint32_t value;
      if (parse_ipv4(p, value) != end) return Reason::kIpSyntax;
      column.push(value);
      return Reason::kNone;
    }
    case Kind::kIpv6:
      if (!parse_ipv6({reinterpret_cast<const char*>(p), text.size()}, column.slot()))
        return Reason::kIpSyntax;
      column.push_slot();
      return Reason::kNone;
    default:
      return detail::put_number_text(column, p, end);
  }
}

// A float that the format has as such: whole numbers fit where integers do.
inline Reason put_double(Column& column, double value) {
  if (column.kind() == Kind::kFloat64) return column.push(value), Reason::kNone;
  if (column.kind() == Kind::kFloat32 || column.kind() == Kind::kBFloat16) {
    const float narrow = static_cast<float>(value);
    if (std::isinf(narrow) && !std::isinf(value)) return Reason::kFloatOutOfRange;
    if (column.kind() == Kind::kFloat32) return column.push(narrow), Reason::kNone;
    return detail::push_bfloat16(column, narrow), Reason::kNone;
  }
  char text[64];
  const auto printed = std::to_chars(text, text + sizeof text, value);
  const std::string_view number(text, static_cast<size_t>(printed.ptr - text));
  if (column.kind() == Kind::kAny && std::isfinite(value)) return put_source(column, number);
  return put_text(column, number);
}

}  // namespace cphost::columns
