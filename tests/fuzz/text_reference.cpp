// SPDX-License-Identifier: Apache-2.0
#include "text_reference.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <cmath>
#include <cstring>

#include "decimal_text.hpp"
#include "time_reference.hpp"

namespace fuzz {
namespace {

using cphost::columns::EnumItem;
using cphost::columns::Kind;
using cphost::columns::Type;

const Expected kRefused = {Expected::kRefused};

Expected value(std::string text) {
  return {Expected::kValue, std::move(text)};
}

// The type's name without what wraps it and without its arguments.
std::string_view bare_name(const Type& type) {
  std::string_view name = type.text;
  for (std::string_view wrap : {"LowCardinality(", "Nullable("}) {
    if (name.substr(0, wrap.size()) == wrap) name.remove_prefix(wrap.size());
  }
  return name.substr(0, name.find_first_of("()"));
}

struct IntegerShape {
  size_t bytes;
  bool is_signed;
};

std::optional<IntegerShape> integer_shape(const Type& type) {
  if (type.width == 0) return std::nullopt;
  std::string_view name = bare_name(type);
  const bool is_signed = name.substr(0, 1) != "U";
  if (!is_signed) name.remove_prefix(1);
  if (name.substr(0, 3) != "Int") return std::nullopt;
  size_t bits = 0;
  std::from_chars(name.data() + 3, name.data() + name.size(), bits);
  if (bits == 0 || bits % 8 != 0) return std::nullopt;
  return IntegerShape{bits / 8, is_signed};
}

size_t digits_from(std::string_view text, size_t at) {
  while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
  return at;
}

// [+-]digits[.digits][e[+-]digits], all of the text; digits may be missing on one side of the
// point.
std::optional<Literal> literal_of(std::string_view text, bool& is_integer) {
  Literal out;
  size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  out.negative = text.substr(0, 1) == "-";
  size_t end = digits_from(text, at);
  out.digits = text.substr(at, end - at);
  is_integer = end == text.size();
  if (end < text.size() && text[end] == '.') {
    at = end + 1;
    end = digits_from(text, at);
    out.digits += text.substr(at, end - at);
    out.exponent = -static_cast<long>(end - at);
  }
  if (out.digits.empty()) return std::nullopt;
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    const bool minus = text.substr(end + 1, 1) == "-";
    at = end + 1 + (minus || text.substr(end + 1, 1) == "+");
    end = digits_from(text, at);
    if (end == at) return std::nullopt;
    const std::string digits = plain_digits(false, text.substr(at, end - at));
    const long exponent = digits.size() > 6 ? 1000000 : std::stol(digits);
    out.exponent += minus ? -exponent : exponent;
  }
  if (end != text.size()) return std::nullopt;
  return out;
}

Expected integer(const IntegerShape& shape, const std::string& text) {
  if (text == "true" || text == "false") return value(text == "true" ? "1" : "0");
  bool is_integer = false;
  const std::optional<Literal> literal = literal_of(text, is_integer);
  if (!literal || !is_integer) return kRefused;
  if (literal->negative && !shape.is_signed) return kRefused;  // -0 too
  const std::string digits = plain_digits(literal->negative, literal->digits);
  return fits_integer(digits, shape.bytes, shape.is_signed) ? value(digits) : kRefused;
}

std::string with_point(std::string digits, size_t scale) {
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  if (digits.size() <= scale) digits.insert(0, scale + 1 - digits.size(), '0');
  if (scale != 0) digits.insert(digits.size() - scale, 1, '.');
  return (negative ? "-" : "") + digits;
}

Expected decimal(const Type& type, const std::string& text) {
  bool is_integer;
  if (text.find("..") != text.npos) return {};  // one point too many: the server does not mind
  const std::optional<Literal> literal = literal_of(text, is_integer);
  if (!literal) return kRefused;
  // With an exponent the server counts digits before it knows where the point will be.
  const bool has_exponent = text.find_first_of("eE") != text.npos;
  if (has_exponent && (literal->digits.size() > type.precision || literal->exponent < -1000 ||
                       literal->exponent > 1000)) {
    return {};
  }
  std::string whole = literal->scaled(0);
  if (whole[0] == '-') whole.erase(0, 1);
  const size_t room = static_cast<size_t>(type.precision - type.scale);
  // Even a 0 may have an exponent that is too large for the server.
  if (whole == "0" && has_exponent && literal->exponent > static_cast<long>(room)) return {};
  if (whole != "0" && whole.size() > room) return kRefused;
  return value(with_point(literal->scaled(type.scale), type.scale));
}

template <class T>
std::string float_text(T number) {
  if (std::isnan(number)) return "nan";
  char text[64];
  return std::string(text, std::to_chars(text, text + sizeof text, number).ptr);
}

template <class T>
Expected real(const std::string& text) {
  const auto read = [&text] {
    return sizeof(T) == 4 ? static_cast<T>(std::strtof(text.c_str(), nullptr))
                          : static_cast<T>(std::strtod(text.c_str(), nullptr));
  };
  if (text == "true" || text == "false") return value(text == "true" ? "1" : "0");
  std::string word = text.substr(!text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  if (word == "nan") return value("nan");
  if (word == "inf" || word == "infinity") return value(float_text(read()));
  bool is_integer;
  if (!literal_of(text, is_integer)) return kRefused;
  return std::isinf(read()) ? kRefused : value(float_text(read()));
}

Expected uuid(std::string text) {
  if (text.size() == 32) {
    for (const size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  }
  if (text.size() != 36) return kRefused;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return kRefused;
    if (!dash && std::strchr("0123456789abcdefABCDEF", text[i]) == nullptr) return kRefused;
    if (text[i] >= 'A' && text[i] <= 'F') text[i] = static_cast<char>(text[i] - 'A' + 'a');
  }
  return text.find('\0') == text.npos ? value(text) : kRefused;
}

Expected ipv4(std::string_view text) {
  std::string out;
  for (int octet = 0; octet < 4; ++octet) {
    const size_t end = digits_from(text, 0);
    if (end == 0 || end > 4) return kRefused;
    const std::string digits = plain_digits(false, text.substr(0, end));
    if (std::stoi(digits) > 255) return kRefused;
    out += digits;
    text.remove_prefix(end);
    if (octet == 3) break;
    if (text.substr(0, 1) != ".") return kRefused;
    out += '.';
    text.remove_prefix(1);
  }
  return text.empty() ? value(out) : kRefused;
}

std::string ipv6_text(const void* bytes) {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, bytes, text, sizeof text);
}

Expected ipv6(const std::string& text) {
  unsigned char bytes[16];
  if (text.find('\0') != text.npos) return kRefused;
  if (inet_pton(AF_INET6, text.c_str(), bytes) == 1) return value(ipv6_text(bytes));
  const Expected mapped = ipv4(text);
  // The server takes 01.2.3.4 for the beginning of an IPv6 address.
  if (mapped.verdict != Expected::kValue || (text[0] == '0' && text[1] != '.')) return kRefused;
  inet_pton(AF_INET6, ("::ffff:" + mapped.text).c_str(), bytes);
  return value(ipv6_text(bytes));
}

// The server allows no label and no number twice.
bool is_sound(const std::vector<EnumItem>& items) {
  for (size_t i = 0; i < items.size(); ++i) {
    for (size_t k = 0; k < i; ++k) {
      if (items[i].label == items[k].label || items[i].value == items[k].value) return false;
    }
  }
  return true;
}

Expected enumeration(const Type& type, const std::string& text) {
  if (!is_sound(type.items)) return {};
  for (const EnumItem& item : type.items) {
    if (item.label == text) return value(item.label);
  }
  bool is_integer = false;
  const std::optional<Literal> literal = literal_of(text, is_integer);
  if (!literal || !is_integer) return kRefused;
  const std::string number = plain_digits(literal->negative, literal->digits);
  for (const EnumItem& item : type.items) {
    if (std::to_string(item.value) == number) return value(item.label);
  }
  return kRefused;
}

Expected boolean(const std::string& text) {
  if (text == "true" || text == "1") return value("true");
  return text == "false" || text == "0" ? value("false") : kRefused;
}

template <class T>
T loaded(std::string_view bytes) {
  T out;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

std::optional<std::string> enum_label(const Type& type, std::string_view bytes) {
  const int number = bytes.size() == 1 ? loaded<int8_t>(bytes) : loaded<int16_t>(bytes);
  for (const EnumItem& item : type.items) {
    if (item.value == number) return item.label;
  }
  return std::nullopt;
}

std::string uuid_text(std::string_view bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[static_cast<unsigned char>(bytes[i]) >> 4];
    out += kDigits[static_cast<unsigned char>(bytes[i]) & 15];
  }
  return out;
}

std::string ipv4_text(uint32_t address) {
  std::string out = std::to_string(address >> 24);
  for (int shift : {16, 8, 0}) out += '.' + std::to_string(address >> shift & 0xff);
  return out;
}

}  // namespace

