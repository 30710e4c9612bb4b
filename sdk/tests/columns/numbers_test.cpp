// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/decimals.hpp>
#include <cphost/columns/integers.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

namespace cphost::columns {
namespace {

// A literal as parsers get it: padded, with something behind it.
class Padded {
 public:
  explicit Padded(const std::string& text)
      : text_(text + "," + std::string(kPadding, '7')), size_(text.size()) {}
  const Byte* begin() const { return reinterpret_cast<const Byte*>(text_.data()); }
  const Byte* end() const { return begin() + size_; }

 private:
  std::string text_;
  size_t size_;
};

TEST(Integers, everyLengthIsExact) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 200000; ++i) {
    const uint64_t wanted = random() >> random() % 64;
    const Padded text(std::to_string(wanted));
    uint64_t value = 0;
    Reason reason = Reason::kNone;
    ASSERT_EQ(parse_integer(text.begin(), value, reason), text.end()) << wanted;
    ASSERT_EQ(value, wanted);
    const int64_t negative = static_cast<int64_t>(wanted >> 1) * -1;
    const Padded other(std::to_string(negative));
    int64_t back = 0;
    if (negative == 0) continue;
    ASSERT_EQ(parse_integer(other.begin(), back, reason), other.end());
    ASSERT_EQ(back, negative);
  }
}

TEST(Integers, rangesEndWhereTheTypeEnds) {
  Reason reason = Reason::kNone;
  int8_t small = 0;
  EXPECT_NE(parse_integer(Padded("-128").begin(), small, reason), nullptr);
  EXPECT_EQ(small, -128);
  EXPECT_EQ(parse_integer(Padded("-129").begin(), small, reason), nullptr);
  EXPECT_EQ(reason, Reason::kIntOutOfRange);
  EXPECT_EQ(parse_integer(Padded("x").begin(), small, reason), nullptr);
  EXPECT_EQ(reason, Reason::kNotANumber);
}

TEST(Digits, countAndValueAgree) {
  for (unsigned n = 0; n <= 16; ++n) {
    const std::string digits = std::string("9876543210123456").substr(0, n);
    const Padded text(digits);
    uint64_t value = 1;
    EXPECT_EQ(digits16(text.begin(), value), n);
    EXPECT_EQ(value, n == 0 ? 0 : std::stoull(digits));
  }
}

// The C library rounds correctly in the "C" locale.
TEST(Floats, areRoundedAsStrtodRounds) {
  std::mt19937_64 random(2);
  const auto digits = [&random](uint64_t n) {
    std::string text;
    for (uint64_t i = 0; i < n; ++i) text += static_cast<char>('0' + random() % 10);
    return text;
  };
  for (int i = 0; i < 200000; ++i) {
    std::string literal = random() % 2 == 0 ? "-" : "";
    literal += static_cast<char>('1' + random() % 9) + digits(random() % 20);
    if (random() % 4 != 0) literal += "." + digits(1 + random() % 20);
    if (random() % 3 == 0) literal += "e" + std::to_string(static_cast<int>(random() % 500) - 250);
    const Padded text(literal);
    double value = 0;
    Reason reason = Reason::kNone;
    ASSERT_EQ(parse_float(text.begin(), text.end(), value, reason), text.end()) << literal;
    ASSERT_EQ(value, std::strtod(literal.c_str(), nullptr)) << literal;
    float narrow = 0;
    const float wanted = std::strtof(literal.c_str(), nullptr);
    const Byte* end = parse_float(text.begin(), text.end(), narrow, reason);
    ASSERT_EQ(end == nullptr, std::isinf(wanted)) << literal;
    if (end != nullptr) {
      ASSERT_EQ(narrow, wanted) << literal;
    }
  }
}

TEST(Floats, literalsFollowTheGrammar) {
  for (const char* good : {"0", "-0", "1.5", "1e5", "1E+5", "1.5e-5", "0.0"}) {
    const Padded text(good);
    EXPECT_EQ(scan_number(text.begin(), text.end()), text.end()) << good;
  }
  for (const char* bad : {"", "-", "01", "1.", ".5", "1e", "1e+", "+1", "--1", "e5"}) {
    const Padded text(bad);
    EXPECT_EQ(scan_number(text.begin(), text.end()), nullptr) << bad;
  }
}

// Against 128-bit arithmetic on the digits.
// Walking the exponent step by step would take longer than any test may.
TEST(Decimals, aVastNegativeExponentIsZeroAtOnce) {
  const Padded text("34567.125e-2147483647");
  for (int i = 0; i < 100; ++i) {
    unsigned char out[32];
    std::memset(out, 0xee, sizeof out);
    Reason reason = Reason::kNone;
    ASSERT_EQ(parse_decimal(text.begin(), text.end(), {76, 0, 32}, out, reason), text.end());
    for (const unsigned char byte : out) ASSERT_EQ(byte, 0);
  }
}

TEST(Decimals, areExactAtEveryScale) {
  __extension__ typedef __int128 int128;
  std::mt19937_64 random(3);
  for (int i = 0; i < 100000; ++i) {
    const uint8_t precision = static_cast<uint8_t>(1 + random() % 38);
    const uint8_t scale = static_cast<uint8_t>(random() % (precision + 1u));
    const DecimalShape shape = {precision, scale, 16};
    std::string whole = std::to_string(random() >> random() % 64).substr(0, 1 + random() % 20);
    const std::string fraction = std::to_string(random()).substr(0, 1 + random() % 18);
    if (whole.size() > 1 && whole[0] == '0') whole = "1" + whole.substr(1);
    const bool negative = random() % 2 == 0;
    const Padded text((negative ? "-" : "") + whole + "." + fraction);
    int128 value = 0;
    Reason reason = Reason::kNone;
    const Byte* end =
        parse_decimal(text.begin(), text.end(), shape, reinterpret_cast<Byte*>(&value), reason);
    if (whole != "0" && whole.size() > static_cast<size_t>(precision - scale)) {
      ASSERT_EQ(end, nullptr);
      ASSERT_EQ(reason, Reason::kDecimalOutOfRange);
    } else {
      ASSERT_EQ(end, text.end());
      int128 wanted = 0;
      for (const char c : whole) wanted = wanted * 10 + (c - '0');
      for (size_t k = 0; k < scale; ++k)
        wanted = wanted * 10 + (k < fraction.size() ? fraction[k] - '0' : 0);
      if (negative) wanted = -wanted;
      ASSERT_TRUE(value == wanted)
          << whole << "." << fraction << " at " << int(precision) << ", " << int(scale);
    }
  }
}

}  // namespace
}  // namespace cphost::columns
