// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <arpa/inet.h>
#include <cphost/columns/json_string.hpp>
#include <cphost/columns/wide_integers.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "time_text.hpp"

namespace clickhouse {
namespace {

using cphost::columns::Kind;
using cphost::columns::detail::WideInteger;

constexpr std::string_view kBlanks = " \t\r\n";
constexpr int64_t kSecondsADay = 86'400;
constexpr Written kWritten;

template <class T>
T load(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class T>
void append_number(T value, std::string& out) {
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  out.append(text, static_cast<size_t>(end - text));
}

template <class T>
void append_float(T value, bool key, std::string& out) {
  if (std::isfinite(value) && !key) return append_number(value, out);
  out += '"';
  append_number(std::isnan(value) ? std::abs(value) : value, out);
  out += '"';
}

void append_text(std::string_view text, std::string& out) {
  const size_t before = out.size();
  out.resize(before + text.size() * cphost::columns::kJsonStringMax + 2);
  auto* const begin = reinterpret_cast<unsigned char*>(out.data());
  const auto* const end = cphost::columns::write_json_string(text, begin + before);
  out.resize(static_cast<size_t>(end - begin));
}

// Decimal digits with a point before the last `scale`.
void append_wide(const uint8_t* from, size_t width, bool is_signed, unsigned scale,
                 std::string& out) {
  WideInteger value;
  const bool negative = is_signed && (from[width - 1] & 0x80) != 0;
  if (negative) std::memset(value.limb, 0xff, sizeof value.limb);
  std::memcpy(value.limb, from, width);
  if (negative) value.negate();
  char digits[80];
  unsigned n = 0;
  while (!value.is_zero() || n <= scale) {
    constexpr uint64_t kTenToThe18 = 1'000'000'000'000'000'000;
    uint64_t low = value.divide(kTenToThe18);
    const bool last = value.is_zero();
    for (unsigned k = 0; k < 18 && (!last || low != 0 || n <= scale); ++k, low /= 10) {
      if (n == sizeof digits) return;
      digits[n++] = static_cast<char>('0' + low % 10);
    }
  }
  if (negative) out += '-';
  while (n > 0) {
    if (n == scale && scale != 0) out += '.';
    out += digits[--n];
  }
}

void append_uuid(const uint8_t* from, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[from[i] >> 4];
    out += kHex[from[i] & 15];
  }
}

void append_ip(int family, const void* from, std::string& out) {
  char text[INET6_ADDRSTRLEN];
  if (inet_ntop(family, from, text, sizeof text)) out += text;
}

// The inside of a quoted value; false where the server would read it as another.
bool append_inside(const JsonPlan& plan, const uint8_t* from, std::string& out) {
  switch (plan.kind) {
    case Kind::kDate:
      return append_day(load<uint16_t>(from), out);
    case Kind::kDate32: {
      const int64_t days = load<int32_t>(from);
      return (!plan.guessed || fits_nanoseconds(days * kSecondsADay, 0)) && append_day(days, out);
    }
    case Kind::kDateTime:
    case Kind::kDateTime64: {
      const bool has_scale = plan.kind == Kind::kDateTime64;
      const int64_t ticks = has_scale ? load<int64_t>(from) : load<uint32_t>(from);
      const unsigned scale = has_scale ? plan.scale : 0u;
      if (plan.guessed && !fits_nanoseconds(ticks, scale)) return false;
      return plan.seconds ? append_seconds(ticks, scale, out) : append_moment(ticks, scale, out);
    }
    case Kind::kTime:
      return append_time(load<int32_t>(from), 0, out);
    case Kind::kTime64:
      return append_time(load<int64_t>(from), plan.scale, out);
    case Kind::kUuid:
      return append_uuid(from, out), true;
    case Kind::kIpv4: {
      const uint32_t address = htonl(load<uint32_t>(from));
      return append_ip(AF_INET, &address, out), true;
    }
    default:
      return append_ip(AF_INET6, from, out), true;
  }
}

void append_enum(const JsonPlan& plan, int value, std::string& out) {
  if (!plan.spelled) return append_number(value, out);
  const auto item = std::find_if(plan.items.begin(), plan.items.end(),
                                 [value](const auto& x) { return x.value == value; });
  append_text(item == plan.items.end() ? std::to_string(value) : item->label, out);
}

void append_integer(const JsonPlan& plan, const uint8_t* from, std::string& out) {
  switch (plan.kind) {
    case Kind::kInt8:
      return append_number(load<int8_t>(from), out);
    case Kind::kInt16:
      return append_number(load<int16_t>(from), out);
    case Kind::kInt32:
    case Kind::kDate32:
    case Kind::kTime:
      return append_number(load<int32_t>(from), out);
    case Kind::kUInt8:
      return append_number(load<uint8_t>(from), out);
    case Kind::kUInt16:
    case Kind::kDate:
      return append_number(load<uint16_t>(from), out);
    case Kind::kUInt32:
      return append_number(load<uint32_t>(from), out);
    case Kind::kDateTime:
      return append_number(int64_t{load<uint32_t>(from)} * plan.factor, out);
    case Kind::kUInt64:
      return append_number(load<uint64_t>(from), out);
    case Kind::kInt128:
    case Kind::kInt256:
    case Kind::kDecimal:
      return append_wide(from, plan.width, true, plan.scale, out);
    case Kind::kUInt128:
    case Kind::kUInt256:
      return append_wide(from, plan.width, false, 0, out);
    default:  // Int64, DateTime64, Time64, Interval
      return append_number(load<int64_t>(from), out);
  }
}

bool is_null(const ArrowArray& array, size_t at) {
  if (array.null_count == 0 || array.n_buffers == 0 || array.buffers[0] == nullptr) return false;
  return !(static_cast<const uint8_t*>(array.buffers[0])[at >> 3] >> (at & 7) & 1);
}

// Of one value.
bool is_string(std::string_view text) {
  return text[text.find_first_not_of(kBlanks)] == '"';
}

Written append_binary(const JsonPlan& plan, const ArrowArray& array, size_t at, std::string& out) {
  const auto* offsets = static_cast<const int32_t*>(array.buffers[1]) + at;
  const std::string_view text(static_cast<const char*>(array.buffers[2]) + offsets[0],
                              static_cast<size_t>(offsets[1] - offsets[0]));
  if (!plan.raw) return append_text(text, out), kWritten;
  if (text.empty() && !plan.key) return out += plan.kind == Kind::kAny ? "null" : "{}", kWritten;
  const size_t begin = out.size();
  out += text;
  if (!is_one_json_value(text)) return {Unwritable::kNotJson, begin};
  if (plan.key && !is_string(text)) return {Unwritable::kKeyIsNoText, begin};
  return kWritten;
}

Written append_quoted(const JsonPlan& plan, const uint8_t* from, std::string& out) {
  out += '"';
  const size_t begin = out.size();
  if (append_inside(plan, from, out)) return out += '"', kWritten;
  out.resize(begin);
  append_integer(plan, from, out);
  return {Unwritable::kTimeHasNoText, begin};
}

Written append_scalar(const JsonPlan& plan, const uint8_t* from, std::string& out) {
  switch (plan.kind) {
    case Kind::kFloat32:
      if (plan.as_double) return append_float(double{load<float>(from)}, plan.key, out), kWritten;
      return append_float(load<float>(from), plan.key, out), kWritten;
    case Kind::kFloat64:
      return append_float(load<double>(from), plan.key, out), kWritten;
    case Kind::kBFloat16: {
      const uint32_t bits = uint32_t{load<uint16_t>(from)} << 16;
      return append_float(load<float>(reinterpret_cast<const uint8_t*>(&bits)), plan.key, out),
             kWritten;
    }
    case Kind::kFixedString:
      return append_text({reinterpret_cast<const char*>(from), plan.width}, out), kWritten;
    case Kind::kEnum8:
      return append_enum(plan, load<int8_t>(from), out), kWritten;
    case Kind::kEnum16:
      return append_enum(plan, load<int16_t>(from), out), kWritten;
    case Kind::kDate:
    case Kind::kDate32:  // as text only from 1900 to 2299
    case Kind::kDateTime:
    case Kind::kDateTime64:
    case Kind::kTime:
    case Kind::kTime64:
      if (!plan.spelled) return append_integer(plan, from, out), kWritten;
      [[fallthrough]];
    case Kind::kUuid:
    case Kind::kIpv4:
    case Kind::kIpv6:
      return append_quoted(plan, from, out);
    default:
      if (plan.key) out += '"';
      append_integer(plan, from, out);
      if (plan.key) out += '"';
      return kWritten;
  }
}

Written append_converted(const JsonPlan& plan, const ArrowArray& array, size_t at,
                         std::string& out) {
  uint8_t value[8];
  const Conversion& c = plan.conversion;
  if (c.run(array.buffers[1], at, 1, c.factor, value)) return append_scalar(plan, value, out);
  JsonPlan source;
  source.kind = plan.source;
  const size_t begin = out.size();
  append_integer(source, static_cast<const uint8_t*>(array.buffers[1]) + at * plan.source_width,
                 out);
  return {Unwritable::kDoesNotFit, begin};
}

Written append_list(const JsonPlan& plan, const ArrowArray& array, size_t at, std::string& out) {
  const auto* offsets = static_cast<const int32_t*>(array.buffers[1]) + at;
  const ArrowArray& items = *array.children[0];
  const bool map = plan.kind == Kind::kMap;
  out += map ? '{' : '[';
  for (int32_t k = offsets[0]; k < offsets[1]; ++k) {
    if (k != offsets[0]) out += ',';
    const auto i = static_cast<size_t>(k);
    if (!map) {
      if (const Written w = append_json(plan.children[0], items, i, out); !w) return w;
      continue;
    }
    const size_t entry = i + static_cast<size_t>(items.offset);
    if (const Written w = append_json(plan.children[0], *items.children[0], entry, out); !w) {
      return w;
    }
    out += ':';
    if (const Written w = append_json(plan.children[1], *items.children[1], entry, out); !w) {
      return w;
    }
  }
  out += map ? '}' : ']';
  return kWritten;
}

Written append_tuple(const JsonPlan& plan, const ArrowArray& array, size_t at, std::string& out) {
  const bool named = !plan.names.empty();
  out += named ? '{' : '[';
  for (size_t k = 0; k < plan.children.size(); ++k) {
    if (k != 0) out += ',';
    if (named) out += plan.names[k];
    if (const Written w = append_json(plan.children[k], *array.children[k], at, out); !w) return w;
  }
  out += named ? '}' : ']';
  return kWritten;
}

}  // namespace

Written append_json(const JsonPlan& plan, const ArrowArray& array, size_t i, std::string& out) {
  const size_t at = i + static_cast<size_t>(array.offset);
  if (is_null(array, at)) return out += "null", kWritten;
  if (plan.conversion) return append_converted(plan, array, at, out);
  switch (plan.kind) {
    case Kind::kArray:
    case Kind::kMap:
      return append_list(plan, array, at, out);
    case Kind::kTuple:
      return append_tuple(plan, array, at, out);
    case Kind::kText:
    case Kind::kJson:
    case Kind::kAny:
      return append_binary(plan, array, at, out);
    case Kind::kBool:
      out +=
          static_cast<const uint8_t*>(array.buffers[1])[at >> 3] >> (at & 7) & 1 ? "true" : "false";
      return kWritten;
    default:
      return append_scalar(plan, static_cast<const uint8_t*>(array.buffers[1]) + at * plan.width,
                           out);
  }
}

bool is_one_json_value(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  if (text.empty()) return false;
  size_t at = 0, open = 0;
  do {
    const char c = text[at++];
    if (c == '"') {
      for (; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\';
      if (at++ >= text.size()) return false;
    } else if (c == '{' || c == '[') {
      ++open;
    } else if (c == '}' || c == ']') {
      if (open-- == 0) return false;
    } else if (open == 0) {  // A number or a word: to the end.
      return std::all_of(text.begin(), text.end(), [](unsigned char x) {
        return std::isalnum(x) || x == '-' || x == '+' || x == '.';
      });
    }
  } while (open > 0 && at < text.size());
  return open == 0 && at == text.size();
}

}  // namespace clickhouse