bool is_number(const Type& type) {
  return integer_shape(type) || type.kind == Kind::kFloat32 || type.kind == Kind::kFloat64 ||
         type.kind == Kind::kDecimal;
}

Expected expected_of_text(const Type& type, const std::string& text) {
  constexpr size_t kTextMax = 512;  // Behind it everything but text is refused unread.
  if (type.kind == Kind::kText) return value(text);
  if (type.kind == Kind::kFixedString) {
    if (text.size() > type.width) return kRefused;
    return value(text + std::string(type.width - text.size(), '\0'));
  }
  if (text.size() > kTextMax) return {};
  if (const auto shape = integer_shape(type)) return integer(*shape, text);
  switch (type.kind) {
    case Kind::kFloat32:
      return real<float>(text);
    case Kind::kFloat64:
      return real<double>(text);
    case Kind::kDecimal:
      return decimal(type, text);
    case Kind::kBool:
      return boolean(text);
    case Kind::kUuid:
      return uuid(text);
    case Kind::kIpv4:
      return ipv4(text);
    case Kind::kIpv6:
      return ipv6(text);
    case Kind::kEnum8:
    case Kind::kEnum16:
      return enumeration(type, text);
    case Kind::kDate:
    case Kind::kDate32:
    case Kind::kDateTime:
    case Kind::kDateTime64:
      return expected_time(type, text);
    default:
      return {};
  }
}

