// SPDX-License-Identifier: Apache-2.0
// What is a document and what is not: each refusal with its code and place, and its neighbours
// unhurt.
#include <gtest/gtest.h>

#include "decoding.hpp"

namespace json::test {
namespace {

struct Case {
  const char* what;
  std::string document;
  const char* code;
  int64_t offset;
};

class Documents : public testing::TestWithParam<Case> {};

TEST_P(Documents, isRefusedAndHurtsNoNeighbour) {
  const Case& c = GetParam();
  Decoding decoding(std::vector<Wanted>{{"a", "UInt32"}, {"s", "String"}, {"t", "Array(String)"}});
  const std::string good = R"({"a":1,"s":"x","t":["y"]})";
  const Decoded decoded = decoding.decode({good, c.document, good});
  ASSERT_EQ(decoded.rejects.size(), 1u) << c.document;
  EXPECT_EQ(decoded.rejects[0].code, c.code) << decoded.rejects[0].text;
  EXPECT_EQ(decoded.rejects[0].record, 1u);
  EXPECT_EQ(decoded.rejects[0].offset, c.offset);
  EXPECT_EQ(decoded.rows, (std::vector<std::string>{"1|'x'|['y']", "1|'x'|['y']"}));
  EXPECT_EQ(decoded.record_of, (std::vector<uint32_t>{0, 2}));
}

const Case kCases[] = {
    {"empty", "", "JSON_TRUNCATED", 0},
    {"blank", "  ", "JSON_TRUNCATED", 2},
    {"brace", "{", "JSON_TRUNCATED", 1},
    {"number", "1", "JSON_NOT_AN_OBJECT", 0},
    {"array", "[]", "JSON_NOT_AN_OBJECT", 0},
    {"null", "null", "JSON_NOT_AN_OBJECT", 0},
    {"key", R"({"a")", "JSON_TRUNCATED", 4},
    {"colon", R"({"a":)", "JSON_TRUNCATED", 5},
    {"value", R"({"a":1)", "JSON_TRUNCATED", 6},
    {"comma", R"({"a":1,)", "JSON_TRUNCATED", 7},
    {"string", R"({"s":"abc)", "JSON_TRUNCATED", 9},
    {"escape", R"({"s":"abc\)", "JSON_STRING", 9},
    {"list", R"({"t":["a")", "JSON_TRUNCATED", 9},
    {"trailingComma", R"({"a":1,})", "JSON_SYNTAX", 7},
    {"noComma", R"({"a":1 "s":"x"})", "JSON_SYNTAX", 7},
    {"noColon", R"({"a" 1})", "JSON_SYNTAX", 5},
    {"nakedKey", "{a:1}", "JSON_SYNTAX", 1},
    {"singleQuotes", "{'a':1}", "JSON_SYNTAX", 1},
    {"comment", "{/**/}", "JSON_SYNTAX", 1},
    {"trailing", R"({"a":1} x)", "JSON_TRAILING", 8},
    {"second", R"({"a":1}{"a":2})", "JSON_TRAILING", 7},
    {"nul", std::string("{\"a\":1}\0", 8), "JSON_TRAILING", 7},
    {"wrongClose", R"({"a":1])", "JSON_SYNTAX", 6},
    {"control", "{\"s\":\"a\nb\"}", "JSON_STRING", 7},
    {"nulInString", std::string("{\"s\":\"a\0b\"}", 11), "JSON_STRING", 7},
    {"badEscape", R"({"s":"\x41"})", "JSON_STRING", 6},
    {"badHex", R"({"s":"\u00g0"})", "JSON_STRING", 6},
    {"highSurrogate", R"({"s":"\ud83d!"})", "JSON_STRING", 6},
    {"lowSurrogate", R"({"s":"\udc00"})", "JSON_STRING", 6},
    {"twoHighs", R"({"s":"\ud83d\ud83d"})", "JSON_STRING", 6},
    {"loneByte", "{\"s\":\"\x80\"}", "JSON_UTF8", 6},
    {"cutSequence", "{\"s\":\"\xc3\"}", "JSON_UTF8", 6},
    {"overlong", "{\"s\":\"\xc0\xaf\"}", "JSON_UTF8", 6},
    {"surrogateBytes", "{\"s\":\"\xed\xa0\x80\"}", "JSON_UTF8", 6},
    {"beyondUnicode", "{\"s\":\"\xf4\x90\x80\x80\"}", "JSON_UTF8", 6},
    {"latin1", "{\"s\":\"gr\xfc\xdf\"}", "JSON_UTF8", 8},
    {"skippedNumber", R"({"x":01})", "JSON_SYNTAX", 5},
    {"skippedWord", R"({"x":nul})", "JSON_SYNTAX", 5},
    {"skippedString", "{\"x\":\"\xff\"}", "JSON_UTF8", 6},
    {"skippedKey", "{\"\xff\":1}", "JSON_UTF8", 2},
    {"skippedNested", R"({"x":{"y":[1,{"z":}]}})", "JSON_SYNTAX", 18},
    {"skippedBrackets", R"({"x":[1}})", "JSON_SYNTAX", 7},
    {"skippedComma", R"({"x":[1,]})", "JSON_SYNTAX", 8},
    {"skippedOpen", R"({"x":[[[)", "JSON_TRUNCATED", 8},
    {"duplicate", R"({"a":1,"s":"x","a":2})", "JSON_DUPLICATE_KEY", 19},
    {"duplicateNull", R"({"a":null,"a":2})", "JSON_DUPLICATE_KEY", 14},
    {"duplicateEscaped", R"({"a":1,"\u0061":2})", "JSON_DUPLICATE_KEY", 16},
    {"lateFailureInList", R"({"a":1,"s":"long enough to move","t":["p","q",7,)", "JSON_TRUNCATED",
     48},
    {"neighbourClosesIt", R"({"a":1,"s")", "JSON_TRUNCATED", 10},
    {"wrongKind", R"({"a":"x"})", "NOT_A_NUMBER", 5},
};

INSTANTIATE_TEST_SUITE_P(Refused, Documents, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.what); });

