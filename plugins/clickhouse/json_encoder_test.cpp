// SPDX-License-Identifier: Apache-2.0
#include "json_encoder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "arrow_test_rows.hpp"
#include "json_values.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using Wide = std::array<uint64_t, 4>;

std::string text_of(const Segments& segments) {
  std::string out;
  for (const Segment& s : segments) out.append(reinterpret_cast<const char*>(s.data), s.size);
  return out;
}

// The values of column c, one a line.
std::string written(const char* from, A::Pointer column, const char* to = nullptr) {
  TestRows rows;
  rows.add("c", from, std::move(column));
  rows.finish();
  JsonEncoder encoder(rows.schema(), {{"c", to ? to : from, "", ""}});
  EXPECT_EQ(encoder.why_not(), "");
  std::string text = text_of(encoder.encode(rows.block()));
  EXPECT_TRUE(encoder.faults().empty());
  std::string out;
  for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    out += (out.empty() ? "" : "\n") + (line == "{}" ? line : line.substr(5, line.size() - 6));
  }
  return out;
}

std::string why_not(const char* from, A::Pointer column, const char* to) {
  TestRows rows;
  rows.add("c", from, std::move(column));
  rows.finish();
  return JsonEncoder(rows.schema(), {{"c", to, "", ""}}).why_not();
}

TEST(JsonEncoder, NumbersAreExact) {
  EXPECT_EQ(written("Int8", A::fixed<int8_t>({-128, 127})), "-128\n127");
  EXPECT_EQ(written("UInt64", A::fixed<uint64_t>({UINT64_MAX})), "18446744073709551615");
  EXPECT_EQ(written("Int256", A::fixed<Wide>({Wide{0, 0, 0, uint64_t{1} << 63}})),
            "-57896044618658097711785492504343953926634992332820282019728792003956564819968");
  EXPECT_EQ(written("UInt256", A::fixed<Wide>({Wide{~0ull, ~0ull, ~0ull, ~0ull}, Wide{}})),
            "115792089237316195423570985008687907853269984665640564039457584007913129639935\n0");
  EXPECT_EQ(written("UInt256", A::fixed<Wide>({Wide{1000000000000000000, 0, 0, 0}})),
            "1000000000000000000");
  EXPECT_EQ(written("Float64", A::fixed<double>({0.1, -0.0, 5e-324, 1e300})),
            "0.1\n-0\n5e-324\n1e+300");
  EXPECT_EQ(written("Float64", A::fixed<double>({NAN, -NAN, INFINITY, -INFINITY})),
            "\"nan\"\n\"nan\"\n\"inf\"\n\"-inf\"");
  EXPECT_EQ(written("Float32", A::fixed<float>({0.1f})), "0.1");
  EXPECT_EQ(written("Float32", A::fixed<float>({0.1f}), "Float64"), "0.10000000149011612");
  EXPECT_EQ(written("BFloat16", A::fixed<uint16_t>({0x3dcc})), "0.099609375");
}

TEST(JsonEncoder, DecimalsHaveTheirPoint) {
  EXPECT_EQ(written("Decimal(9, 2)", A::fixed<int32_t>({-5, 12345, 0})), "-0.05\n123.45\n0.00");
  EXPECT_EQ(written("Decimal(18, 0)", A::fixed<int64_t>({INT64_MIN})), "-9223372036854775808");
  EXPECT_EQ(written("Decimal(76, 70)", A::fixed<Wide>({Wide{1, 0, 0, 0}})),
            "0." + std::string(69, '0') + "1");
}

