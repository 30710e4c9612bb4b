// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/type_parser.hpp>

#include <gtest/gtest.h>

namespace cphost::columns {
namespace {

TEST(TypeParser, readsNestedTypes) {
  const Type type = TypeParser::parse(
      "Array(Tuple(a UInt8, `b c` Map(LowCardinality(String), Nullable(Decimal(18, 4))), d "
      "DateTime64(6, 'Asia/Tokyo')))");
  ASSERT_EQ(type.kind, Kind::kArray);
  const Type& tuple = type.children[0];
  EXPECT_EQ(tuple.names, (std::vector<std::string>{"a", "b c", "d"}));
  EXPECT_EQ(tuple.children[0].kind, Kind::kUInt8);
  const Type& map = tuple.children[1];
  EXPECT_EQ(map.kind, Kind::kMap);
  EXPECT_EQ(map.children[0].kind, Kind::kText);
  EXPECT_EQ(map.children[0].text, "LowCardinality(String)");
  EXPECT_TRUE(map.children[1].nullable);
  EXPECT_EQ(map.children[1].precision, 18);
  EXPECT_EQ(map.children[1].scale, 4);
  EXPECT_EQ(map.children[1].width, 8u);
  EXPECT_EQ(tuple.children[2].scale, 6);
  EXPECT_EQ(tuple.children[2].zone, "Asia/Tokyo");
}

TEST(TypeParser, namesOfTuplesMayBeTypes) {
  const Type type = TypeParser::parse("Tuple(Date Date, String String)");
  EXPECT_EQ(type.names, (std::vector<std::string>{"Date", "String"}));
  EXPECT_TRUE(TypeParser::parse("Tuple(Date, String)").names.empty());
}

TEST(TypeParser, enumsKeepTheirLabels) {
  const Type type = TypeParser::parse("Enum8('a' = -128, 'it\\'s' = 0, '' = 127)");
  ASSERT_EQ(type.items.size(), 3u);
  EXPECT_EQ(type.items[0].value, -128);
  EXPECT_EQ(type.items[1].label, "it's");
  EXPECT_EQ(type.items[2].label, "");
  for (const char* wrong : {"Enum8('a' = 128)", "Enum8('a' = 127, 'b')", "Enum8('a' = 2, 'a' = 8)",
                            "Enum8('a' = 2, 'b' = 2)", "Enum16('a' = 3, 'b' = 2, 'c')"}) {
    EXPECT_THROW(TypeParser::parse(wrong), TypeError) << wrong;
  }
}

TEST(TypeParser, decimalsHaveTheWidthOfTheirPrecision) {
  EXPECT_EQ(TypeParser::parse("Decimal(9, 2)").width, 4u);
  EXPECT_EQ(TypeParser::parse("Decimal(10, 2)").width, 8u);
  EXPECT_EQ(TypeParser::parse("Decimal(38, 2)").width, 16u);
  EXPECT_EQ(TypeParser::parse("Decimal(39, 2)").width, 32u);
  EXPECT_EQ(TypeParser::parse("Decimal64(3)").precision, 18);
}

TEST(TypeParser, whatItDoesNotKnowTakesAnyValue) {
  for (const char* type : {"Dynamic", "Dynamic(max_types=3)", "Variant(UInt8, String)", "Geometry",
                           "Object('json')", "IntervalFortnight", "SomethingNew(1, 'x)')"}) {
    EXPECT_EQ(TypeParser::parse(type).kind, Kind::kAny) << type;
    EXPECT_EQ(TypeParser::parse(type).text, type);
    EXPECT_EQ(TypeParser::parse(std::string("Array(") + type + ")").children[0].name, type);
  }
}

TEST(TypeParser, jsonKeepsItsArguments) {
  const Type type = TypeParser::parse("Nullable(JSON(max_dynamic_paths=8, a.b UInt32, SKIP `x)`))");
  EXPECT_EQ(type.kind, Kind::kJson);
  EXPECT_TRUE(type.nullable);
  EXPECT_EQ(type.name, "JSON(max_dynamic_paths=8, a.b UInt32, SKIP `x)`)");
}

TEST(TypeParser, numbersBeyondSixtyFourBits) {
  EXPECT_EQ(TypeParser::parse("Int128").width, 16u);
  EXPECT_EQ(TypeParser::parse("Nullable(UInt256)").width, 32u);
  EXPECT_EQ(TypeParser::parse("BFloat16").kind, Kind::kBFloat16);
  EXPECT_TRUE(is_wide_integer(TypeParser::parse("UInt128").kind));
  EXPECT_FALSE(is_wide_integer(TypeParser::parse("IntervalDay").kind));
}

TEST(TypeParser, timesAndIntervals) {
  EXPECT_EQ(TypeParser::parse("Time").width, 4u);
  EXPECT_EQ(TypeParser::parse("Time64(6)").scale, 6u);
  EXPECT_THROW(TypeParser::parse("Time64"), TypeError);
  const Type type = TypeParser::parse("Nullable(IntervalMillisecond)");
  EXPECT_EQ(type.kind, Kind::kInterval);
  EXPECT_EQ(type.name, "IntervalMillisecond");
}

TEST(TypeParser, geometriesAreTuplesAndArrays) {
  const Type type = TypeParser::parse("MultiPolygon");
  EXPECT_EQ(type.text, "MultiPolygon");
  const Type& point = type.children[0].children[0].children[0];
  EXPECT_EQ(point.text, "Point");
  EXPECT_EQ(point.kind, Kind::kTuple);
  EXPECT_EQ(point.children[1].kind, Kind::kFloat64);
  EXPECT_EQ(TypeParser::parse("MultiLineString").children[0].text, "LineString");
}

TEST(TypeParser, wrappersAreTransparent) {
  EXPECT_EQ(TypeParser::parse("SimpleAggregateFunction(sum, Nullable(UInt64))").kind,
            Kind::kUInt64);
  EXPECT_TRUE(TypeParser::parse("SimpleAggregateFunction(sum, Nullable(UInt64))").nullable);
  EXPECT_TRUE(TypeParser::parse("LowCardinality(Nullable(FixedString(3)))").nullable);
}

TEST(TypeParser, refusesWhatIsNoType) {
  std::string deep = "UInt8";
  for (unsigned i = 0; i <= kTypeDepthMax; ++i) deep = "Array(" + deep + ")";
  for (const std::string& type :
       {std::string(""), std::string("Array("), std::string("Array(UInt8"),
        std::string("Array(UInt8))"), std::string("Map(String)"), std::string("FixedString(0)"),
        std::string("FixedString(99999999999)"), std::string("Decimal(77, 2)"),
        std::string("Decimal(5, 6)"), std::string("DateTime64(10)"), std::string("DateTime('x"),
        std::string("Enum8()"), std::string("Tuple(a UInt8, String)"), std::string("JSON("),
        std::string("AggregateFunction(sum, UInt8)"), deep}) {
    EXPECT_THROW(TypeParser::parse(type), TypeError) << type;
  }
}

}  // namespace
}  // namespace cphost::columns
