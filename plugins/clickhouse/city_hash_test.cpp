// SPDX-License-Identifier: Apache-2.0
#include "city_hash.hpp"

#include <gtest/gtest.h>

#include <string>

namespace clickhouse {
namespace {

std::string test_bytes(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>((i * 131 + (i >> 8) * 7 + 17) & 0xff);
  }
  return bytes;
}

// Values of the PyPI package clickhouse-cityhash 1.0.2.6; the sizes are the branches' borders.
TEST(CityHash, GivesTheValuesOfRelease102) {
  const struct {
    size_t size;
    Hash128 hash;
  } vectors[] = {
      {0, {0x3df09dfc64c09a2b, 0x3cb540c392e51e29}},
      {1, {0xa81dd96fd15be273, 0xa60860b94ba69401}},
      {3, {0x88d9dffa4b6018c3, 0xebbd1b024b926570}},
      {4, {0xe3568f9504e7f41d, 0xfd6951dc768b73b9}},
      {7, {0xce0df19b9b8450d7, 0x0f014d4ef02edab2}},
      {8, {0xd4ea7ae69ca13baa, 0xda68b25ea692961c}},
      {9, {0x60b8635796e4260a, 0x1737bf6fc70ccca0}},
      {15, {0x54dacea77fe8fd89, 0xa75e0750eabdd9af}},
      {16, {0x2e125bc89e377948, 0xb1802f87e215c37e}},
      {17, {0x1d7021904bda3772, 0x56742a7a2fa716ed}},
      {31, {0x86b71c8301fb797f, 0x13dc72b91259a010}},
      {32, {0x9dcf725cdabcac67, 0xda2038c355e490b8}},
      {33, {0xc17d00d5a330bc62, 0x553f97474456d7c5}},
      {64, {0xb7a50da8fcc03aab, 0xa3681edc3d680edf}},
      {100, {0xa2ccef3782345867, 0x85ee7030112345c9}},
      {143, {0x876eddf77ba55b50, 0x635715fb059d5104}},
      {144, {0xcdd3fef5f86b0d3d, 0x91f4b025974df2c9}},
      {145, {0x79a50b864807a497, 0x5ecd99fa9b4d510f}},
      {160, {0x80366aeb82afaf5e, 0x76b549f5ce040f8b}},
      {175, {0x94572d2141b9b16c, 0xe0248f1829d125e5}},
      {176, {0x9014f8f3ca15da9b, 0x5d3f74f1e874f57e}},
      {271, {0x680e20d5389efb2b, 0x9ca5b4fb9fac5084}},
      {272, {0xcd1b1b23307a265a, 0x2db3b7b0a13989de}},
      {300, {0x09eaebbe0ed6d118, 0x2a55e6aed81e9a06}},
      {1000, {0xdb5dad905ea29f52, 0x02d5c0bc1dee1737}},
      {65541, {0x9f2d61d40ed8d6a3, 0xeb3a2fafcda17573}},
  };
  for (const auto& vector : vectors) {
    const std::string bytes = test_bytes(vector.size);
    const Hash128 hash = city_hash128(bytes.data(), bytes.size());
    EXPECT_EQ(hash.low, vector.hash.low) << vector.size << " bytes";
    EXPECT_EQ(hash.high, vector.hash.high) << vector.size << " bytes";
  }
}

TEST(CityHash, TakesNullWhenThereIsNothing) {
  EXPECT_EQ(city_hash128(nullptr, 0), city_hash128("", 0));
}

TEST(CityHash, TellsOneBitApart) {
  for (size_t size : {1u, 8u, 20u, 130u, 300u}) {
    std::string bytes = test_bytes(size);
    const Hash128 before = city_hash128(bytes.data(), bytes.size());
    bytes[size / 2] = static_cast<char>(bytes[size / 2] ^ 1);
    EXPECT_NE(city_hash128(bytes.data(), bytes.size()), before) << size << " bytes";
  }
}

}  // namespace
}  // namespace clickhouse