TEST(JsonEncoder, DatesAreDaysAndTimesAreTicks) {
  EXPECT_EQ(written("Date", A::fixed<uint16_t>({0, 19782, 65535})),
            R"(0
19782
65535)");
  EXPECT_EQ(written("Date32", A::fixed<int32_t>({-25567, -1, 120529})),
            R"(-25567
-1
120529)");
  EXPECT_EQ(written("DateTime", A::fixed<uint32_t>({1700000000})), "1700000000");
  EXPECT_EQ(written("DateTime", A::fixed<uint32_t>({17}), "DateTime64(3)"), "17000");
  EXPECT_EQ(written("DateTime64(3)", A::fixed<int64_t>({-1})), "-1");
  EXPECT_EQ(written("DateTime64(3)", A::fixed<int64_t>({-1}), "DateTime64(4)"), "-10");
  EXPECT_EQ(written("Time64(3)", A::fixed<int64_t>({-1500})), "-1500");
}

TEST(JsonEncoder, TextIsEscaped) {
  EXPECT_EQ(written("String", A::strings({"a\"\\\n\x80", std::string("\0\x1f", 2)})),
            "\"a\\\"\\\\\\u000a\x80\"\n\"\\u0000\\u001f\"");
  EXPECT_EQ(written("FixedString(2)", A::fixed<std::array<char, 2>>({{{'a', '\0'}}})),
            R"("a\u0000")");
  const std::array<uint8_t, 16> bytes = {0x61, 0xf0, 0xc4, 0x04, 0x5c, 0xb3, 0x11, 0xe7,
                                         0x90, 0x7b, 0xa6, 0x00, 0x6a, 0xd3, 0xdb, 0xa0};
  EXPECT_EQ(written("UUID", A::fixed<std::array<uint8_t, 16>>({bytes})),
            R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")");
  EXPECT_EQ(written("IPv6", A::fixed<std::array<uint8_t, 16>>({bytes})),
            R"("61f0:c404:5cb3:11e7:907b:a600:6ad3:dba0")");
  EXPECT_EQ(written("IPv4", A::fixed<uint32_t>({0x7f000001})), R"("127.0.0.1")");
}

TEST(JsonEncoder, ContainersNest) {
  EXPECT_EQ(
      written(
          "Array(Tuple(a UInt8, `b\"` Nullable(String)))",
          A::lists({2, 0}, A::tuples(2, {A::fixed<uint8_t>({1, 2}), A::strings({"x", A::kNull})}))),
      R"([{"a":1,"b\"":"x"},{"a":2,"b\"":null}]
[])");
  EXPECT_EQ(written("Point", A::tuples(1, {A::fixed<double>({1.0}), A::fixed<double>({2.0})})),
            "[1,2]");
  EXPECT_EQ(written("Map(String, Map(UInt8, Bool))",
                    A::maps({1}, A::strings({"k"}),
                            A::maps({2}, A::fixed<uint8_t>({1, 2}), A::bits({true, false})))),
            R"({"k":{"1":true,"2":false}})");
}

TEST(JsonEncoder, KeysAreTextOfTheirType) {
  const auto key = [](const std::string& type, A::Pointer keys) {
    return written(("Map(" + type + ", UInt8)").c_str(),
                   A::maps({1}, std::move(keys), A::fixed<uint8_t>({7})));
  };
  EXPECT_EQ(key("Enum8('a' = 1)", A::fixed<int8_t>({1})), R"({"a":7})");
  EXPECT_EQ(key("DateTime('Asia/Tokyo')", A::fixed<uint32_t>({1})),
            R"({"1970-01-01T00:00:01Z":7})");
  EXPECT_EQ(key("DateTime64(3)", A::fixed<int64_t>({-1})), R"({"1969-12-31T23:59:59.999Z":7})");
  EXPECT_EQ(key("Time", A::fixed<int32_t>({-3661})), R"({"-001:01:01":7})");
  EXPECT_EQ(key("Time64(2)", A::fixed<int64_t>({150})), R"({"000:00:01.50":7})");
  EXPECT_EQ(key("Float64", A::fixed<double>({1.5})), R"({"1.5":7})");
  EXPECT_EQ(key("Decimal(9, 1)", A::fixed<int32_t>({15})), R"({"1.5":7})");
  EXPECT_NE(why_not("Map(Bool, UInt8)", A::maps({0}, A::bits({}), A::fixed<uint8_t>({})),
                    "Map(Bool, UInt8)"),
            "");
}

