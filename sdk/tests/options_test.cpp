// SPDX-License-Identifier: Apache-2.0
#include <cphost/options.hpp>

#include <gtest/gtest.h>

#include <cphost/testing.hpp>

namespace {

using cphost::testing::OptionValues;
using cphost::testing::parse;
using std::chrono::milliseconds;

struct All {
  bool flag;
  int32_t number;
  double ratio;
  std::string text;
  milliseconds wait;
  cphost::Bytes buffer;
  std::vector<std::string> list;
  std::map<std::string, std::string> map;
  std::vector<std::pair<std::string, std::string>> pairs;
  std::optional<int64_t> maybe;
};

constexpr auto kAll = cphost::options<All>(
    cphost::optional("flag", &All::flag, "true", "A bool."),
    cphost::optional("number", &All::number, "-5", "An int.", cphost::range("-10..10")),
    cphost::optional("ratio", &All::ratio, "0.5", "A float."),
    cphost::required("text", &All::text, "A string.", cphost::choice("a|bc") | cphost::advanced),
    cphost::optional("wait", &All::wait, "2h", "A duration."),
    cphost::optional("buffer", &All::buffer, "64MiB", "A size.", cphost::range("1KiB..")),
    cphost::optional("list", &All::list, "[x, y]", "A list."),
    cphost::optional("map", &All::map, nullptr, "A map.", cphost::secret),
    cphost::optional("pairs", &All::pairs, nullptr, "A map in its order."),
    cphost::optional("maybe", &All::maybe, nullptr, "Unset unless given.", cphost::deprecated));

TEST(Options, TableSaysWhatTheHostNeeds) {
  ASSERT_EQ(kAll.count, 10u);
  const uint32_t types[] = {CPHOST_BOOL,  CPHOST_INT,  CPHOST_FLOAT, CPHOST_STRING, CPHOST_DURATION,
                            CPHOST_BYTES, CPHOST_LIST, CPHOST_MAP,   CPHOST_MAP,    CPHOST_INT};
  for (uint32_t i = 0; i < kAll.count; ++i) EXPECT_EQ(kAll.table[i].type, types[i]) << i;
  EXPECT_STREQ(kAll.table[1].check, "-10..10");
  EXPECT_STREQ(kAll.table[3].check, "a|bc");
  EXPECT_EQ(kAll.table[3].default_value, nullptr);
  EXPECT_EQ(kAll.table[3].flags, uint32_t{CPHOST_REQUIRED | CPHOST_ADVANCED});
  EXPECT_EQ(kAll.table[7].flags, uint32_t{CPHOST_SECRET});
  EXPECT_EQ(kAll.table[9].flags, uint32_t{CPHOST_DEPRECATED});
}

TEST(Options, DefaultsReachTheirMembers) {
  const All all = parse(kAll, {{"text", "bc"}});
  EXPECT_TRUE(all.flag);
  EXPECT_EQ(all.number, -5);
  EXPECT_EQ(all.ratio, 0.5);
  EXPECT_EQ(all.text, "bc");
  EXPECT_EQ(all.wait, std::chrono::hours(2));
  EXPECT_EQ(all.buffer, uint64_t{64} << 20);
  EXPECT_EQ(all.list, (std::vector<std::string>{"x", "y"}));
  EXPECT_TRUE(all.map.empty());
  EXPECT_FALSE(all.maybe.has_value());
}

TEST(Options, GivenValuesReplaceDefaults) {
  const All all = parse(kAll, {{"text", "a"},
                               {"flag", "false"},
                               {"list", "one"},
                               {"map", "{z = 1, a = 2}"},
                               {"pairs", "{z = 1, a = 2}"},
                               {"maybe", "0"},
                               {"wait", "250ms"}});
  EXPECT_FALSE(all.flag);
  EXPECT_EQ(all.list, (std::vector<std::string>{"one"}));
  EXPECT_EQ(all.map.at("a"), "2");
  ASSERT_EQ(all.pairs.size(), 2u);
  EXPECT_EQ(all.pairs[0].first, "z");
  EXPECT_EQ(all.maybe, 0);
  EXPECT_EQ(all.wait, milliseconds(250));
}

TEST(Options, ANumberThatItsMemberCannotHoldIsRefused) {
  cphost_value values[10] = {};
  values[1].set = 1;
  values[1].i = int64_t{1} << 31;
  try {
    static_cast<void>(kAll.parse(values));
    FAIL();
  } catch (const cphost::Error& e) {
    EXPECT_EQ(e.status(), cphost::config);
    EXPECT_NE(e.text().find("number = 2147483648"), std::string::npos) << e.text();
  }
}

TEST(Options, TestValuesRefuseWhatTheHostWould) {
  EXPECT_THROW(OptionValues(kAll, {}), std::invalid_argument);
  EXPECT_THROW(OptionValues(kAll, {{"text", "d"}}), std::invalid_argument);
  EXPECT_THROW(OptionValues(kAll, {{"text", "a"}, {"number", "11"}}), std::invalid_argument);
  EXPECT_THROW(OptionValues(kAll, {{"text", "a"}, {"buffer", "1023"}}), std::invalid_argument);
  EXPECT_THROW(OptionValues(kAll, {{"text", "a"}, {"flagg", "true"}}), std::invalid_argument);
}

TEST(OptionText, ReadsUnitsAndRefusesWhatDoesNotFit) {
  using cphost::option_text::integer;
  EXPECT_EQ(integer(CPHOST_DURATION, "7d"), 7 * 86'400'000);
  EXPECT_EQ(integer(CPHOST_DURATION, "0"), 0);
  EXPECT_EQ(integer(CPHOST_DURATION, "5"), std::nullopt);
  EXPECT_EQ(integer(CPHOST_BYTES, "1GB"), 1000'000'000);
  EXPECT_EQ(integer(CPHOST_BYTES, "9000000TiB"), std::nullopt);
  EXPECT_EQ(integer(CPHOST_INT, "1_000"), 1000);
  EXPECT_EQ(integer(CPHOST_INT, "9223372036854775807"), INT64_MAX);
  EXPECT_EQ(integer(CPHOST_INT, "9223372036854775808"), std::nullopt);
  EXPECT_EQ(integer(CPHOST_INT, "1.5"), std::nullopt);
  EXPECT_EQ(integer(CPHOST_BOOL, "yes"), std::nullopt);
}

}  // namespace
