// SPDX-License-Identifier: Apache-2.0
#include <cphost/columns/carrier.hpp>

#include <gtest/gtest.h>

namespace cphost::columns {
namespace {

TEST(Carrier, eachTypeHasItsArrowType) {
  const std::pair<const char*, const char*> kPairs[] = {
      {"Int8", "c"},
      {"UInt64", "L"},
      {"Float32", "f"},
      {"BFloat16", "w:2"},
      {"Int128", "w:16"},
      {"UInt256", "w:32"},
      {"Bool", "b"},
      {"String", "z"},
      {"JSON", "z"},
      {"Dynamic", "z"},
      {"Time", "i"},
      {"Time64(3)", "l"},
      {"IntervalYear", "l"},
      {"FixedString(7)", "w:7"},
      {"Date", "S"},
      {"Date32", "tdD"},
      {"DateTime('UTC')", "I"},
      {"DateTime64(0)", "tss:UTC"},
      {"DateTime64(3, 'UTC')", "tsm:UTC"},
      {"DateTime64(6, 'Asia/Tokyo')", "tsu:Asia/Tokyo"},
      {"DateTime64(9)", "tsn:UTC"},
      {"DateTime64(4)", "l"},
      {"Decimal(9, 2)", "d:9,2,32"},
      {"Decimal(50, 2)", "d:50,2,256"},
      {"Enum8('a' = 1)", "c"},
      {"Enum16('a' = 1)", "s"},
      {"UUID", "w:16"},
      {"IPv4", "I"},
      {"IPv6", "w:16"},
      {"Array(UInt8)", "+l"},
      {"Map(String, UInt8)", "+m"},
      {"Point", "+s"},
      {"Tuple(UInt8)", "+s"}};
  for (const auto& pair : kPairs) {
    EXPECT_EQ(arrow_format(TypeParser::parse(pair.first)), pair.second) << pair.first;
  }
}

TEST(Carrier, aFieldGivesItsTypeBack) {
  for (const char* text :
       {"Nullable(UInt8)", "Array(Tuple(a Nullable(UUID), b Map(String, Array(Date))))",
        "LowCardinality(Nullable(String))"}) {
    const Type type = TypeParser::parse(text);
    UniqueSchema schema;
    export_field(carrier(type, "x", type.nullable), schema.out());
    EXPECT_EQ(type_of_field(*schema).text, text);
    EXPECT_EQ(is_nullable(*schema), type.nullable);
  }
}

TEST(Carrier, aPlainArrowTypeSuggestsOne) {
  const Field map{
      "m", "+m", {}, {{"entries", "+s", {}, {{"key", "z", {}, {}, false}, {"value", "i"}}, false}}};
  const Field list{
      "l", "+l", {}, {{"item", "+s", {}, {{"a b", "C", {}, {}, false}, {"c", "tdD"}}}}};
  const std::pair<Field, const char*> kPairs[] = {
      {{"a", "l"}, "Int64"},
      {{"a", "u"}, "String"},
      {{"a", "w:4"}, "FixedString(4)"},
      {{"a", "tsm:"}, "DateTime64(3)"},
      {{"a", "tsn:Asia/Tokyo"}, "DateTime64(9, 'Asia/Tokyo')"},
      {{"a", "d:20,5"}, "Decimal(20,5)"},
      {{"a", "d:9,2,32"}, "Decimal(9,2)"},
      {map, "Map(String, Nullable(Int32))"},
      {list, "Array(Tuple(`a b` UInt8, `c` Nullable(Date32)))"}};
  for (const auto& pair : kPairs) {
    UniqueSchema schema;
    export_field(pair.first, schema.out());
    EXPECT_EQ(type_of_field(*schema).text, pair.second);
  }
  UniqueSchema unknown;
  export_field(Field{"a", "+us:0,1"}, unknown.out());
  EXPECT_THROW(type_of_field(*unknown), TypeError);
}

}  // namespace
}  // namespace cphost::columns
