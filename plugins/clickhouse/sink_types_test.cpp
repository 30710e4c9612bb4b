// SPDX-License-Identifier: Apache-2.0
// Every type that the sink writes, read back by a SELECT of the real engine.
#include <array>
#include <cmath>

#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using cphost::Status;
using Bytes16 = std::array<uint8_t, 16>;
using Int128 = std::array<int64_t, 2>;
using Int256 = std::array<int64_t, 4>;
constexpr Bytes16 kUuid = {0x61, 0xf0, 0xc4, 0x04, 0x5c, 0xb3, 0x11, 0xe7,
                           0x90, 0x7b, 0xa6, 0x00, 0x6a, 0xd3, 0xdb, 0xa0};

struct TypeCase {
  const char* type;
  A::Pointer column;     // Three rows; written as slices {2, 1}, {0, 2}.
  const char* expected;  // toString of the rows 2, 0, 1.
};

// (0, -0), (1, -1), ...
A::Pointer points(size_t count) {
  std::vector<std::optional<double>> x(count), y(count);
  for (size_t i = 0; i < count; ++i) {
    x[i] = static_cast<double>(i);
    y[i] = -static_cast<double>(i);
  }
  return A::tuples(count, {A::fixed<double>(x), A::fixed<double>(y)});
}

std::vector<TypeCase> type_cases() {
  const auto none = A::kNull;
  return {
      {"Int8", A::fixed<int8_t>({-1, 2, 3}), "3|-1|2"},
      {"UInt8", A::fixed<uint8_t>({255, 2, 3}), "3|255|2"},
      {"Int16", A::fixed<int16_t>({-1, 2, 3}), "3|-1|2"},
      {"UInt16", A::fixed<uint16_t>({65535, 2, 3}), "3|65535|2"},
      {"Int32", A::fixed<int32_t>({-1, 2, 3}), "3|-1|2"},
      {"UInt32", A::fixed<uint32_t>({4294967295u, 2, 3}), "3|4294967295|2"},
      {"Int64", A::fixed<int64_t>({INT64_MIN, 2, 3}), "3|-9223372036854775808|2"},
      {"UInt64", A::fixed<uint64_t>({UINT64_MAX, 2, 3}), "3|18446744073709551615|2"},
      {"Float32", A::fixed<float>({0.5f, -1.5f, 3}), "3|0.5|-1.5"},
      {"Float64", A::fixed<double>({0.1, NAN, -INFINITY}), "-inf|0.1|nan"},
      {"Bool", A::bits({true, false, true}), "true|true|false"},
      {"String", A::strings({"", "a\nb", std::string(300, 'x').c_str()}), nullptr},
      {"FixedString(2)", A::fixed<std::array<char, 2>>({{{'a', 'b'}}, {{'c', 'd'}}, {{'e', 'f'}}}),
       "ef|ab|cd"},
      {"Date", A::fixed<uint16_t>({0, 19723, 65535}), "2149-06-06|1970-01-01|2024-01-01"},
      {"Date32", A::fixed<int32_t>({-25567, 0, 19723}), "2024-01-01|1900-01-01|1970-01-01"},
      {"DateTime('UTC')", A::fixed<uint32_t>({0, 1700000000, 1}),
       "1970-01-01 00:00:01|1970-01-01 00:00:00|2023-11-14 22:13:20"},
      {"DateTime64(3, 'UTC')", A::fixed<int64_t>({1700000000123, 0, -1}),
       "1969-12-31 23:59:59.999|2023-11-14 22:13:20.123|1970-01-01 00:00:00.000"},
      {"DateTime64(1, 'UTC')", A::fixed<int64_t>({17, 0, 1}),
       "1970-01-01 00:00:00.1|1970-01-01 00:00:01.7|1970-01-01 00:00:00.0"},
      {"DateTime64(9, 'UTC')", A::fixed<int64_t>({17, 0, 1}),
       "1970-01-01 00:00:00.000000001|1970-01-01 00:00:00.000000017|1970-01-01 00:00:00.000000000"},
      {"Decimal(9, 2)", A::fixed<int32_t>({-123, 0, 5}), "0.05|-1.23|0"},
      {"Decimal(18, 4)", A::fixed<int64_t>({-123, 0, 50000}), "5|-0.0123|0"},
      {"Decimal(38, 10)", A::fixed<Int128>({{{10000000000, 0}}, {{0, 0}}, {{-10000000000, -1}}}),
       "-1|1|0"},
      {"Enum8('a' = 1, 'it\\'s' = -2)", A::fixed<int8_t>({1, -2, 1}), "a|a|it's"},
      {"Enum16('a' = 1, 'b' = 1000)", A::fixed<int16_t>({1, 1000, 1}), "a|a|b"},
      {"UUID", A::fixed<Bytes16>({kUuid, Bytes16{}, kUuid}),
       "61f0c404-5cb3-11e7-907b-a6006ad3dba0|61f0c404-5cb3-11e7-907b-a6006ad3dba0|00000000-0000-"
       "0000-0000-000000000000"},
      {"IPv4", A::fixed<uint32_t>({0x7f000001, 1, 2}), "0.0.0.2|127.0.0.1|0.0.0.1"},
      {"IPv6", A::fixed<Bytes16>({kUuid, Bytes16{}, Bytes16{}}),
       "::|61f0:c404:5cb3:11e7:907b:a600:6ad3:dba0|::"},
      {"LowCardinality(String)", A::strings({"a", "b", "a"}), "a|a|b"},
      {"LowCardinality(Nullable(String))", A::strings({"a", none, "a"}), "a|a|ᴺᵁᴸᴸ"},
      {"Nullable(Int32)", A::fixed<int32_t>({1, none, 3}), "3|1|ᴺᵁᴸᴸ"},
      {"Nullable(String)", A::strings({none, "", "c"}), "c|ᴺᵁᴸᴸ|"},
      {"Nullable(UUID)", A::fixed<Bytes16>({kUuid, none, none}),
       "ᴺᵁᴸᴸ|61f0c404-5cb3-11e7-907b-a6006ad3dba0|ᴺᵁᴸᴸ"},
      {"Nullable(Enum8('a' = 1))", A::fixed<int8_t>({1, none, 1}), "a|a|ᴺᵁᴸᴸ"},
      {"Nullable(Bool)", A::bits({none, false, true}), "true|ᴺᵁᴸᴸ|false"},
      {"Array(UInt8)", A::lists({1, 0, 2}, A::fixed<uint8_t>({1, 2, 3})), "[2,3]|[1]|[]"},
      {"Array(LowCardinality(String))", A::lists({1, 0, 2}, A::strings({"a", "b", "c"})),
       "['b','c']|['a']|[]"},
      {"Array(Nullable(UInt8))", A::lists({1, 0, 2}, A::fixed<uint8_t>({none, 2, none})),
       "[2,NULL]|[NULL]|[]"},
      {"Array(Array(String))",
       A::lists({1, 0, 2}, A::lists({1, 0, 2}, A::strings({"a", "b", "c"}))),
       "[[],['b','c']]|[['a']]|[]"},
      {"Map(String, UInt8)",
       A::maps({1, 0, 2}, A::strings({"a", "b", "c"}), A::fixed<uint8_t>({1, 2, 3})),
       "{'b':2,'c':3}|{'a':1}|{}"},
      {"Map(LowCardinality(String), Nullable(String))",
       A::maps({1, 0, 2}, A::strings({"a", "b", "c"}), A::strings({none, "x", none})),
       "{'b':'x','c':NULL}|{'a':NULL}|{}"},
      {"Map(String, Array(Tuple(UInt8, String)))",
       A::maps({1, 0, 0}, A::strings({"k"}),
               A::lists({1}, A::tuples(1, {A::fixed<uint8_t>({7}), A::strings({"v"})}))),
       "{}|{'k':[(7,'v')]}|{}"},
      {"Tuple(a UInt8, `b c` Nullable(String))",
       A::tuples(3, {A::fixed<uint8_t>({1, 2, 3}), A::strings({"x", none, "z"})}),
       "(3,'z')|(1,'x')|(2,NULL)"},
      {"JSON", A::strings({R"({"a":1})", "{}", R"({"b":{"c":[1,2]}})"}),
       R"({"b":{"c":[1,2]}}|{"a":1}|{})"},
      {"Nullable(JSON)", A::strings({R"({"a":1})", none, "{}"}), R"({}|{"a":1}|ᴺᵁᴸᴸ)"},
      {"Array(JSON)", A::lists({1, 0, 1}, A::strings({R"({"a":1})", "{}"})), nullptr},
      {"SimpleAggregateFunction(sum, UInt64)", A::fixed<uint64_t>({1, 2, 3}), "3|1|2"},
      {"SimpleAggregateFunction(anyLast, LowCardinality(String))", A::strings({"a", "b", "c"}),
       "c|a|b"},
      {"Int128", A::fixed<Int128>({{{-1, -1}}, {{5, 0}}, {{0, 1}}}), "18446744073709551616|-1|5"},
      {"UInt128", A::fixed<Int128>({{{-1, -1}}, {{5, 0}}, {{0, 1}}}),
       "18446744073709551616|340282366920938463463374607431768211455|5"},
      {"Int256", A::fixed<Int256>({{{-1, -1, -1, -1}}, {{5}}, {{0, 1}}}),
       "18446744073709551616|-1|5"},
      {"UInt256", A::fixed<Int256>({{{5}}, {{0, 0, 1}}, {{0, 1}}}),
       "18446744073709551616|5|340282366920938463463374607431768211456"},
      {"Decimal(76, 3)", A::fixed<Int256>({{{-1, -1, -1, -1}}, {{5}}, {{0, 1}}}),
       "18446744073709551.616|-0.001|0.005"},
      {"Decimal(76, 76)", A::fixed<Int256>({{{0}}, {{0}}, {{0}}}), "0|0|0"},
      {"BFloat16", A::fixed<uint16_t>({0x3f80, 0xbfc0, 0x7f80}), "inf|1|-1.5"},
      {"Time", A::fixed<int32_t>({0, 3599999, -1}), "-00:00:01|00:00:00|999:59:59"},
      {"Time64(3)", A::fixed<int64_t>({1500, 3600000, -1}),
       "-00:00:00.001|00:00:01.500|01:00:00.000"},
      {"Nullable(Time64(9))", A::fixed<int64_t>({1, none, 2}),
       "00:00:00.000000002|00:00:00.000000001|ᴺᵁᴸᴸ"},
      {"IntervalDay", A::fixed<int64_t>({1, -2, 3}), "3|1|-2"},
      {"Array(IntervalMillisecond)", A::lists({1, 0, 2}, A::fixed<int64_t>({1, -2, 3})),
       "[-2,3]|[1]|[]"},
      {"LowCardinality(Nullable(UInt64))", A::fixed<uint64_t>({1, none, 1}), "1|1|ᴺᵁᴸᴸ"},
      {"LowCardinality(Date)", A::fixed<uint16_t>({0, 19723, 0}),
       "1970-01-01|1970-01-01|2024-01-01"},
      {"LowCardinality(FixedString(2))",
       A::fixed<std::array<char, 2>>({{{'a', 'b'}}, {{'c', 'd'}}, {{'e', 'f'}}}), "ef|ab|cd"},
      {"Map(LowCardinality(UInt8), Array(LowCardinality(Nullable(String))))",
       A::maps({1, 0, 0}, A::fixed<uint8_t>({7}), A::lists({2}, A::strings({"x", none}))),
       "{}|{7:['x',NULL]}|{}"},
      {"SimpleAggregateFunction(groupArrayArray, Array(UInt8))",
       A::lists({1, 0, 2}, A::fixed<uint8_t>({1, 2, 3})), "[2,3]|[1]|[]"},
      {"Array(Nullable(Enum8('a' = 1)))", A::lists({1, 0, 2}, A::fixed<int8_t>({1, none, 1})),
       "[NULL,'a']|['a']|[]"},
      {"Nested(a UInt8, b Array(Nullable(String)))",
       A::lists({1, 0, 2}, A::tuples(3, {A::fixed<uint8_t>({1, 2, 3}),
                                         A::lists({1, 0, 1}, A::strings({"x", none}))})),
       "[(2,[]),(3,[NULL])]|[(1,['x'])]|[]"},
      {"Nullable(Tuple(a UInt8, b Nullable(String)))",
       A::tuples(3, {A::fixed<uint8_t>({1, 2, 3}), A::strings({"x", none, "z"})}),
       "(3,'z')|(1,'x')|(2,NULL)"},
      {"Ring", A::lists({1, 0, 2}, points(3)), "[(1,-1),(2,-2)]|[(0,-0)]|[]"},
      {"LineString", A::lists({1, 0, 2}, points(3)), "[(1,-1),(2,-2)]|[(0,-0)]|[]"},
      {"MultiLineString", A::lists({1, 0, 1}, A::lists({1, 2}, points(3))),
       "[[(1,-1),(2,-2)]]|[[(0,-0)]]|[]"},
      {"Polygon", A::lists({1, 0, 1}, A::lists({1, 2}, points(3))),
       "[[(1,-1),(2,-2)]]|[[(0,-0)]]|[]"},
      {"MultiPolygon", A::lists({1, 0, 0}, A::lists({1}, A::lists({1}, points(1)))),
       "[]|[[[(0,-0)]]]|[]"},
      {"JSON(a UInt8, max_dynamic_paths=1)",
       A::strings({R"({"a":1,"b":2,"c":"x"})", none, R"({"b":"2024-01-01"})"}),
       R"({"a":0,"b":"2024-01-01"}|{"a":1,"b":2,"c":"x"}|{"a":0})"},
      {"Map(String, JSON)",
       A::maps({1, 0, 0}, A::strings({"k"}), A::strings({R"({"a":{"b":[1]}})"})), nullptr},
      {"Tuple(a JSON, b Array(Nullable(JSON)))",
       A::tuples(3, {A::strings({"{}", R"({"x":1})", none}),
                     A::lists({1, 0, 2}, A::strings({none, "{}", R"({"y":null})"}))}),
       nullptr},
      {"Dynamic", A::strings({"1", "\"a\"", "[1,\"x\"]"}), "[1,'x']|1|a"},
      {"Dynamic(max_types=2)", A::strings({"1.5", none, "\"2024-01-01\""}), "2024-01-01|1.5|"},
      {"Variant(String, UInt8)", A::strings({"\"a\"", "1", "300"}), "300|a|1"},
      {"Array(Variant(String, UInt8))", A::lists({1, 0, 2}, A::strings({"1", "", "\"b\""})),
       "[NULL,'b']|[1]|[]"},
      {"Map(String, Dynamic)", A::maps({1, 0, 0}, A::strings({"k"}), A::strings({"{\"a\":1}"})),
       "{}|{'k':(1)}|{}"},
      {"Tuple(a Dynamic, b UInt8)",
       A::tuples(3, {A::strings({"1", "null", "true"}), A::fixed<uint8_t>({1, 2, 3})}),
       "(true,3)|(1,1)|(NULL,2)"},
      {"Geometry", A::strings({"[1,2]", "[[1,2],[3,4]]", none}), "|(1,2)|[(1,2),(3,4)]"},
      {"Point", points(3), "(2,-2)|(0,-0)|(1,-1)"},
  };
}