Decoding simple(Settings settings = {}) {
  return Decoding(Wanted{"a", "UInt32"}, settings);
}

TEST(Documents, mayHaveBlanksAnywhere) {
  Decoding decoding = simple();
  EXPECT_EQ(decoding.decode({" \r\n\t{ \"a\" : 1 , \"b\" : [ 1 , { } , [ ] ] } \n"}).rows,
            std::vector<std::string>{"1"});
}

TEST(Documents, mayBeginWithAByteOrderMark) {
  Decoding decoding = simple();
  const Decoded decoded = decoding.decode({"\xef\xbb\xbf{\"a\":1}", "\xef\xbb{\"a\":1}"});
  EXPECT_EQ(decoded.rows, std::vector<std::string>{"1"});
  EXPECT_EQ(decoded.code(), "JSON_NOT_AN_OBJECT");
}

TEST(Documents, mayBeEmptyObjects) {
  Decoding decoding = simple();
  EXPECT_EQ(decoding.decode({"{}", "{ }"}).rows, (std::vector<std::string>{"NULL", "NULL"}));
}

TEST(Documents, keysAreComparedUnescaped) {
  Decoding decoding(
      std::vector<Wanted>{{"a\"b", "UInt8", "a\"b"}, {"\u00e9", "UInt8"}, {"", "UInt8"}});
  EXPECT_EQ(
      decoding.decode({R"({"a\u0022b":1,"\u00e9":2,"":3})", "{\"\xc3\xa9\":5,\"a\\\"b\":4}"}).rows,
      (std::vector<std::string>{"1|2|3", "4|5|NULL"}));
}

TEST(Documents, keysAreFoundInAnyOrderAndNumber) {
  std::vector<Wanted> wanted;
  for (int i = 0; i < 300; ++i)
    wanted.push_back({"column_number_" + std::to_string(i * 7), "UInt32"});
  Decoding decoding(wanted);
  for (int step : {1, 7, 299}) {
    std::string document = "{", expected;
    for (int i = 0; i < 300; ++i) {
      const int k = i * step % 300;
      document += (i > 0 ? ",\"column_number_" : "\"column_number_") + std::to_string(k * 7) +
                  "\":" + std::to_string(k) + ",\"column_number_" + std::to_string(k * 7 + 1) +
                  "\":false";
      expected += (i > 0 ? "|" : "") + std::to_string(i);
    }
    const Decoded decoded = decoding.decode({document + "}", document + "}"});
    ASSERT_EQ(decoded.rejects.size(), 0u) << decoded.rejects[0].text;
    EXPECT_EQ(decoded.rows, (std::vector<std::string>{expected, expected}));
  }
}

TEST(Documents, aPrefixOfAKeyIsAnotherKey) {
  Decoding decoding(std::vector<Wanted>{{"ab", "UInt8"}, {"abc", "UInt8"}});
  EXPECT_EQ(decoding.decode({R"({"a":9,"abcd":9,"abc":1,"ab":2})"}).rows,
            std::vector<std::string>{"2|1"});
}

TEST(Documents, depthIsBounded) {
  Settings settings;
  settings.max_depth = 4;
  Decoding decoding = simple(settings);
  EXPECT_EQ(decoding.decode({R"({"x":[[[1]]],"a":1})"}).rows, std::vector<std::string>{"1"});
  const Decoded decoded = decoding.decode({R"({"x":[[[[1]]]],"a":1})"});
  EXPECT_EQ(decoded.code(), "JSON_DEPTH");
  EXPECT_EQ(decoded.rejects[0].offset, 8);
}

TEST(Documents, depthIsBoundedInColumnsToo) {
  Settings settings;
  settings.max_depth = 3;
  Decoding lists(Wanted{"v", "Array(Array(Array(UInt8)))"}, settings);
  EXPECT_EQ(lists.decode({R"({"v":[[[1]]]})"}).code(), "JSON_DEPTH");
  EXPECT_EQ(lists.decode({R"({"v":[[]]})"}).rows, std::vector<std::string>{"[[]]"});
  Decoding text(Wanted{"v", "String"}, settings);
  EXPECT_EQ(text.decode({R"({"v":[[[1]]]})"}).code(), "JSON_DEPTH");
  EXPECT_EQ(text.decode({R"({"v":[[1]]})"}).rows, std::vector<std::string>{"'[[1]]'"});
}

