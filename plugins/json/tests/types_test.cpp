// SPDX-License-Identifier: Apache-2.0
// One value a case: what each type takes, at its boundaries, and what it refuses.
#include <gtest/gtest.h>

#include "decoding.hpp"

namespace json::test {
namespace {

struct Case {
  const char* type;
  const char* value;   // as it stands in the document
  const char* wanted;  // the value as render has it, or the code of the reject
};

class Types : public testing::TestWithParam<Case> {};

TEST_P(Types, takesOrRefuses) {
  const Case& c = GetParam();
  Decoding decoding(std::vector<Wanted>{{"a", "UInt8"}, {"v", c.type}, {"z", "String"}});
  const std::string good = R"({"a":1,"z":"x"})";
  const std::string document = std::string(R"({"a":2,"v":)") + c.value + R"(,"z":"y"})";
  const Decoded decoded = decoding.decode({good, document, good});
  const std::string got = decoded.rejects.empty() ? decoded.rows.at(1) : decoded.code();
  if (decoded.rejects.empty()) {
    EXPECT_EQ(got, "2|" + std::string(c.wanted) + "|'y'");
  } else {
    EXPECT_EQ(got, c.wanted) << decoded.rejects[0].text;
    EXPECT_EQ(decoded.rejects[0].record, 1u);
    EXPECT_EQ(decoded.record_of, (std::vector<uint32_t>{0, 2}));
  }
  EXPECT_EQ(decoded.rows.front(), "1|NULL|'x'");
  EXPECT_EQ(decoded.rows.back(), "1|NULL|'x'");
}

const Case kIntegers[] = {
    {"Int8", "-128", "-128"},
    {"Int8", "127", "127"},
    {"Int8", "128", "INT_OUT_OF_RANGE"},
    {"Int8", "-129", "INT_OUT_OF_RANGE"},
    {"UInt8", "255", "255"},
    {"UInt8", "256", "INT_OUT_OF_RANGE"},
    {"UInt8", "-1", "INT_OUT_OF_RANGE"},
    {"UInt8", "-0", "INT_OUT_OF_RANGE"},
    {"Int16", "-32768", "-32768"},
    {"Int16", "32768", "INT_OUT_OF_RANGE"},
    {"UInt16", "65535", "65535"},
    {"UInt16", "65536", "INT_OUT_OF_RANGE"},
    {"Int32", "2147483647", "2147483647"},
    {"Int32", "-2147483648", "-2147483648"},
    {"Int32", "2147483648", "INT_OUT_OF_RANGE"},
    {"UInt32", "4294967295", "4294967295"},
    {"UInt32", "4294967296", "INT_OUT_OF_RANGE"},
    {"Int64", "9223372036854775807", "9223372036854775807"},
    {"Int64", "-9223372036854775808", "-9223372036854775808"},
    {"Int64", "9223372036854775808", "INT_OUT_OF_RANGE"},
    {"Int64", "-9223372036854775809", "INT_OUT_OF_RANGE"},
    {"UInt64", "18446744073709551615", "18446744073709551615"},
    {"UInt64", "18446744073709551616", "INT_OUT_OF_RANGE"},
    {"UInt64", "184467440737095516150", "INT_OUT_OF_RANGE"},
    {"UInt64", "99999999999999999999999999999999", "INT_OUT_OF_RANGE"},
    {"UInt64", "1234567890123456", "1234567890123456"},
    {"UInt64", "12345678", "12345678"},
    {"UInt64", "123456789", "123456789"},
    {"Int32", "1.0", "NOT_AN_INTEGER"},
    {"Int32", "1e2", "NOT_AN_INTEGER"},
    {"Int32", "12345678901234567.5", "INT_OUT_OF_RANGE"},
    {"Int32", "01", "JSON_SYNTAX"},
    {"Int32", "+1", "JSON_SYNTAX"},
    {"Int32", "-", "JSON_SYNTAX"},
    {"Int32", "1.", "JSON_SYNTAX"},
    {"Int32", ".5", "JSON_SYNTAX"},
    {"Int32", "0x10", "JSON_SYNTAX"},
    {"Int32", "\"42\"", "42"},
    {"Int32", "\"-42\"", "-42"},
    {"Int32", "\"+007\"", "7"},
    {"Int32", "\"4\\u0032\"", "NOT_A_NUMBER"},
    {"Int32", "\"\"", "NOT_A_NUMBER"},
    {"Int32", "\"4 2\"", "NOT_A_NUMBER"},
    {"Int32", "\"abc\"", "NOT_A_NUMBER"},
    {"Int32", "\"1.5\"", "NOT_AN_INTEGER"},
    {"Int32", "true", "1"},
    {"Int32", "null", "NULL"},
    {"Int32", "{}", "WRONG_KIND"},
    {"Int32", "[1]", "WRONG_KIND"},
};

const Case kFloats[] = {
    {"Float64", "0.1", "0.1"},
    {"Float64", "-0", "-0"},
    {"Float64", "-0.0", "-0"},
    {"Float64", "2.53", "2.53"},
    {"Float64", "433.68", "433.68"},
    {"Float64", "9007199254740993", "9007199254740992"},
    {"Float64", "1.7976931348623157e308", "1.7976931348623157e+308"},
    {"Float64", "1e400", "FLOAT_OUT_OF_RANGE"},
    {"Float64", "-1e400", "FLOAT_OUT_OF_RANGE"},
    {"Float64", "1e-400", "0"},
    {"Float64", "5e-324", "5e-324"},
    {"Float64", "123456789012345678901234567890", "1.2345678901234568e+29"},
    {"Float64", "0.30000000000000004", "0.30000000000000004"},
    {"Float64", "1E2", "100"},
    {"Float64", "1e+2", "100"},
    {"Float64", "1e", "JSON_SYNTAX"},
    {"Float64", "1.e5", "JSON_SYNTAX"},
    {"Float64", "NaN", "JSON_SYNTAX"},
    {"Float64", "\"nan\"", "nan"},
    {"Float64", "\"-inf\"", "-inf"},
    {"Float64", "\"Infinity\"", "inf"},
    {"Float64", "\"1.5\"", "1.5"},
    {"Float64", "\"1.5x\"", "NOT_A_NUMBER"},
    {"Float64", "true", "1"},
    {"Float32", "0.1", "0.1"},
    {"Float32", "16777217", "16777216"},
    {"Float32", "3.4028235e38", "3.4028235e+38"},
    {"Float32", "3.5e38", "FLOAT_OUT_OF_RANGE"},
};

const Case kDecimals[] = {
    {"Decimal(9, 2)", "1.23", "1.23"},
    {"Decimal(9, 2)", "-1.2", "-1.20"},
    {"Decimal(9, 2)", "1.239", "1.23"},
    {"Decimal(9, 2)", "-1.239", "-1.23"},
    {"Decimal(9, 2)", "9999999.99", "9999999.99"},
    {"Decimal(9, 2)", "10000000", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(9, 2)", "1e3", "1000.00"},
    {"Decimal(9, 2)", "1e7", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(9, 2)", "12345e-3", "12.34"},
    {"Decimal(9, 2)", "1e-999999999999", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(9, 2)", "0e999999999999", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(9, 2)", "\"1.5\"", "1.50"},
    {"Decimal(9, 2)", "\"x\"", "NOT_A_NUMBER"},
    {"Decimal(9, 9)", "0.123456789", "0.123456789"},
    {"Decimal(9, 9)", "1", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(18, 4)", "12345678901234.5678", "12345678901234.5678"},
    {"Decimal(18, 18)", "0.123456789012345678", "0.123456789012345678"},
    {"Decimal(38, 10)", "1234567890123456789012345678.0123456789",
     "1234567890123456789012345678.0123456789"},
    {"Decimal(38, 10)", "12345678901234567890123456789", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(38, 10)", "-1.5", "-1.5000000000"},
    {"Decimal(76, 2)",
     "-99999999999999999999999999999999999999999999999999999999999999999999999999.99",
     "-99999999999999999999999999999999999999999999999999999999999999999999999999.99"},
    {"Decimal(76, 0)", "12345678901234567890", "12345678901234567890"},
};

const Case kWideIntegers[] = {
    {"Int128", "-1", "ffffffffffffffffffffffffffffffff"},
    {"Int128", "170141183460469231731687303715884105727", "ffffffffffffffffffffffffffffff7f"},
    {"Int128", "170141183460469231731687303715884105728", "INT_OUT_OF_RANGE"},
    {"Int128", "-170141183460469231731687303715884105728", "00000000000000000000000000000080"},
    {"Int128", "-170141183460469231731687303715884105729", "INT_OUT_OF_RANGE"},
    {"UInt128", "340282366920938463463374607431768211455", "ffffffffffffffffffffffffffffffff"},
    {"UInt128", "340282366920938463463374607431768211456", "INT_OUT_OF_RANGE"},
    {"UInt128", "-1", "INT_OUT_OF_RANGE"},
    {"UInt128", "-0", "INT_OUT_OF_RANGE"},
    {"Int256", "57896044618658097711785492504343953926634992332820282019728792003956564819967",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
    {"Int256", "57896044618658097711785492504343953926634992332820282019728792003956564819968",
     "INT_OUT_OF_RANGE"},
    {"Int256", "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
     "0000000000000000000000000000000000000000000000000000000000000080"},
    {"UInt256", "115792089237316195423570985008687907853269984665640564039457584007913129639935",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {"UInt256", "115792089237316195423570985008687907853269984665640564039457584007913129639936",
     "INT_OUT_OF_RANGE"},
    {"UInt128", R"("258")", "02010000000000000000000000000000"},
    {"UInt128", "true", "01000000000000000000000000000000"},
    {"UInt128", "1.0", "NOT_AN_INTEGER"},
    {"UInt128", "1e3", "NOT_AN_INTEGER"},
    {"UInt128", "01", "JSON_SYNTAX"},
    {"UInt128", R"("x")", "NOT_A_NUMBER"},
    {"UInt128", "[1]", "WRONG_KIND"},
    {"Nullable(UInt128)", "null", "NULL"},
    {"IntervalDay", "-9223372036854775808", "-9223372036854775808"},
    {"IntervalDay", R"("7")", "7"},
    {"IntervalDay", "9223372036854775808", "INT_OUT_OF_RANGE"},
    {"IntervalDay", "1.5", "NOT_AN_INTEGER"},
};

// BFloat16 is the upper half of the Float32 that was read, little-endian.
const Case kBFloats[] = {
    {"BFloat16", "1", "803f"},        {"BFloat16", "0.1", "cc3d"},
    {"BFloat16", "-0", "0080"},       {"BFloat16", "3.4e38", "7f7f"},
    {"BFloat16", R"("1.5")", "c03f"}, {"BFloat16", R"("-inf")", "80ff"},
    {"BFloat16", "true", "803f"},     {"BFloat16", "1e39", "FLOAT_OUT_OF_RANGE"},
    {"BFloat16", "1e-60", "0000"},    {"BFloat16", R"("x")", "NOT_A_NUMBER"},
};

const Case kTimes[] = {
    {"Time", R"("12:34:56")", "45296"},
    {"Time", R"("999:59:59")", "3599999"},
    {"Time", R"("-999:59:59")", "-3599999"},
    {"Time", R"("99:99")", "6039"},
    {"Time", R"("1:02")", "62"},
    {"Time", R"("7")", "7"},
    {"Time", R"("-00:00:01")", "-1"},
    {"Time", "-3599999", "-3599999"},
    {"Time", "3600000", "TIME_OUT_OF_RANGE"},
    {"Time", R"("999:99:99")", "TIME_OUT_OF_RANGE"},
    {"Time", R"("100")", "TIME_SYNTAX"},
    {"Time", R"("100:00")", "TIME_SYNTAX"},
    {"Time", R"("0012:00:00")", "TIME_SYNTAX"},
    {"Time", R"("12:34:5")", "TIME_SYNTAX"},
    {"Time", R"("12:34:56.5")", "TIME_SYNTAX"},
    {"Time", R"("12:")", "TIME_SYNTAX"},
    {"Time", R"("+1")", "TIME_SYNTAX"},
    {"Time", R"("")", "TIME_SYNTAX"},
    {"Time", "1.5", "NOT_AN_INTEGER"},
    {"Time", "true", "WRONG_KIND"},
    {"Time64(3)", R"("12:34:56.7899")", "45296789"},
    {"Time64(3)", R"("12:34:56.")", "45296000"},
    {"Time64(3)", R"("-1.5")", "-1500"},
    {"Time64(3)", R"("12:34.5")", "754500"},
    {"Time64(3)", R"("-.5")", "-500"},
    {"Time64(3)", R"("1.00000000000000000000000000000000000000000000000001")", "1000"},
    {"Time64(3)", R"(".5")", "TIME_SYNTAX"},
    {"Time64(3)", "-3599999999", "-3599999999"},
    {"Time64(3)", "3600000000", "TIME_OUT_OF_RANGE"},
    {"Time64(3)", R"("123.5")", "TIME_SYNTAX"},
    {"Time64(3)", R"("12:34:56.5Z")", "TIME_SYNTAX"},
    {"Time64(0)", R"("1.9")", "1"},
    {"Time64(9)", R"("999:59:59.999999999")", "3599999999999999"},
};

const Case kGeometries[] = {
    {"Point", "[1,2.5]", "(1,2.5)"},           {"Point", "[1]", "TUPLE_SIZE"},
    {"Point", "[1,2,3]", "TUPLE_SIZE"},        {"Point", R"-("(1,2)")-", "WRONG_KIND"},
    {"Ring", "[[1,2],null]", "[(1,2),(0,0)]"}, {"MultiPolygon", "[[[[1,2]]],[]]", "[[[(1,2)]],[]]"},
};

const Case kJsonTexts[] = {
    {"JSON", R"({ "a" : [1, null] })", R"('{ "a" : [1, null] }')"},
    {"JSON", "[1]", "WRONG_KIND"},
    {"JSON", "1", "WRONG_KIND"},
    {"JSON", "1.5", "WRONG_KIND"},
    {"JSON", "true", "WRONG_KIND"},
    {"JSON", R"("{}")", "WRONG_KIND"},
    {"JSON", R"({"a":01})", "JSON_SYNTAX"},
    {"Array(JSON)", R"([{"a":1},null])", R"(['{"a":1}','{}'])"},
    {"Dynamic", R"("a\u0041\"")", R"('"a\u0041\""')"},
    {"Dynamic", "1e400", "'1e400'"},
    {"Dynamic", "-0", "'-0'"},
    {"Dynamic", "false", "'false'"},
    {"Dynamic", R"([ 1, {"a":null} ])", R"('[ 1, {"a":null} ]')"},
    {"Dynamic", "null", "NULL"},
    {"Dynamic", R"("a\x")", "JSON_STRING"},
    {"Array(Variant(UInt8, String))", R"([1,null,"x"])", R"(['1','','"x"'])"},
};

const Case kTexts[] = {
    {"String", R"("")", "''"},
    {"String", R"("a b")", "'a b'"},
    {"String", R"("tab\t\"quoted\" \\ \/ \u00e9 \ud83d\ude00")",
     "'tab\t\"quoted\" \\ / \u00e9 \U0001F600'"},
    {"String", "\"gr\u00fc\u00dfe, \U0001F600 and more than sixteen bytes\"",
     "'gr\u00fc\u00dfe, \U0001F600 and more than sixteen bytes'"},
    {"String", "12.50", "'12.50'"},
    {"String", "1e400", "'1e400'"},
    {"String", "true", "'true'"},
    {"String", R"({"a": [1, "x"]})", R"('{"a": [1, "x"]}')"},
    {"String", "[1, {}]", "'[1, {}]'"},
    {"String", "null", "NULL"},
    {"JSON", R"({"k":{"n":1}})", R"('{"k":{"n":1}}')"},
    {"LowCardinality(String)", R"("x")", "'x'"},
    {"LowCardinality(Nullable(String))", "null", "NULL"},
    {"FixedString(3)", R"("abc")", "'abc'"},
    {"FixedString(3)", R"("abcd")", "TEXT_TOO_LONG"},
    {"FixedString(2)", "12", "WRONG_KIND"},
    {"Bool", "true", "true"},
    {"Bool", "false", "false"},
    {"Bool", "0", "false"},
    {"Bool", "1", "true"},
    {"Bool", "2", "NOT_A_BOOL"},
    {"Bool", "\"true\"", "NOT_A_BOOL"},
    {"Bool", "-0", "NOT_A_BOOL"},
    {"Bool", "\"yes\"", "NOT_A_BOOL"},
    {"FixedString(4)", "true", "WRONG_KIND"},
    {"FixedString(4)", "[]", "WRONG_KIND"},
    {"Date", "true", "1"},
    {"Date32", "false", "0"},
    {"Date", "-0", "DATE_OUT_OF_RANGE"},
    {"Date", R"("2024/2.9")", "19762"},
    {"Date", R"("20242.9")", "DATE_SYNTAX"},
    {"Date32", "-25568", "-25568"},
    {"Date32", "2932897", "DATE_OUT_OF_RANGE"},
    {"Int32", R"("true")", "1"},
    {"Int32", R"("+-1")", "NOT_A_NUMBER"},
    {"Int32", R"("")", "NOT_A_NUMBER"},
    {"Float64", R"(".5")", "0.5"},
    {"Float64", R"("-.5")", "-0.5"},
    {"Float64", R"("5.")", "5"},
    {"Float64", R"(".")", "NOT_A_NUMBER"},
    {"Float64", R"("5..")", "NOT_A_NUMBER"},
    {"Decimal(9, 2)", R"("1e-1")", "0.10"},
    {"Decimal(9, 2)", R"("-123.456")", "-123.45"},
    {"Decimal(1, 0)", "0.07e2", "DECIMAL_OUT_OF_RANGE"},
    {"Decimal(1, 0)", "0.07e1", "0"},
    {"Decimal(9, 2)", R"("+.5")", "0.50"},
    {"Decimal(9, 2)", R"("007.")", "7.00"},
    {"Decimal(9, 2)", R"("true")", "NOT_A_NUMBER"},
    {"Enum8('zero' = 0, 'low' = -1)", "null", "0"},
    {"Enum8('a' = 1)", R"("+1")", "1"},
    {"IPv4", R"("1.2.3.0004")", "16909060"},
    {"IPv6", R"("1.2.3.04")", "00000000000000000000ffff01020304"},
    {"IPv6", R"("01.2.3.4")", "IP_SYNTAX"},
    {"Bool", "truth", "JSON_SYNTAX"},
    {"Bool", "True", "JSON_SYNTAX"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", R"("a")", "-1"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", R"("7")", "3"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", R"("-1")", "-1"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", "0", "0"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", "7", "ENUM_UNKNOWN"},
    {"Enum8('a' = -1, 'b' = 0, '7' = 3)", R"("c")", "ENUM_UNKNOWN"},
    {"Enum16('x' = 1000)", R"("x")", "1000"},
    {"Enum16('x' = 1000)", "null", "ENUM_NULL"},
    {"UUID", R"("61f0c404-5cb3-11e7-907b-a6006ad3dba0")", "61f0c4045cb311e7907ba6006ad3dba0"},
    {"UUID", R"("61F0C4045CB311E7907BA6006AD3DBA0")", "61f0c4045cb311e7907ba6006ad3dba0"},
    {"UUID", R"("61f0c404-5cb3-11e7-907b-a6006ad3dba")", "UUID_SYNTAX"},
    {"UUID", R"("61f0c404-5cb3-11e7-907b-a6006ad3dbag")", "UUID_SYNTAX"},
    {"UUID", "1", "WRONG_KIND"},
    {"IPv4", R"("1.2.3.4")", "16909060"},
    {"IPv4", R"("255.255.255.255")", "4294967295"},
    {"IPv4", R"("1.2.3.256")", "IP_SYNTAX"},
    {"IPv4", R"("1.2.3")", "IP_SYNTAX"},
    {"IPv6", R"("2001:db8::1")", "20010db8000000000000000000000001"},
    {"IPv6", R"("1.2.3.4")", "00000000000000000000ffff01020304"},
    {"IPv6", R"(":::")", "IP_SYNTAX"},
};

const Case kDates[] = {
    {"Date", R"("1970-01-01")", "0"},
    {"Date", R"("2149-06-06")", "65535"},
    {"Date", R"("2149-06-07")", "DATE_OUT_OF_RANGE"},
    {"Date", R"("1969-12-31")", "DATE_OUT_OF_RANGE"},
    {"Date", R"("2024-02-29")", "19782"},
    {"Date", R"("2023-02-29")", "DATE_SYNTAX"},
    {"Date", R"("20240229")", "19782"},
    {"Date", R"("2024-2-29")", "19782"},
    {"Date", R"("2024\u002d02-29")", "DATE_SYNTAX"},
    {"Date", "19782", "19782"},
    {"Date", "65536", "DATE_OUT_OF_RANGE"},
    {"Date32", R"("1900-01-01")", "-25567"},
    {"Date32", R"("1899-12-31")", "DATE_OUT_OF_RANGE"},
    {"Date32", R"("2299-12-31")", "120529"},
    {"Date32", R"("2300-01-01")", "DATE_OUT_OF_RANGE"},
    {"DateTime", R"("2106-02-07 06:28:15")", "4294967295"},
    {"DateTime", R"("2106-02-07 06:28:16")", "DATE_OUT_OF_RANGE"},
    {"DateTime", R"("1970-01-01T00:00:00Z")", "0"},
    {"DateTime", R"("2024-01-01")", "1704067200"},
    {"DateTime", R"("2024-01-01 10:20")", "1704104400"},
    {"DateTime", R"("2024-01-01 00:00:00+02:00")", "1704060000"},
    {"DateTime", R"("2024-01-01T00:00:00-0130")", "1704072600"},
    {"DateTime", R"("2024-01-01T24:00:00Z")", "1704153600"},
    {"DateTime", R"("2024-01-01T00:00:60Z")", "1704067260"},
    {"DateTime", R"("2024-13-01T00:00:00Z")", "DATE_SYNTAX"},
    {"DateTime", R"("now")", "DATE_SYNTAX"},
    {"DateTime", "1704067200", "1704067200"},
    {"DateTime", "\"1704067200\"", "1704067200"},
    {"DateTime", "-1", "DATE_OUT_OF_RANGE"},
    {"DateTime('Europe/Berlin')", R"("2024-07-01 12:00:00")", "1719828000"},
    {"DateTime('Europe/Berlin')", R"("2024-01-01 12:00:00")", "1704106800"},
    {"DateTime('Europe/Berlin')", R"("2024-07-01 12:00:00Z")", "1719835200"},
    {"DateTime('Europe/Berlin')", R"("2090-07-01 12:00:00")", "3802586400"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01T00:00:00.123Z")", "1767225600123"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01T00:00:00.1239999999999Z")", "1767225600123"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01 00:00:00")", "1767225600000"},
    {"DateTime64(3, 'UTC')", R"("1969-12-31 23:59:59.999")", "-1"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01T00:00:00.")", "1767225600000"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01X00:00:00")", "DATE_SYNTAX"},
    {"DateTime64(3, 'UTC')", R"("2026-01-01T00:00:00.123Zjunk")", "DATE_SYNTAX"},
    {"DateTime64(3, 'UTC')", R"("2299-12-31 23:59:59.999")", "10413791999999"},
    {"DateTime64(3, 'UTC')", R"("2300-01-01 00:00:00")", "10413792000000"},
    {"DateTime64(3, 'UTC')", R"("1899-12-31 23:59:59")", "-2208988801000"},
    {"DateTime64(9)", R"("2262-04-11 23:47:16.854775807")", "9223372036854775807"},
    {"DateTime64(9)", R"("2262-04-11 23:47:16.854775808")", "DATE_OUT_OF_RANGE"},
    {"DateTime64(0)", R"("1970-01-01 00:00:01.9")", "1"},
    {"DateTime64(5)", R"("1970-01-01 00:00:00.12345")", "12345"},
    {"DateTime64(3)", "1700000000123", "1700000000123"},
    {"DateTime64(3)", "1.5", "NOT_AN_INTEGER"},
    {"DateTime64(3)", R"("1700000000.5")", "1700000000500"},
};

const Case kContainers[] = {
    {"Array(UInt8)", "[]", "[]"},
    {"Array(UInt8)", "[1, 2 ,3]", "[1,2,3]"},
    {"Array(UInt8)", "[1,null]", "[1,0]"},
    {"Array(Nullable(UInt8))", "[1,null]", "[1,NULL]"},
    {"Array(UInt8)", "[1,256]", "INT_OUT_OF_RANGE"},
    {"Array(UInt8)", "[1,]", "JSON_SYNTAX"},
    {"Array(UInt8)", "[1 2]", "JSON_SYNTAX"},
    {"Array(UInt8)", "{}", "WRONG_KIND"},
    {"Array(UInt8)", "\"[1]\"", "WRONG_KIND"},
    {"Array(UInt8)", "null", "NULL"},
    {"Array(Array(String))", R"([["a","b"],[],["c"]])", "[['a','b'],[],['c']]"},
    {"Array(Array(UInt8))", "[null,[1]]", "[[],[1]]"},
    {"Array(Enum8('a' = 1))", "[null]", "ENUM_NULL"},
    {"Map(String, UInt8)", R"({"a":1,"b":2,"a":3})", "{'a':1,'b':2,'a':3}"},
    {"Map(String, UInt8)", "{}", "{}"},
    {"Map(UInt16, String)", R"({"7":"x"})", "{7:'x'}"},
    {"Map(UInt16, String)", R"({"x":"x"})", "NOT_A_NUMBER"},
    {"Map(String, Array(Nullable(Float64)))", R"({"k\u0041":[1.5,null]})", "{'kA':[1.5,NULL]}"},
    {"Map(String, UInt8)", "[1]", "WRONG_KIND"},
    {"Map(String, UInt8)", R"({"a":})", "JSON_SYNTAX"},
    {"Tuple(a UInt8, b String)", R"({"b":"x","a":1})", "(1,'x')"},
    {"Tuple(a UInt8, b String)", R"({"b":"x"})", "(0,'x')"},
    {"Tuple(a UInt8, b Nullable(String))", R"({"a":1,"c":[{}]})", "(1,NULL)"},
    {"Tuple(a UInt8, b String)", R"({"a":1,"a":2})", "JSON_DUPLICATE_KEY"},
    {"Tuple(a UInt8, b String)", R"([1,"x"])", "WRONG_KIND"},
    {"Tuple(a Enum8('x' = 1))", "{}", "ENUM_NULL"},
    {"Tuple(UInt8, String)", R"([1,"x"])", "(1,'x')"},
    {"Tuple(UInt8, String)", "[1]", "TUPLE_SIZE"},
    {"Tuple(UInt8, String)", R"([1,"x",2])", "TUPLE_SIZE"},
    {"Tuple(UInt8, String)", "[]", "TUPLE_SIZE"},
    {"Tuple()", "[]", "()"},
    {"Tuple()", "[ 1]", "TUPLE_SIZE"},
    {"Tuple()", R"([["x"]])", "TUPLE_SIZE"},
    {"Array(Tuple(k String, v Map(String, Array(Tuple(UInt8, Decimal(9, 1))))))",
     R"([{"k":"a","v":{"x":[[1,2.5]]}},{"v":{}}])", "[('a',{'x':[(1,2.5)]}),('',{})]"},
    {"Nested(a UInt8, b String)", R"([{"a":1,"b":"x"}])", "[(1,'x')]"},
    {"SimpleAggregateFunction(sum, UInt64)", "5", "5"},
};

INSTANTIATE_TEST_SUITE_P(Integers, Types, testing::ValuesIn(kIntegers));
INSTANTIATE_TEST_SUITE_P(Floats, Types, testing::ValuesIn(kFloats));
INSTANTIATE_TEST_SUITE_P(Decimals, Types, testing::ValuesIn(kDecimals));
INSTANTIATE_TEST_SUITE_P(WideIntegers, Types, testing::ValuesIn(kWideIntegers));
INSTANTIATE_TEST_SUITE_P(BFloats, Types, testing::ValuesIn(kBFloats));
INSTANTIATE_TEST_SUITE_P(Times, Types, testing::ValuesIn(kTimes));
INSTANTIATE_TEST_SUITE_P(Geometries, Types, testing::ValuesIn(kGeometries));
INSTANTIATE_TEST_SUITE_P(JsonTexts, Types, testing::ValuesIn(kJsonTexts));
INSTANTIATE_TEST_SUITE_P(Texts, Types, testing::ValuesIn(kTexts));
INSTANTIATE_TEST_SUITE_P(Dates, Types, testing::ValuesIn(kDates));
INSTANTIATE_TEST_SUITE_P(Containers, Types, testing::ValuesIn(kContainers));

TEST(Types, timesAreReadAsTheOptionSays) {
  const struct {
    const char *value, *basic, *best_effort, *best_effort_us;
  } cases[] = {
      {R"("2024-01-02 03:04:05")", "1704164645000", "1704164645000", "1704164645000"},
      {R"("2024-01-02T03:04:05.678")", "1704164645678", "1704164645678", "1704164645678"},
      {R"("2024-01-02T03:04:05Z")", "DATE_SYNTAX", "1704164645000", "1704164645000"},
      {R"("01/02/2024")", "DATE_SYNTAX", "1706745600000", "1704153600000"},
      {R"("20240102")", "20240102000", "1704153600000", "1704153600000"},
      {R"("9999-12-31 23:59:59")", "253402300799000", "253402300799000", "253402300799000"},
      {"1704164645678", "1704164645678", "1704164645678", "1704164645678"},
  };
  using cphost::columns::DateTimeInput;
  for (const DateTimeInput input :
       {DateTimeInput::kBasic, DateTimeInput::kBestEffort, DateTimeInput::kBestEffortUs}) {
    Settings settings;
    settings.date_time_input = input;
    Decoding decoding(Wanted{"v", "Array(DateTime64(3))"}, settings);
    for (const auto& c : cases) {
      const Decoded decoded = decoding.decode({R"({"v":[)" + std::string(c.value) + "]}"});
      const std::string wanted = input == DateTimeInput::kBasic        ? c.basic
                                 : input == DateTimeInput::kBestEffort ? c.best_effort
                                                                       : c.best_effort_us;
      const std::string got = decoded.rejects.empty() ? decoded.rows.at(0) : decoded.code();
      EXPECT_EQ(got, decoded.rejects.empty() ? "[" + wanted + "]" : wanted) << c.value;
    }
  }
}

TEST(Types, fixedStringIsPaddedWithZeros) {
  Decoding decoding(Wanted{"v", "FixedString(3)"});
  EXPECT_EQ(decoding.decode({R"({"v":"a"})"}).rows[0], std::string("'a\0\0'", 5));
}

TEST(Types, everyTypeIsNullWhereAbsent) {
  for (const char* type :
       {"Int8", "Float64", "Bool", "String", "FixedString(2)", "Decimal(38, 3)", "Date",
        "DateTime64(3)", "Nullable(Enum8('a' = 1))", "UUID", "IPv6", "Array(UInt8)",
        "Map(String, String)", "Tuple(a UInt8)", "Tuple(Array(Enum8('a' = 1)))"}) {
    Decoding decoding(Wanted{"v", type});
    EXPECT_EQ(decoding.decode({"{}", R"({"v":null})"}).rows,
              (std::vector<std::string>{"NULL", "NULL"}))
        << type;
  }
}

TEST(Types, aggregateStatesAreRefusedWithAHint) {
  try {
    Decoding decoding(Wanted{"v", "AggregateFunction(sum, UInt64)"});
    FAIL();
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::config);
    EXPECT_NE(std::string(error.what()).find("materialized view"), std::string::npos)
        << error.what();
  }
}

}  // namespace
}  // namespace json::test
