// SPDX-License-Identifier: Apache-2.0
#include "host/config/units.hpp"

#include <gtest/gtest.h>

namespace cphost::host {
namespace {

TEST(Durations, AreReadWithTheirUnit) {
  EXPECT_EQ(parse_duration("500ms"), 500);
  EXPECT_EQ(parse_duration("5s"), 5'000);
  EXPECT_EQ(parse_duration("10m"), 600'000);
  EXPECT_EQ(parse_duration("2h"), 7'200'000);
  EXPECT_EQ(parse_duration("7d"), 604'800'000);
  EXPECT_EQ(parse_duration("5 s"), 5'000);
  EXPECT_EQ(parse_duration("0"), 0);
}

TEST(Durations, WithoutUnitOrWithNonsenseAreRefused) {
  for (const char* text :
       {"", "5", "s", "-5s", "5sec", "5  s", "1.5s", "5s ", " 5s", "0x5s", "+5s"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Durations, ThatOverflowAreRefused) {
  EXPECT_EQ(parse_duration("9223372036854775807ms"), 9223372036854775807);
  EXPECT_EQ(parse_duration("9223372036854775807s"), std::nullopt);
  EXPECT_EQ(parse_duration("99999999999999999999ms"), std::nullopt);
}

TEST(Durations, AreWrittenInTheLargestExactUnit) {
  EXPECT_EQ(format_duration(90'000), "90s");
  EXPECT_EQ(format_duration(120'000), "2m");
  EXPECT_EQ(format_duration(604'800'000), "7d");
  EXPECT_EQ(format_duration(1), "1ms");
  EXPECT_EQ(format_duration(0), "0ms");
}

TEST(Sizes, AreReadWithTheirUnit) {
  EXPECT_EQ(parse_size("64MiB"), 64 << 20);
  EXPECT_EQ(parse_size("1GB"), 1'000'000'000);
  EXPECT_EQ(parse_size("4KiB"), 4096);
  EXPECT_EQ(parse_size("1kB"), 1000);
  EXPECT_EQ(parse_size("2TiB"), int64_t{2} << 40);
  EXPECT_EQ(parse_size("17B"), 17);
  EXPECT_EQ(parse_size("0"), 0);
}

TEST(Sizes, WithoutUnitOrWithNonsenseAreRefused) {
  for (const char* text : {"", "64", "MiB", "64mib", "64M", "-1MiB", "8388608TiB", "1.5GiB"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(Sizes, AreWrittenExactly) {
  EXPECT_EQ(format_size(64 << 20), "64MiB");
  EXPECT_EQ(format_size(1'000'000'000), "1GB");
  EXPECT_EQ(format_size(1001), "1001B");
  EXPECT_EQ(format_size(0), "0B");
}

TEST(Sizes, ThatAreWrittenAreReadAsTheSame) {
  for (const int64_t bytes :
       {int64_t{0}, int64_t{1}, int64_t{1024}, int64_t{999'000}, int64_t{1} << 33}) {
    EXPECT_EQ(parse_size(format_size(bytes)), bytes);
    EXPECT_EQ(parse_duration(format_duration(bytes)), bytes);
  }
}

TEST(Sizes, ForPeopleAreRounded) {
  EXPECT_EQ(approximate_size(512), "512 B");
  EXPECT_EQ(approximate_size(35'861'299), "34.2 MiB");
}

}  // namespace
}  // namespace cphost::host