std::optional<std::string> printed(const Type& type, std::string_view bytes) {
  if (const auto shape = integer_shape(type)) return integer_text(bytes, shape->is_signed);
  switch (type.kind) {
    case Kind::kText:
    case Kind::kFixedString:
      return std::string(bytes);
    case Kind::kFloat32:
      return float_text(loaded<float>(bytes));
    case Kind::kFloat64:
      return float_text(loaded<double>(bytes));
    case Kind::kDecimal:
      return with_point(integer_text(bytes, true), type.scale);
    case Kind::kBool:
      return bytes[0] != 0 ? "true" : "false";
    case Kind::kUuid:
      return uuid_text(bytes);
    case Kind::kIpv4:
      return ipv4_text(loaded<uint32_t>(bytes));
    case Kind::kIpv6:
      return ipv6_text(bytes.data());
    case Kind::kEnum8:
    case Kind::kEnum16:
      return enum_label(type, bytes);
    case Kind::kDate:
      return day_text(loaded<uint16_t>(bytes));
    case Kind::kDate32:
      return day_text(loaded<int32_t>(bytes));
    case Kind::kDateTime:
      return moment_text(loaded<uint32_t>(bytes), 0);
    case Kind::kDateTime64:
      return moment_text(loaded<int64_t>(bytes), type.scale);
    default:
      return std::nullopt;
  }
}

}  // namespace fuzz
