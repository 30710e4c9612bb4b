// SPDX-License-Identifier: Apache-2.0
// decimal_text.hpp: whole numbers of any size as their decimal digits: slow, and plain enough to be
// right. What the fuzzers hold parsers against.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

// "-12" of little-endian bytes; where `is_signed`, of two's complement.
inline std::string integer_text(std::string_view little_endian, bool is_signed) {
  std::vector<unsigned> bytes;
  for (const char c : little_endian) bytes.push_back(static_cast<unsigned char>(c));
  const bool negative = is_signed && bytes.back() >= 0x80;
  unsigned carry = 1;
  for (unsigned& b : bytes) {
    if (!negative) break;
    b = (0xff - b) + carry;
    carry = b >> 8;
    b &= 0xff;
  }
  std::string digits;
  while (!bytes.empty()) {
    unsigned rest = 0;
    for (size_t i = bytes.size(); i-- > 0;) {
      rest = rest << 8 | bytes[i];
      bytes[i] = rest / 10;
      rest %= 10;
    }
    digits += static_cast<char>('0' + rest);
    while (!bytes.empty() && bytes.back() == 0) bytes.pop_back();
  }
  if (negative) digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// Without a sign and zeros that mean nothing: "-007" is "-7", "-0" and "" are "0".
inline std::string plain_digits(bool negative, std::string_view digits) {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.empty()) return "0";
  return (negative ? "-" : "") + std::string(digits);
}

// Whether plain digits are those of an integer of so many bytes.
inline bool fits_integer(const std::string& text, size_t bytes, bool is_signed) {
  const bool negative = text[0] == '-';
  if (negative && !is_signed) return false;
  std::string limit(bytes, negative ? '\0' : '\xff');
  if (is_signed) limit.back() = static_cast<char>(negative ? 0x80 : 0x7f);
  const std::string bound = integer_text(limit, is_signed);
  return text.size() != bound.size() ? text.size() < bound.size() : text <= bound;
}

// A number literal taken apart: digits x 10^exponent.
struct Literal {
  bool negative = false;
  std::string digits;
  long exponent = 0;

  // The whole number that is left when digits behind 10^-scale are cut off.
  std::string scaled(long scale) const {
    constexpr long kShiftMax = 1000;  // More digits than any type has.
    std::string all = digits;
    const long shift = std::min(exponent + scale, kShiftMax);
    if (shift >= 0) {
      all.append(static_cast<size_t>(shift), '0');
    } else {
      all.resize(all.size() > static_cast<size_t>(-shift) ? all.size() - static_cast<size_t>(-shift)
                                                          : 0);
    }
    return plain_digits(negative, all);
  }
};

}  // namespace fuzz