TEST(JsonEncoder, WhatIsNotAlikeIsRefused) {
  EXPECT_NE(why_not("DateTime", A::fixed<uint32_t>({1}), "Tuple()"), "");
  EXPECT_NE(why_not("Int8", A::fixed<int8_t>({1}), "Map(String, Int8)"), "");
  EXPECT_NE(why_not("Tuple(UInt8)", A::tuples(1, {A::fixed<uint8_t>({1})}), "Array(UInt8)"), "");
  EXPECT_NE(why_not("Array(UInt8)", A::lists({1}, A::fixed<uint8_t>({1})), "UInt8"), "");
}

TEST(JsonEncoder, JsonStaysAsItWas) {
  EXPECT_EQ(written("Dynamic", A::strings({R"( {"a": 1e400} )", "\"x\"", "", A::kNull})),
            R"( {"a": 1e400} 
"x"
null
{})");
  EXPECT_EQ(written("Array(Variant(UInt8, String))", A::lists({2}, A::strings({"1", ""}))),
            "[1,null]");
  EXPECT_EQ(written("String", A::strings({"it's"}), "Dynamic"), R"("it's")");
  EXPECT_EQ(written("Int32", A::fixed<int32_t>({5}), "Dynamic"), "5");
}

// As numbers they would be numbers there.
TEST(JsonEncoder, WhatHasNoTypeInTheTargetIsSpelled) {
  for (const char* target : {"Dynamic", "Variant(Date32, String)", "String"}) {
    EXPECT_EQ(written("Date", A::fixed<uint16_t>({19782}), target), R"("2024-02-29")");
    EXPECT_EQ(written("Date32", A::fixed<int32_t>({-1}), target), R"("1969-12-31")");
    EXPECT_EQ(written("Enum8('a' = 1)", A::fixed<int8_t>({1}), target), R"("a")");
    EXPECT_EQ(written("Int8", A::fixed<int8_t>({-1}), target), "-1");
  }
  EXPECT_EQ(written("DateTime", A::fixed<uint32_t>({1}), "Dynamic"), R"("1970-01-01T00:00:01Z")");
  EXPECT_EQ(written("DateTime64(3)", A::fixed<int64_t>({1}), "Variant(DateTime64(3), String)"),
            R"("1970-01-01T00:00:00.001Z")");
}

// The server takes the first member that can read a text, whatever that loses.
TEST(JsonEncoder, AVariantMustHaveATypeThatKeepsTheTimeAndNoneThatDoesNot) {
  const auto refused = [](const char* from, const char* members) {
    A::Pointer column = std::string_view(from) == "Date"       ? A::fixed<uint16_t>({1})
                        : std::string_view(from) == "Date32"   ? A::fixed<int32_t>({1})
                        : std::string_view(from) == "Time"     ? A::fixed<int32_t>({1})
                        : std::string_view(from) == "DateTime" ? A::fixed<uint32_t>({1})
                                                               : A::fixed<int64_t>({1});
    const std::string target = "Variant(" + std::string(members) + ")";
    return !why_not(from, std::move(column), target.c_str()).empty();
  };
  for (const auto& [from, members] : std::vector<std::pair<const char*, const char*>>{
           {"Date", "Date, DateTime"},
           {"Date", "Date32, Enum8('),' = 1, 'it\\'s, (' = 2)"},
           {"Date32", "Date32, Array(Date)"},
           {"DateTime", "DateTime('Asia/Tokyo'), String"},
           {"DateTime", "DateTime64(9, 'UTC'), String"},
           {"DateTime64(3)", "Date, DateTime64(3)"},
           {"DateTime64(3)", "DateTime64(6), String"},
           {"DateTime64(9)", "DateTime64(9), Tuple(a DateTime, b Date)"},
           {"Time", "Time, Time64(3)"}}) {
    EXPECT_FALSE(refused(from, members)) << from << " into " << members;
  }
  for (const auto& [from, members] : std::vector<std::pair<const char*, const char*>>{
           {"Date", "String"},
           {"Date", "DateTime, String"},
           {"Date32", "Date, String"},
           {"Date32", "Date, Date32"},
           {"DateTime", "Date, String"},
           {"DateTime64(3)", "DateTime, DateTime64(3)"},
           {"DateTime64(3)", "DateTime64(0), DateTime64(3)"},
           {"DateTime64(3)", "DateTime64(9), String"},
           {"Time64(3)", "Time, String"},
           {"Time", "Array(Time), String"}}) {
    EXPECT_TRUE(refused(from, members)) << from << " into " << members;
  }
}

TEST(JsonEncoder, WhatTheServerWouldReadAsAnotherIsRefused) {
  const auto faults = [](const char* type, A::Pointer column) {
    TestRows rows;
    rows.add("c", type, std::move(column));
    rows.finish();
    JsonEncoder encoder(rows.schema(), {{"c", type, "", ""}});
    encoder.encode(rows.block());
    return encoder.faults().size();
  };
  const auto of_key = [&](const std::string& type, A::Pointer keys) {
    return faults(("Map(" + type + ", UInt8)").c_str(),
                  A::maps({1, 1}, std::move(keys), A::fixed<uint8_t>({1, 2})));
  };
  EXPECT_EQ(of_key("Date32", A::fixed<int32_t>({-25'567, 120'529})), 0u);
  EXPECT_EQ(of_key("Date32", A::fixed<int32_t>({-25'568, 120'530})), 2u);
  EXPECT_EQ(of_key("DateTime64(0)", A::fixed<int64_t>({-62'135'596'800, 253'402'300'799})), 0u);
  EXPECT_EQ(of_key("DateTime64(0)", A::fixed<int64_t>({-62'135'596'801, 253'402'300'800})), 2u);
  EXPECT_EQ(of_key("DateTime64(9)", A::fixed<int64_t>({INT64_MIN, INT64_MAX})), 0u);
  EXPECT_EQ(of_key("Time64(1)", A::fixed<int64_t>({-35'999'999, 35'999'999})), 0u);
  EXPECT_EQ(of_key("Time64(1)", A::fixed<int64_t>({INT64_MIN, 36'000'000})), 2u);
  EXPECT_EQ(of_key("Dynamic", A::strings({" \"k\"", "\"\""})), 0u);
  EXPECT_EQ(of_key("Dynamic", A::strings({"", "1"})), 2u);
  EXPECT_EQ(faults("Date32", A::fixed<int32_t>({-25'568, 120'530})), 0u);
}

// Beyond a DateTime64(9) it takes them for Strings.
TEST(JsonEncoder, ADynamicHoldsTheTimesOfNanoseconds) {
  const auto faults = [](const char* type, A::Pointer column) {
    TestRows rows;
    rows.add("c", type, std::move(column));
    rows.finish();
    JsonEncoder encoder(rows.schema(), {{"c", "Dynamic(max_types=3)", "", ""}});
    encoder.encode(rows.block());
    return encoder.faults().size();
  };
  EXPECT_EQ(faults("Date32", A::fixed<int32_t>({-25'567, 106'751})), 0u);
  EXPECT_EQ(faults("Date32", A::fixed<int32_t>({106'752, 120'529})), 2u);
  EXPECT_EQ(faults("DateTime64(0)", A::fixed<int64_t>({-9'223'372'036, 9'223'372'036})), 0u);
  EXPECT_EQ(faults("DateTime64(0)", A::fixed<int64_t>({-9'223'372'037, 9'223'372'037})), 2u);
  EXPECT_EQ(faults("DateTime64(3)", A::fixed<int64_t>({-9'223'372'036'000, 9'223'372'036'854})),
            0u);
  EXPECT_EQ(faults("DateTime64(3)", A::fixed<int64_t>({-9'223'372'036'001, 9'223'372'036'855})),
            2u);
  EXPECT_EQ(faults("DateTime64(9)", A::fixed<int64_t>({-9'223'372'036'000'000'000, INT64_MAX})),
            0u);
  EXPECT_EQ(faults("DateTime64(9)", A::fixed<int64_t>({-9'223'372'036'000'000'001})), 1u);
}

TEST(JsonEncoder, AFaultHasItsOwnCodeAndShowsTheValue) {
  const auto fault = [](const std::string& type, A::Pointer column, const char* to = nullptr) {
    TestRows rows;
    rows.add("c", type.c_str(), std::move(column));
    rows.finish();
    JsonEncoder encoder(rows.schema(), {{"c", to ? to : type, "", ""}});
    encoder.encode(rows.block());
    EXPECT_EQ(encoder.faults().size(), 1u);
    if (encoder.faults().empty()) return std::string();
    EXPECT_EQ(encoder.faults()[0].column, "c");
    return std::string(encoder.faults()[0].code) + ": " + encoder.faults()[0].text;
  };
  const auto one = [] { return A::fixed<uint8_t>({1}); };
  EXPECT_EQ(fault("Int64", A::fixed<int64_t>({-300}), "UInt8"),
            "VALUE_OUT_OF_RANGE: the number does not fit into UInt8: -300");
  EXPECT_EQ(fault("DateTime64(3)", A::fixed<int64_t>({-1}), "DateTime"),
            "VALUE_OUT_OF_RANGE: the number does not fit into DateTime: -1");
  EXPECT_EQ(fault("Array(Dynamic)", A::lists({2}, A::strings({"1", "1,2"}))),
            "NOT_JSON: the text is no JSON value for Array(Dynamic): 1,2");
  EXPECT_EQ(fault("Dynamic", A::strings({"[" + std::string(200, '1')})),
            "NOT_JSON: the text is no JSON value for Dynamic: [" + std::string(99, '1') + "...");
  EXPECT_EQ(fault("Dynamic", A::strings({"[" + std::string(97, '1') + "\u20ac1"})),
            "NOT_JSON: the text is no JSON value for Dynamic: [" + std::string(97, '1') + "...")
      << "characters stay whole";
  EXPECT_EQ(fault("Map(Dynamic, UInt8)", A::maps({1}, A::strings({"1"}), one())),
            "KEY_IS_NO_TEXT: the key of Map(Dynamic, UInt8) is no JSON string: 1");
  EXPECT_EQ(fault("Map(Date32, UInt8)", A::maps({1}, A::fixed<int32_t>({-25'568}), one())),
            "TIME_HAS_NO_TEXT: the server would read the text of this time as another value in "
            "Map(Date32, UInt8); its number: -25568");
}

TEST(JsonEncoder, TextThatWouldLeaveItsValueIsRefused) {
  for (const char* text : {"1,\"b\":2", "}{", "{}}", "[", "\"a", "\"a\\\"", "\"a\" 1", "{} {}",
                           "1 2", ",", "]", "{\"}\"", "nul\"l"}) {
    EXPECT_FALSE(is_one_json_value(text)) << text;
  }
  for (const char* text :
       {"1", "-1.5e+3", "null", "{}", "[[],{\"]\":\"}\\\"\"}]", "\"\"", " {} \n"}) {
    EXPECT_TRUE(is_one_json_value(text)) << text;
  }
  TestRows rows;
  rows.add("c", "Dynamic", A::strings({"1", "1,\"x\":2"}));
  rows.finish();
  JsonEncoder encoder(rows.schema(), {{"c", "Dynamic", "", ""}});
  encoder.encode(rows.block());
  ASSERT_EQ(encoder.faults().size(), 1u);
  EXPECT_EQ(encoder.faults()[0].row, 1);
  EXPECT_EQ(encoder.faults()[0].column, "c");
}

TEST(JsonEncoder, TimesAreSecondsForAServerThatReadsNoZones) {
  const cphost::Metadata basic = {{"cphost.date_time_input", "basic"}};
  TestRows rows;
  rows.add("c", "Map(DateTime64(3), UInt8)",
           A::maps({4, 1}, A::fixed<int64_t>({1704164645678, 7, -2500, 253402300799999, -500}),
                   A::fixed<uint8_t>({1, 2, 3, 4, 5})),
           basic);
  rows.finish();
  EXPECT_EQ(date_time_input_of(rows.schema()), "basic");
  JsonEncoder encoder(rows.schema(), {{"c", "Map(DateTime64(3), UInt8)", "", ""}});
  EXPECT_EQ(text_of(encoder.encode(rows.block({{0, 1}}))),
            R"({"c":{"1704164645.678":1,"00000.007":2,"-00002.500":3,"253402300799.999":4}})"
            "\n");
  EXPECT_TRUE(encoder.faults().empty());
  encoder.encode(rows.block());  // -0.5 would lose its sign
  ASSERT_EQ(encoder.faults().size(), 1u);
  EXPECT_EQ(encoder.faults()[0].row, 1);

  TestRows chosen;
  chosen.add("d", "DateTime", A::fixed<uint32_t>({1}), basic);
  chosen.finish();
  EXPECT_NE(JsonEncoder(chosen.schema(), {{"d", "Dynamic", "", ""}}).why_not(), "");
}

// A request has one setting for all of them.
TEST(JsonEncoder, ColumnsMustAgreeOnHowTheirTimesAreRead) {
  const auto input = [](const char* first, const char* second) {
    TestRows rows;
    rows.add("a", "UInt8", A::fixed<uint8_t>({1}));
    rows.add("b", "UInt8", A::fixed<uint8_t>({1}), {{"cphost.date_time_input", first}});
    rows.add("c", "UInt8", A::fixed<uint8_t>({1}), {{"cphost.date_time_input", second}});
    rows.finish();
    return std::string(date_time_input_of(rows.schema()));
  };
  EXPECT_EQ(input("basic", "basic"), "basic");
  EXPECT_THROW(input("basic", "best_effort_us"), std::invalid_argument);
}

TEST(JsonEncoder, ConvertedValuesAreChecked) {
  TestRows rows;
  rows.add("c", "Int64", A::fixed<int64_t>({255, 256, A::kNull}));
  rows.finish();
  JsonEncoder encoder(rows.schema(), {{"c", "UInt8", "", ""}});
  encoder.encode(rows.block());
  ASSERT_EQ(encoder.faults().size(), 1u);
  EXPECT_EQ(encoder.faults()[0].row, 1);
}

TEST(JsonEncoder, WhatIsAbsentIsLeftOut) {
  TestRows rows;
  rows.add("a", "Nullable(UInt8)", A::fixed<uint8_t>({1, A::kNull, A::kNull, 4}));
  rows.add("a_absent", "Bool", A::bits({false, false, true, false}), {{"cphost.absent", "a"}});
  rows.add("n.b", "Array(UInt8)", A::lists({A::kNull, 1, A::kNull, 0}, A::fixed<uint8_t>({7})));
  rows.finish();
  JsonEncoder encoder(rows.schema(), {{"a", "Nullable(UInt8)", "DEFAULT", "1"},
                                      {"n.b", "Array(UInt8)", "DEFAULT", "[1]"}});
  EXPECT_EQ(text_of(encoder.encode(rows.block({{2, 2}, {0, 2}}))),
            "{}\n{\"a\":4,\"n.b\":[]}\n{\"a\":1}\n{\"a\":null,\"n.b\":[7]}\n");
}

}  // namespace
}  // namespace clickhouse
