// SPDX-License-Identifier: Apache-2.0
#include "oracle.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <map>
#include <set>

namespace {

std::string oracle_record(rows::OraclePlace place) {
  std::string out;
  rows::append_oracle_record(place, out);
  return out;
}

std::string damaged_record(rows::OraclePlace place, rows::Damage damage) {
  std::string out;
  rows::append_damaged_record(place, 1, damage, out);
  return out;
}

TEST(Oracle, ChecksumCoversPlaceAndPad) {
  // A pad without escapes, so that its JSON text is its value.
  const std::string record = oracle_record({3, 12});
  const std::size_t begin = record.find(R"("pad":")") + 7;
  const std::string pad = record.substr(begin, record.size() - begin - 2);
  ASSERT_EQ(pad.find('\\'), std::string::npos) << record;
  ASSERT_FALSE(pad.empty());
  const std::string covered = "3:12:" + pad;
  const unsigned long crc =
      crc32(0, reinterpret_cast<const Bytef*>(covered.data()), static_cast<uInt>(covered.size()));
  EXPECT_EQ(record,
            R"({"p":3,"o":12,"crc":)" + std::to_string(crc) + R"(,"pad":")" + pad + R"("})");
}

TEST(Oracle, RecordsDifferByPlace) {
  std::set<std::string> records;
  for (std::int32_t partition = 0; partition < 4; ++partition) {
    for (std::int64_t sequence = 0; sequence < 1000; ++sequence) {
      records.insert(oracle_record({partition, sequence}));
    }
  }
  EXPECT_EQ(records.size(), 4000U);
}

TEST(Oracle, DamageHitsTheAskedShareAndEveryKind) {
  std::map<rows::Damage, int> hits;
  int total = 0;
  for (std::int64_t sequence = 0; sequence < 100'000; ++sequence) {
    if (const auto damage = rows::damage_at({0, sequence}, 1, 0.05)) {
      ++hits[*damage];
      ++total;
    }
  }
  EXPECT_NEAR(total, 5000, 300);
  EXPECT_EQ(hits.size(), rows::kDamages.size());
  for (const auto& [damage, count] : hits) {
    EXPECT_NEAR(count, 1000, 150) << rows::to_string(damage);
  }
}

TEST(Oracle, NoShareMeansNoDamageAndFullShareMeansAll) {
  for (std::int64_t sequence = 0; sequence < 1000; ++sequence) {
    EXPECT_FALSE(rows::damage_at({0, sequence}, 1, 0.0).has_value());
    EXPECT_TRUE(rows::damage_at({0, sequence}, 1, 1.0).has_value());
  }
}

TEST(Oracle, SeedMovesTheDamage) {
  int differs = 0;
  for (std::int64_t sequence = 0; sequence < 1000; ++sequence) {
    differs += rows::damage_at({0, sequence}, 1, 0.5).has_value() !=
               rows::damage_at({0, sequence}, 2, 0.5).has_value();
  }
  EXPECT_GT(differs, 400);
}

TEST(Oracle, CutOffRecordsAreProperPrefixes) {
  for (std::int64_t sequence = 0; sequence < 1000; ++sequence) {
    const std::string whole = oracle_record({1, sequence});
    const std::string cut = damaged_record({1, sequence}, rows::Damage::cut_off);
    ASSERT_FALSE(cut.empty());
    ASSERT_LT(cut.size(), whole.size());
    ASSERT_EQ(whole.compare(0, cut.size(), cut), 0);
  }
}

TEST(Oracle, OtherDamageLooksAsNamed) {
  EXPECT_EQ(damaged_record({1, 7}, rows::Damage::empty), "");
  EXPECT_EQ(damaged_record({1, 7}, rows::Damage::bare_text).substr(0, 13), "ERROR worker ");
  EXPECT_NE(damaged_record({1, 7}, rows::Damage::wrong_type).find("not"), std::string::npos);
  const std::string invalid = damaged_record({1, 7}, rows::Damage::invalid_utf8);
  const std::string whole = oracle_record({1, 7});
  EXPECT_GT(invalid.size(), whole.size());
  EXPECT_EQ(invalid.substr(0, whole.size() - 2), whole.substr(0, whole.size() - 2));
}

}  // namespace