constexpr const char* kCreation =
    " SETTINGS allow_suspicious_low_cardinality_types = 1, flatten_nested = 0, "
    "enable_nullable_tuple_type = 1";

std::string values_of(const char* table) {
  return std::string(
             "SELECT arrayStringConcat(groupArray(ifNull(toString(c), 'ᴺᵁᴸᴸ')), '|') FROM "
             "(SELECT c FROM ") +
         table + " ORDER BY i) FORMAT TSVRaw";
}

TEST_F(SinkOnEngine, EveryTypeComesBackAsItWasWritten) {
  for (const TypeCase& c : type_cases()) {
    SCOPED_TRACE(c.type);
    query("DROP TABLE IF EXISTS types");
    create("types", std::string("i UInt64, c ") + c.type, kCreation);
    TestRows rows;
    rows.add("i", "UInt64", A::fixed<uint64_t>({1, 2, 0}));
    rows.add("c", c.type, c.column);
    rows.finish();
    for (const char* compression : {"none", "lz4", "zstd"}) {
      Options o = options("types");
      o.compression = compression;
      query("TRUNCATE TABLE types");
      ASSERT_EQ(write(o, rows, "t", {{2, 1}, {0, 2}}), Status::ok) << env_->reason;
      if (c.expected) {
        EXPECT_EQ(query(values_of("types")), std::string(c.expected) + "\n");
      } else {
        EXPECT_EQ(query("SELECT count() FROM types"), "3\n");
      }
    }
  }
}

