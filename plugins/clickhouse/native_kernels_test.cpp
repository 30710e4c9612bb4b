// SPDX-License-Identifier: Apache-2.0
// Each kernel against the obvious loop, at every offset within a byte.
#include "native_kernels.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace clickhouse {
namespace {

bool bit(const std::vector<uint8_t>& bits, size_t i) {
  return bits[i / 8] >> (i % 8) & 1;
}

std::vector<uint8_t> random_bytes(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<uint8_t> bytes(size);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(random());
  return bytes;
}

// Exactly as large as it may be written to, so that a sanitizer sees one byte more.
std::unique_ptr<uint8_t[]> exactly(size_t size) {
  return std::unique_ptr<uint8_t[]>(new uint8_t[size]);
}

TEST(NativeKernels, BitsAreUnpackedAndCountedAtAnyOffset) {
  const auto bits = random_bytes(40, 1);
  for (size_t begin = 0; begin < 70; ++begin) {
    for (size_t count : {0u, 1u, 7u, 8u, 9u, 64u, 65u, 200u}) {
      const auto out = exactly(count + 7);
      size_t zeros = 0;
      for (uint8_t flip : {0, 1}) {
        if (count) unpack_bits(bits.data(), begin, count, flip, out.get());
        for (size_t i = 0; i < count; ++i)
          ASSERT_EQ(out[i], bit(bits, begin + i) ^ flip) << begin << " " << i;
      }
      for (size_t i = 0; i < count; ++i) zeros += !bit(bits, begin + i);
      ASSERT_EQ(count_zeros(bits.data(), begin, count), zeros);
    }
  }
}

TEST(NativeKernels, StringsOfEveryLengthAreWritten) {
  std::string data;
  std::vector<int32_t> offsets = {0};
  std::string expected;
  for (size_t length = 0; length < 300; ++length) {
    const std::string s(length, static_cast<char>('a' + length % 26));
    data += s;
    offsets.push_back(static_cast<int32_t>(data.size()));
    append_string(expected, s);
  }
  // The data ends where its memory does: nothing behind it may be read.
  const auto exact = exactly(data.size());
  std::copy(data.begin(), data.end(), exact.get());
  std::vector<uint8_t> out(strings_size_max(offsets.data(), 300) + kStringSlack);
  const uint8_t* end = write_strings(exact.get(), offsets.data(), 300, out.data());
  EXPECT_EQ(std::string(out.data(), const_cast<uint8_t*>(end)), expected);
  EXPECT_LE(static_cast<size_t>(end - out.data()), out.size() - kStringSlack);
}

TEST(NativeKernels, NullStringsAreWhatStandsForThem) {
  const std::string data = "abcdef";
  const int32_t offsets[] = {0, 1, 3, 6};
  const uint8_t validity = 0b101;
  std::vector<uint8_t> out(64 + kStringSlack);
  const uint8_t* end = write_strings(reinterpret_cast<const uint8_t*>(data.data()), offsets,
                                     &validity, 0, 3, std::string_view("\0", 1), out.data());
  EXPECT_EQ(std::string(out.data(), const_cast<uint8_t*>(end)), std::string("\1a\0\3def", 7));
  end = write_strings(reinterpret_cast<const uint8_t*>(data.data()), offsets, &validity, 0, 3,
                      "\2::", out.data());
  EXPECT_EQ(std::string(out.data(), const_cast<uint8_t*>(end)), "\1a\2::\3def");
}

TEST(NativeKernels, NullsAreFilledAndOthersKept) {
  const auto validity = random_bytes(20, 2);
  for (size_t begin = 0; begin < 20; ++begin) {
    std::vector<uint16_t> values(100, 0xabcd);
    const uint8_t fill[2] = {1, 0};
    fill_nulls(reinterpret_cast<uint8_t*>(values.data()), validity.data(), begin, values.size(), 2,
               fill);
    for (size_t i = 0; i < values.size(); ++i)
      ASSERT_EQ(values[i], bit(validity, begin + i) ? 0xabcd : 1);
  }
}

TEST(NativeKernels, VaruintIsLeb128) {
  std::string out;
  for (uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{300}, ~uint64_t{0}})
    append_varuint(out, value);
  EXPECT_EQ(out, std::string("\0\x7f\x80\x01\xac\x02", 6) + std::string(9, '\xff') + "\x01");
}

}  // namespace
}  // namespace clickhouse
