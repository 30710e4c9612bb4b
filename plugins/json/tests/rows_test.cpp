// SPDX-License-Identifier: Apache-2.0
// From records to rows: several rows a record, null records, paths, absent fields, and what is
// taken back.
#include <gtest/gtest.h>

#include "decoding.hpp"

namespace json::test {
namespace {

using Rows = std::vector<std::string>;
using Records = std::vector<uint32_t>;

Settings many() {
  Settings settings;
  settings.many = true;
  return settings;
}

TEST(Rows, oneToOneNeedsNoRecordNumbers) {
  Decoding decoding(Wanted{"a", "UInt8"});
  EXPECT_TRUE(decoding.decode({R"({"a":1})", R"({"a":2})"}).one_to_one);
  EXPECT_FALSE(decoding.decode({R"({"a":1})", "x", R"({"a":2})"}).one_to_one);
}

TEST(Rows, manyAreConcatenatedOnLinesOrInAnArray) {
  Decoding decoding(Wanted{"a", "UInt8"}, many());
  const Decoded decoded = decoding.decode({R"({"a":1}{"a":2} {"a":3})", "{\"a\":4}\n{\"a\":5}\r\n",
                                           R"([{"a":6} , {"a":7}])", "[]", "", " ", R"({"a":8})"});
  EXPECT_EQ(decoded.rejects.size(), 0u);
  EXPECT_EQ(decoded.rows, (Rows{"1", "2", "3", "4", "5", "6", "7", "8"}));
  EXPECT_EQ(decoded.record_of, (Records{0, 0, 0, 1, 1, 2, 2, 6}));
}

TEST(Rows, aBadObjectTakesItsWholeRecordWithIt) {
  Decoding decoding(std::vector<Wanted>{{"a", "UInt8"}, {"t", "Array(String)"}}, many());
  for (const char* bad :
       {R"({"a":1,"t":["p"]}{"a":2,"t":["q",)", R"([{"a":1,"t":["p"]},{"a":300}])",
        R"([{"a":1}] {"a":2})", R"([{"a":1},])", R"([{"a":1})", R"([{"a":1}{"a":2}])",
        R"({"a":1},{"a":2})", R"({"a":1}[{"a":2}])", "[[]]", R"({"a":1} 7)"}) {
    const Decoded decoded =
        decoding.decode({R"({"a":8,"t":["x","y"]})", bad, R"({"a":9,"t":["z"]})"});
    EXPECT_EQ(decoded.rejects.size(), 1u) << bad;
    EXPECT_EQ(decoded.rows, (Rows{"8|['x','y']", "9|['z']"})) << bad;
    EXPECT_EQ(decoded.record_of, (Records{0, 2})) << bad;
  }
}

TEST(Rows, aRecordMayNotHoldMoreThanTheLimit) {
  Settings settings = many();
  settings.max_rows = 2;
  Decoding decoding(Wanted{"a", "UInt8"}, settings);
  const Decoded decoded = decoding.decode({"{}{}", "{}{}{}", "[{},{}]", "[{},{},{}]"});
  EXPECT_EQ(decoded.record_of, (Records{0, 0, 2, 2}));
  ASSERT_EQ(decoded.rejects.size(), 2u);
  EXPECT_EQ(decoded.code(), "JSON_TOO_MANY_ROWS");
}

TEST(Rows, columnsGrowWithinABatch) {
  Decoding decoding(std::vector<Wanted>{{"a", "UInt32"}, {"t", "Array(UInt32)"}}, many());
  std::string document;
  for (int i = 0; i < 20000; ++i) {
    const std::string n = std::to_string(i);
    document += "{\"a\":" + n + ",\"t\":[" + n + "," + n + "]}";
  }
  const Decoded decoded = decoding.decode({document});
  ASSERT_EQ(decoded.rows.size(), 20000u);
  EXPECT_EQ(decoded.rows[19999], "19999|[19999,19999]");
  EXPECT_EQ(decoded.rows[1023], "1023|[1023,1023]");
}

TEST(Rows, nullRecordsAreFilteredOrRowsOfNulls) {
  Decoding filter(std::vector<Wanted>{{"a", "UInt8"}, {"s", "String"}});
  Decoded decoded = filter.decode({std::nullopt, R"({"a":1})", std::nullopt});
  EXPECT_EQ(decoded.rows, Rows{"1|NULL"});
  EXPECT_EQ(decoded.record_of, Records{1});
  EXPECT_EQ(decoded.rejects.size(), 0u);

  Settings settings;
  settings.null_row = true;
  Decoding row(std::vector<Wanted>{{"a", "UInt8"}, {"s", "String"}}, settings);
  decoded = row.decode({std::nullopt, R"({"a":1})"});
  EXPECT_EQ(decoded.rows, (Rows{"NULL|NULL", "1|NULL"}));
  EXPECT_TRUE(decoded.one_to_one);
}

TEST(Rows, unknownFieldsAreIgnoredOrRejected) {
  Settings settings;
  settings.reject_unknown = true;
  Decoding strict(std::vector<Wanted>{{"a", "UInt8"}, {"c", "UInt8", "b.c"}}, settings);
  const Decoded decoded =
      strict.decode({R"({"a":1,"b":{"c":2}})", R"({"a":1,"z":2})", R"({"b":{"z":2}})"});
  EXPECT_EQ(decoded.rows, Rows{"1|2"});
  ASSERT_EQ(decoded.rejects.size(), 2u);
  EXPECT_EQ(decoded.rejects[0].code, "JSON_UNKNOWN_FIELD");
  EXPECT_EQ(decoded.rejects[0].offset, 7);
  EXPECT_EQ(decoded.rejects[1].offset, 6);
}

TEST(Rows, pathsLeadIntoObjects) {
  Decoding decoding(std::vector<Wanted>{{"city", "String", "user.address.city"},
                                        {"user.id", "UInt64"},
                                        {"dotted", "UInt8", "a\\.b"},
                                        {"id", "UInt8"}});
  const Decoded decoded = decoding.decode(
      {R"({"id":1,"user":{"address":{"zip":1,"city":"Ulm"},"id":7,"id2":1},"a.b":3})",
       R"({"user":{"id":8,"address":null}})", R"({"user":null,"id":2})", R"({"user":{}})",
       R"({"user.id":5})"});
  EXPECT_EQ(decoded.rejects.size(), 0u);
  EXPECT_EQ(decoded.rows, (Rows{"'Ulm'|7|3|1", "NULL|8|NULL|NULL", "NULL|NULL|NULL|2",
                                "NULL|NULL|NULL|NULL", "NULL|NULL|NULL|NULL"}));
}

TEST(Rows, aPathThroughWhatIsNoObjectIsRefused) {
  Decoding decoding(Wanted{"c", "String", "b.c"});
  const Decoded decoded =
      decoding.decode({R"({"b":5})", R"({"b":[{"c":1}]})", R"({"b":{"c":"x"},"b":{}})"});
  ASSERT_EQ(decoded.rejects.size(), 3u);
  EXPECT_EQ(decoded.rejects[0].code, "JSON_NOT_AN_OBJECT");
  EXPECT_EQ(decoded.rejects[1].code, "JSON_NOT_AN_OBJECT");
  EXPECT_EQ(decoded.rejects[2].code, "JSON_DUPLICATE_KEY");
}

TEST(Rows, aValueMayFillSeveralColumns) {
  Decoding decoding(std::vector<Wanted>{
      {"whole", "String", "u"}, {"id", "UInt8", "u.id"}, {"again", "Dynamic", "u"}});
  const Decoded decoded = decoding.decode(
      {R"({"u":{"id":1}})", R"({"u":"text"})", R"({"u":null})", R"({"u":{"id":"x"}})"});
  EXPECT_EQ(decoded.rows,
            (Rows{R"('{"id":1}'|1|'{"id":1}')", R"('text'|NULL|'"text"')", "NULL|NULL|NULL"}));
  EXPECT_EQ(decoded.code(), "NOT_A_NUMBER");
}

TEST(Rows, absentIsToldFromNullWhereAsked) {
  Decoding decoding(std::vector<Wanted>{{"a", "Nullable(UInt8)", "", true}, {"b", "UInt8"}});
  ASSERT_EQ(decoding.schema().size(), 3u);
  EXPECT_EQ(decoding.schema()[2].get("cphost.absent"), "a");
  EXPECT_EQ(decoding.schema()[2].format, "b");
  const Decoded decoded =
      decoding.decode({R"({"a":1})", R"({"a":null})", R"({"b":2})", R"({"a":)"});
  EXPECT_EQ(decoded.rows, (Rows{"1|NULL|false", "NULL|NULL|false", "NULL|2|true"}));
}

TEST(Rows, columnsSayHowTheirTimesAreToBeRead) {
  const Wanted wanted{"v", "Dynamic"};
  EXPECT_EQ(Decoding(wanted).schema()[0].get("cphost.date_time_input"), "");
  Settings settings;
  settings.date_time_input = cphost::columns::DateTimeInput::kBasic;
  EXPECT_EQ(Decoding(wanted, settings).schema()[0].get("cphost.date_time_input"), "basic");
}

TEST(Rows, columnsSayTheirTypes) {
  Decoding decoding(std::vector<Wanted>{{"t", "DateTime64(3, 'Europe/Berlin')"},
                                        {"m", "Map(String, Array(Nullable(Decimal(9, 2))))"},
                                        {"e", "LowCardinality(Nullable(String))"}});
  const cphost::Schema& schema = decoding.schema();
  EXPECT_EQ(schema[0].format, "tsm:Europe/Berlin");
  EXPECT_EQ(schema[1].format, "+m");
  EXPECT_EQ(schema[1].children[0].children[1].children[0].format, "d:9,2,32");
  EXPECT_EQ(schema[2].format, "z");
  for (const cphost::Field& field : schema.fields()) EXPECT_TRUE(field.nullable);
  EXPECT_EQ(cphost::clickhouse_type(schema[2]), "LowCardinality(Nullable(String))");
}

TEST(Rows, plainArrowTypesAreEnough) {
  const cphost::Schema wanted{{"i", "i"}, {"l", "+l", {}, {{"item", "g"}}}, {"t", "tsu:UTC"}};
  const cphost::UniqueSchema arrow = wanted.to_arrow();
  const cphost::UniqueSchema records = cphost::Schema{{"_value", "z"}}.to_arrow();
  const Decoder decoder(Settings(), *records, 0, *arrow);
  const cphost::Schema schema = decoder.schema();
  EXPECT_EQ(cphost::clickhouse_type(schema[0]), "Int32");
  EXPECT_EQ(cphost::clickhouse_type(schema[1]), "Array(Nullable(Float64))");
  EXPECT_EQ(cphost::clickhouse_type(schema[2]), "DateTime64(6, 'UTC')");
}

TEST(Rows, pathsWithEmptyPartsAreRefused) {
  EXPECT_THROW(Decoding(Wanted{"a", "UInt8", "b..c"}), cphost::Error);
  EXPECT_THROW(Decoding(Wanted{"a", "UInt8", ".c"}), cphost::Error);
}

// A row fails after every possible field, at any depth; what came before and comes after must be as
// if it had never been.
TEST(Rows, halfARowLeavesNothingBehind) {
  const std::vector<Wanted> wanted = {{"n", "Nullable(UInt8)"},
                                      {"s", "String"},
                                      {"b", "Bool"},
                                      {"l", "Array(Array(String))"},
                                      {"m", "Map(String, Tuple(x Nullable(UInt8), y Array(Bool)))"},
                                      {"d", "Decimal(38, 2)"}};
  const std::string good = R"({"n":null,"s":"text","b":true,"l":[["a"],["b","c"]],)"
                           R"("m":{"k":{"x":null,"y":[true]}},"d":1.25})";
  const std::string row = "NULL|'text'|true|[['a'],['b','c']]|{'k':(NULL,[true])}|1.25";
  const std::string next = "7|'t'|false|[]|{}|0.00";
  Decoding decoding(wanted);
  for (size_t cut = 0; cut < good.size(); ++cut) {
    const Decoded decoded = decoding.decode({good, good.substr(0, cut),
                                             R"({"n":7,"s":"t","b":false,"l":[],"m":{},"d":0})",
                                             good.substr(0, cut), good});
    ASSERT_EQ(decoded.rejects.size(), 2u) << cut;
    ASSERT_EQ(decoded.rows, (Rows{row, next, row})) << cut;
  }
}

}  // namespace
}  // namespace json::test