// A record without a key is no bad record.
TEST_F(SinkOnEngine, NullTextsBecomeTheDefaultOfWhateverTheyAreCastTo) {
  const char* const types[] = {"UUID",           "IPv4",  "IPv6", "Enum8('a' = 5, 'b' = -1)",
                               "FixedString(2)", "String"};
  for (const char* type : types) {
    SCOPED_TRACE(type);
    query("DROP TABLE IF EXISTS keyed");
    create("keyed", std::string("i UInt8, k ") + type);
    TestRows rows;
    rows.add("i", "UInt8", A::fixed<uint8_t>({1, 2}));
    rows.add("k", "String", A::strings({A::kNull, A::kNull}));
    rows.finish();
    ASSERT_EQ(write(options("keyed"), rows), Status::ok) << env_->code << env_->reason;
    EXPECT_EQ(query("SELECT count(), countIf(k = defaultValueOfArgumentType(k)) FROM keyed"),
              "2\t2\n");
  }
  query("DROP TABLE IF EXISTS keyed");
  create("keyed",
         "k UUID DEFAULT '61f0c404-5cb3-11e7-907b-a6006ad3dba0', j JSON, n Nullable(UUID)");
  TestRows rows;

  const std::string other = "00000000-0000-0000-0000-000000000001";
  rows.add("k", "String", A::strings({A::kNull, other}));
  rows.add("j", "JSON", A::strings({A::kNull, "{}"}));
  rows.add("n", "String", A::strings({A::kNull, other}));
  rows.finish();
  ASSERT_EQ(write(options("keyed"), rows, "a", {{0, 1}}), Status::ok) << env_->reason;
  ASSERT_EQ(write(options("keyed"), rows, "b", {{1, 1}, {0, 1}}), Status::ok) << env_->reason;
  const std::string by_default = "61f0c404-5cb3-11e7-907b-a6006ad3dba0";
  EXPECT_EQ(
      query("SELECT * FROM keyed ORDER BY toString(k) FORMAT TSV"),
      other + "\t{}\t" + other + "\n" + by_default + "\t{}\t\\N\n" + by_default + "\t{}\t\\N\n");
}