TEST(Documents, bracketsOfManyLevelsCloseAsTheyWereOpened) {
  Settings settings;
  settings.max_depth = 1024;
  Decoding decoding = simple(settings);
  constexpr int kLevels = 200;
  std::string value = "1";
  for (int level = kLevels; level > 0; --level) {  // beside each are some of the other kind
    value = level * level % 7 < 3 ? R"({"a":[[{}]],"b":)" + value + "}"
                                  : R"([{"a":{"b":[]}},)" + value + "]";
  }
  const std::string record = "{\"x\":" + value + ",\"a\":1}";
  EXPECT_EQ(decoding.decode({record}).rows, std::vector<std::string>{"1"});
  const size_t closing = record.rfind(",\"a\"") - kLevels;
  for (size_t at = closing; at < closing + kLevels; ++at) {
    std::string wrong = record;
    wrong[at] = wrong[at] == '}' ? ']' : '}';
    EXPECT_EQ(decoding.decode({wrong}).rejects.size(), 1u) << at;
  }
}

TEST(Documents, aQuarterMegabyteOfBracketsIsRefused) {
  for (const char* open : {"[", "{\"a\":"}) {
    std::string brackets;
    while (brackets.size() < 250000) brackets += open;
    for (const char* type : {"UInt32", "String", "Array(Array(UInt8))", "JSON", "Dynamic",
                             "Array(Variant(UInt8, String))", "Tuple(a JSON)", "Point"}) {
      Decoding decoding(Wanted{"v", type});
      const Decoded decoded =
          decoding.decode({brackets, "{\"v\":" + brackets, "{\"x\":" + brackets, R"({"v":null})"});
      EXPECT_EQ(decoded.rejects.size(), 3u);
      EXPECT_EQ(decoded.rows, std::vector<std::string>{"NULL"});
    }
  }
}

TEST(Documents, typesNestDeeply) {
  std::string type = "Map(String, UInt8)", value = R"({"k":7})", wanted = "{'k':7}";
  for (int i = 0; i < 75; ++i) {
    type = "Array(Tuple(a " + type + "))";
    value = R"([{"a":)" + value + "}]";
    wanted = "[(" + wanted + ")]";
  }
  Decoding decoding(Wanted{"v", type.c_str()});
  EXPECT_EQ(decoding.decode({"{\"v\":" + value + "}"}).rows, std::vector<std::string>{wanted});
  const Decoded refused =
      decoding.decode({"{\"v\":" + value.replace(value.find('7'), 1, "-7") + "}"});
  EXPECT_EQ(refused.code(), "INT_OUT_OF_RANGE");
  EXPECT_EQ(decoding.decode({"{\"v\":" + value.substr(0, 200) + "}"}).rejects.size(), 1u);
}

TEST(Documents, longTextsArrive) {
  Decoding decoding(std::vector<Wanted>{{"s", "String"}, {"t", "String"}});
  std::string text;
  for (int i = 0; text.size() < 3000000; ++i) text += "word " + std::to_string(i) + ' ';
  const std::string document = "{\"s\":\"" + text + "\",\"t\":\"" + text + "\\n\"}";
  const Decoded decoded = decoding.decode({document, document});
  ASSERT_EQ(decoded.rows.size(), 2u);
  EXPECT_EQ(decoded.rows[1], "'" + text + "'|'" + text + "\n'");
}

TEST(Documents, aRejectSaysColumnValueAndType) {
  Decoding decoding(Wanted{"p", "Array(Tuple(x Int8, m Map(String, Date)))", "deep.p"});
  const Decoded decoded = decoding.decode(
      {R"({"deep":{"p":[{"x":1},{"x":300}]}})", R"({"deep":{"p":[{"m":{"k":"2024-02-30"}}]}})"});
  ASSERT_EQ(decoded.rejects.size(), 2u);
  EXPECT_EQ(decoded.rejects[0].column, "p[1].x");
  EXPECT_EQ(decoded.rejects[0].text, "300 is out of range: p[1].x wants Int8");
  EXPECT_EQ(decoded.rejects[0].offset, 27);
  EXPECT_EQ(decoded.rejects[1].column, "p[0].m{}");
  EXPECT_NE(decoded.rejects[1].text.find("\"2024-02-30\""), std::string::npos);
}

TEST(Documents, aRejectShortensTheValue) {
  Decoding decoding(Wanted{"a", "UInt8"});
  const Decoded decoded = decoding.decode({"{\"a\":\"" + std::string(100000, 'x') + "\"}"});
  ASSERT_EQ(decoded.rejects.size(), 1u);
  EXPECT_LT(decoded.rejects[0].text.size(), 200u);
}

}  // namespace
}  // namespace json::test