// A column that Native can't hold makes the whole block JSON.
TEST_F(SinkOnEngine, JsonCarriesTheSameValuesAsNative) {
  for (const TypeCase& c : type_cases()) {
    SCOPED_TRACE(c.type);
    query("DROP TABLE IF EXISTS as_native");
    query("DROP TABLE IF EXISTS as_json");
    create("as_native", std::string("i UInt64, c ") + c.type, kCreation);
    create("as_json", std::string("i UInt64, c ") + c.type + ", d Dynamic", kCreation);
    for (const char* table : {"as_native", "as_json"}) {
      TestRows rows;
      rows.add("i", "UInt64", A::fixed<uint64_t>({1, 2, 0}));
      rows.add("c", c.type, c.column);
      const bool json = std::string(table) == "as_json";
      if (json) rows.add("d", "Dynamic", A::strings({"1", "2", "3"}));
      rows.finish();
      ASSERT_EQ(write(options(table), rows, "t", {{2, 1}, {0, 2}}), Status::ok) << env_->reason;
    }
    EXPECT_EQ(query(values_of("as_json")), query(values_of("as_native")));
    EXPECT_EQ(query("SELECT groupArray((i, d)) FROM as_json"), "[(0,3),(1,1),(2,2)]\n");
  }
}

// A column that was Dynamic when the rows were planned.
TEST_F(SinkOnEngine, AnyJsonBecomesTheTextThatTheServerReads) {
  create("texts", "i UInt8, s String, a Array(String), u UUID, j JSON");
  const std::string uuid = "61f0c404-5cb3-11e7-907b-a6006ad3dba0";
  TestRows rows;
  rows.add("i", "UInt8", A::fixed<uint8_t>({1, 2, 3}));
  rows.add("s", "Dynamic", A::strings({R"("a\"b")", R"({"k":[1]})", ""}));
  rows.add("a", "Array(Dynamic)", A::lists({2, 0, 0}, A::strings({"1", "\"x\""})));
  rows.add("u", "Dynamic", A::strings({'"' + uuid + '"', A::kNull, A::kNull}));
  rows.add("j", "Dynamic", A::strings({R"({"k":1})", "", A::kNull}));
  rows.finish();
  ASSERT_EQ(write(options("texts"), rows), Status::ok) << env_->reason;
  const std::string none = "00000000-0000-0000-0000-000000000000";
  EXPECT_EQ(query("SELECT s, a, u, j FROM texts ORDER BY i FORMAT TSVRaw"),
            "a\"b\t['1','x']\t" + uuid + "\t{\"k\":1}\n{\"k\":[1]}\t[]\t" + none + "\t{}\n\t[]\t" +
                none + "\t{}\n");
}

TEST_F(SinkOnEngine, DatesInColumnsOfAnyTypeStayDates) {
  create("any", "s String, d Dynamic, v Variant(DateTime64(3), String), e Dynamic");
  TestRows rows;
  rows.add("s", "Date", A::fixed<uint16_t>({19782}));
  rows.add("d", "Date", A::fixed<uint16_t>({19782}));
  rows.add("v", "DateTime64(3)", A::fixed<int64_t>({1}));
  rows.add("e", "Enum8('a' = 1)", A::fixed<int8_t>({1}));
  rows.finish();
  ASSERT_EQ(write(options("any"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT s, d, dynamicType(d), v, variantType(v), e FROM any FORMAT TSV"),
            "2024-02-29\t2024-02-29\tDate\t1970-01-01 00:00:00.001\tDateTime64(3)\ta\n");
}

// The first and the last that are taken.
TEST_F(SinkOnEngine, TimesInColumnsOfAnyTypeKeepTheirValues) {
  create(
      "edges",
      "t Dynamic, d Dynamic, v Variant(DateTime64(6, 'UTC'), String), w Variant(Date32, String)");
  TestRows rows;
  rows.add("t", "DateTime64(9)", A::fixed<int64_t>({-9'223'372'036'000'000'000, INT64_MAX}));
  rows.add("d", "Date32", A::fixed<int32_t>({-25'567, 106'751}));
  rows.add("v", "DateTime64(3)", A::fixed<int64_t>({-62'135'596'800'000, 253'402'300'799'999}));
  rows.add("w", "Date32", A::fixed<int32_t>({-25'567, 120'529}));
  rows.finish();
  ASSERT_EQ(write(options("edges"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT toUnixTimestamp64Nano(t.`DateTime64(9)`), toDate32(d.`DateTime64(9)`), "
                  "v, variantType(v), w, variantType(w) FROM edges FORMAT TSV"),
            "-9223372036000000000\t1900-01-01\t0001-01-01 00:00:00.000000\tDateTime64(6, "
            "\\'UTC\\')\t1900-01-01\tDate32\n"
            "9223372036854775807\t2262-04-11\t9999-12-31 23:59:59.999000\tDateTime64(6, "
            "\\'UTC\\')\t2299-12-31\tDate32\n");
}

TEST_F(SinkOnEngine, TypesNestDeeply) {
  std::string type = "UInt8", expected = "7";
  A::Pointer column = A::fixed<uint8_t>({7});
  for (int i = 0; i < 100; ++i) {
    type = "Array(" + type + ")";
    expected = "[" + expected + "]";
    column = A::lists({1}, column);
  }
  create("deep", "c " + type + ", d Dynamic");
  for (const bool json : {false, true}) {
    TestRows rows;
    rows.add("c", type, column);
    if (json) rows.add("d", "Dynamic", A::strings({"1"}));
    rows.finish();
    query("TRUNCATE TABLE deep");
    ASSERT_EQ(write(options("deep"), rows), Status::ok) << env_->reason;
    EXPECT_EQ(query("SELECT c FROM deep"), expected + "\n");
  }
}

}  // namespace
}  // namespace clickhouse
