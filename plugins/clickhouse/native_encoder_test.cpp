// SPDX-License-Identifier: Apache-2.0
// Golden bytes: written down from ClickHouse's specification of the format Native, not from this
// encoder.
#include "native_encoder.hpp"

#include <gtest/gtest.h>

#include <array>

#include "arrow_test_rows.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using Uuid = std::array<uint8_t, 16>;

std::string hex(std::string_view bytes) {
  std::string out;
  char two[3];
  for (const char c : bytes) {
    std::snprintf(two, sizeof two, "%02x", static_cast<unsigned char>(c));
    out += two;
  }
  return out;
}

std::string joined(const Segments& segments) {
  std::string out;
  for (const Segment& s : segments) out.append(reinterpret_cast<const char*>(s.data), s.size);
  return out;
}

// "1 column, n rows, name c, type" and then the data.
std::string block_of(const std::string& type, size_t rows, const std::string& data_hex) {
  std::string head = {1, static_cast<char>(rows), 1, 'c', static_cast<char>(type.size())};
  return hex(head + type) + data_hex;
}

struct Encoded {
  std::string bytes;
  std::vector<RowFault> faults;
};

// Encodes one column that the rows carry as `source` into a target of type `target`.
Encoded encode(const std::string& source, const std::string& target, A::Pointer column,
               const std::vector<std::pair<int64_t, int64_t>>& slices = {},
               const std::string& default_kind = "") {
  TestRows rows;
  rows.add("c", source, std::move(column));
  rows.finish();
  NativeEncoder encoder(rows.schema(), {{"c", target, default_kind, ""}});
  const std::string bytes = hex(joined(encoder.encode(rows.block(slices))));
  return {bytes, encoder.faults()};
}

std::string encode(const std::string& type, A::Pointer column,
                   const std::vector<std::pair<int64_t, int64_t>>& slices = {}) {
  return encode(type, type, std::move(column), slices).bytes;
}

TEST(NativeEncoder, FixedWidthColumnsAreLittleEndian) {
  EXPECT_EQ(encode("UInt8", A::fixed<uint8_t>({1, 255})), block_of("UInt8", 2, "01ff"));
  EXPECT_EQ(encode("Int16", A::fixed<int16_t>({-2, 258})), block_of("Int16", 2, "feff0201"));
  EXPECT_EQ(encode("Int32", A::fixed<int32_t>({-1})), block_of("Int32", 1, "ffffffff"));
  EXPECT_EQ(encode("UInt64", A::fixed<uint64_t>({1})), block_of("UInt64", 1, "0100000000000000"));
  EXPECT_EQ(encode("Float64", A::fixed<double>({1.0})), block_of("Float64", 1, "000000000000f03f"));
  EXPECT_EQ(encode("Float32", A::fixed<float>({-2.0f})), block_of("Float32", 1, "000000c0"));
  EXPECT_EQ(encode("Date", A::fixed<uint16_t>({19723})), block_of("Date", 1, "0b4d"));
  EXPECT_EQ(encode("Date32", A::fixed<int32_t>({-1})), block_of("Date32", 1, "ffffffff"));
  EXPECT_EQ(encode("DateTime", A::fixed<uint32_t>({1})), block_of("DateTime", 1, "01000000"));
  EXPECT_EQ(encode("DateTime64(3, 'UTC')", A::fixed<int64_t>({-1})),
            block_of("DateTime64(3, 'UTC')", 1, "ffffffffffffffff"));
  EXPECT_EQ(encode("DateTime64(1)", A::fixed<int64_t>({2})),
            block_of("DateTime64(1)", 1, "0200000000000000"));
  EXPECT_EQ(encode("Decimal(9, 2)", A::fixed<int32_t>({-100})),
            block_of("Decimal(9, 2)", 1, "9cffffff"));
  EXPECT_EQ(encode("Decimal(18, 2)", A::fixed<int64_t>({100})),
            block_of("Decimal(18, 2)", 1, "6400000000000000"));
  EXPECT_EQ(encode("Enum8('a' = 1, 'b\\'c' = -2)", A::fixed<int8_t>({1, -2})),
            block_of("Enum8('a' = 1, 'b\\'c' = -2)", 2, "01fe"));
  EXPECT_EQ(encode("IPv4", A::fixed<uint32_t>({0x7f000001})), block_of("IPv4", 1, "0100007f"));
  EXPECT_EQ(encode("FixedString(2)", A::fixed<std::array<char, 2>>({{{'a', 'b'}}, {{'c', 'd'}}})),
            block_of("FixedString(2)", 2, "61626364"));
}

TEST(NativeEncoder, UuidIsTwoSwappedWordsAndIpv6IsNot) {
  const Uuid text = {0x61, 0xf0, 0xc4, 0x04, 0x5c, 0xb3, 0x11, 0xe7,
                     0x90, 0x7b, 0xa6, 0x00, 0x6a, 0xd3, 0xdb, 0xa0};
  EXPECT_EQ(encode("UUID", A::fixed<Uuid>({text})),
            block_of("UUID", 1, "e711b35c04c4f061a0dbd36a00a67b90"));
  EXPECT_EQ(encode("IPv6", A::fixed<Uuid>({text})),
            block_of("IPv6", 1, "61f0c4045cb311e7907ba6006ad3dba0"));
}

TEST(NativeEncoder, BoolIsAByteAtAnyOffset) {
  std::vector<std::optional<bool>> values;
  for (int i = 0; i < 21; ++i) values.push_back(i % 3 == 0);
  std::string expected;
  for (int i = 5; i < 19; ++i) expected += i % 3 == 0 ? "01" : "00";
  EXPECT_EQ(encode("Bool", A::bits(values), {{5, 14}}), block_of("Bool", 14, expected));
}

TEST(NativeEncoder, StringIsLengthAndBytes) {
  const std::string long_one(200, 'x');
  EXPECT_EQ(encode("String", A::strings({"", "ab", std::string("\0\n", 2), long_one})),
            block_of("String", 4,
                     "00"
                     "026162"
                     "02000a"
                     "c801" +
                         hex(long_one)));
}

TEST(NativeEncoder, LowCardinalityTravelsPlain) {
  EXPECT_EQ(encode("LowCardinality(String)", A::strings({"a"})), block_of("String", 1, "0161"));
  EXPECT_EQ(encode("LowCardinality(Nullable(String))", A::strings({A::kNull, "a"})),
            block_of("Nullable(String)", 2,
                     "0100"
                     "000161"));
  EXPECT_EQ(encode("Array(LowCardinality(String))", A::lists({1}, A::strings({"a"}))),
            block_of("Array(String)", 1,
                     "0100000000000000"
                     "0161"));
}

TEST(NativeEncoder, JsonIsTextBehindAPrefix) {
  EXPECT_EQ(encode("JSON(a UInt8)", A::strings({"{}", A::kNull})), block_of("JSON(a UInt8)", 2,
                                                                            "0100000000000000"
                                                                            "027b7d"
                                                                            "027b7d"));
  EXPECT_EQ(encode("Nullable(JSON)", A::strings({A::kNull})), block_of("Nullable(JSON)", 1,
                                                                       "0100000000000000"
                                                                       "01"
                                                                       "027b7d"));
  EXPECT_EQ(encode("Tuple(Array(JSON), UInt8, JSON)",
                   A::tuples(1, {A::lists({1}, A::strings({"{}"})), A::fixed<uint8_t>({7}),
                                 A::strings({"{}"})})),
            block_of("Tuple(Array(JSON), UInt8, JSON)", 1,
                     "0100000000000000"
                     "0100000000000000"
                     "0100000000000000"
                     "027b7d"
                     "07"
                     "027b7d"));
}

TEST(NativeEncoder, WideIntegersTimesAndIntervalsAreFixed) {
  using Wide = std::array<uint8_t, 16>;
  EXPECT_EQ(encode("UInt128", A::fixed<Wide>({Wide{1, 2}})),
            block_of("UInt128", 1, "01020000000000000000000000000000"));
  EXPECT_EQ(encode("BFloat16", A::fixed<uint16_t>({0x3f80})), block_of("BFloat16", 1, "803f"));
  EXPECT_EQ(encode("Time", A::fixed<int32_t>({-1})), block_of("Time", 1, "ffffffff"));
  EXPECT_EQ(encode("Time64(4)", A::fixed<int64_t>({-1})),
            block_of("Time64(4)", 1, "ffffffffffffffff"));
  EXPECT_EQ(encode("Nullable(IntervalDay)", A::fixed<int64_t>({1})),
            block_of("Nullable(IntervalDay)", 1,
                     "00"
                     "0100000000000000"));
}

TEST(NativeEncoder, NullableHasAMaskAndDefaultsBehindIt) {
  EXPECT_EQ(encode("Nullable(Int32)", A::fixed<int32_t>({1, A::kNull, 3})),
            block_of("Nullable(Int32)", 3,
                     "000100"
                     "010000000000000003000000"));
  EXPECT_EQ(encode("Nullable(Int8)", A::fixed<int8_t>({1})), block_of("Nullable(Int8)", 1, "0001"));
  EXPECT_EQ(encode("Nullable(Enum8('x' = 5, 'y' = 7))", A::fixed<int8_t>({A::kNull, 7})),
            block_of("Nullable(Enum8('x' = 5, 'y' = 7))", 2,
                     "0100"
                     "0507"));
  EXPECT_EQ(encode("Nullable(Bool)", A::bits({A::kNull, true})), block_of("Nullable(Bool)", 2,
                                                                          "0100"
                                                                          "0001"));
}

TEST(NativeEncoder, NullsWithoutADefaultBecomeTheTypesDefaultValue) {
  EXPECT_EQ(encode("Int8", A::fixed<int8_t>({1, A::kNull})), block_of("Int8", 2, "0100"));
  EXPECT_EQ(encode("Enum8('x' = 5, 'y' = 3)", A::fixed<int8_t>({5, A::kNull})),
            block_of("Enum8('x' = 5, 'y' = 3)", 2, "0503"));
  EXPECT_EQ(encode("String", A::strings({"a", A::kNull})), block_of("String", 2, "016100"));
  EXPECT_EQ(encode("Bool", A::bits({true, A::kNull})), block_of("Bool", 2, "0100"));
}

TEST(NativeEncoder, NullTextsOfOtherTypesAreTheTextOfTheirDefaultValue) {
  const auto text = [](const std::string& target) {
    return encode("String", target, A::strings({A::kNull, "x"})).bytes;
  };
  const auto expected = [](const std::string& null) {
    return block_of("String", 2,
                    hex(std::string(1, static_cast<char>(null.size())) + null) + "0178");
  };
  EXPECT_EQ(text("UUID"), expected("00000000-0000-0000-0000-000000000000"));
  EXPECT_EQ(text("IPv4"), expected("0.0.0.0"));
  EXPECT_EQ(text("IPv6"), expected("::"));
  EXPECT_EQ(text("Enum8('a' = 5, 'least' = -3)"), expected("least"));
  EXPECT_EQ(text("LowCardinality(String)"), expected(""));
  EXPECT_EQ(text("FixedString(2)"), expected(""));
}

TEST(NativeEncoder, NullsWithADefaultGoAsNullableSoThatTheServerPutsIt) {
  EXPECT_EQ(encode("Int8", "Int8", A::fixed<int8_t>({1, A::kNull}), {}, "DEFAULT").bytes,
            block_of("Nullable(Int8)", 2,
                     "0001"
                     "0100"));
  // Another slice of the same column without nulls.
  EXPECT_EQ(encode("Int8", "Int8", A::fixed<int8_t>({1, A::kNull}), {{0, 1}}).bytes,
            block_of("Int8", 1, "01"));
}

TEST(NativeEncoder, SlicesAreJoinedIntoOneColumn) {
  EXPECT_EQ(encode("String", A::strings({"a", "b", "c", "d"}), {{3, 1}, {0, 2}}),
            block_of("String", 3, "016401610162"));
  EXPECT_EQ(encode("Array(UInt8)", A::lists({2, 1, 0, 3}, A::fixed<uint8_t>({1, 2, 3, 4, 5, 6})),
                   {{3, 1}, {0, 2}}),
            block_of("Array(UInt8)", 3,
                     "0300000000000000"
                     "0500000000000000"
                     "0600000000000000"
                     "040506010203"));
}

TEST(NativeEncoder, ANullListIsEmptyWhateverItSpans) {
  EXPECT_EQ(encode("Array(UInt8)", A::lists({1, A::kNull, 1}, A::fixed<uint8_t>({1, 2, 3}), 1)),
            block_of("Array(UInt8)", 3,
                     "0100000000000000"
                     "0100000000000000"
                     "0200000000000000"
                     "0103"));
}

TEST(NativeEncoder, NestedNullsAreMaskedOrFilled) {
  EXPECT_EQ(encode("Array(Nullable(UInt8))", A::lists({2}, A::fixed<uint8_t>({A::kNull, 9}))),
            block_of("Array(Nullable(UInt8))", 1,
                     "0200000000000000"
                     "0100"
                     "0009"));
  EXPECT_EQ(encode("Array(String)", A::lists({2}, A::strings({A::kNull, "b"}))),
            block_of("Array(String)", 1,
                     "0200000000000000"
                     "000162"));
}

TEST(NativeEncoder, MapsAndTuplesAreColumnsInTurn) {
  EXPECT_EQ(encode("Map(String, UInt8)",
                   A::maps({1, 1}, A::strings({"k", "l"}), A::fixed<uint8_t>({1, 2}))),
            block_of("Map(String, UInt8)", 2,
                     "0100000000000000"
                     "0200000000000000"
                     "016b016c"
                     "0102"));
  EXPECT_EQ(encode("Tuple(a UInt8, b String)",
                   A::tuples(2, {A::fixed<uint8_t>({1, 2}), A::strings({"x", "y"})})),
            block_of("Tuple(`a` UInt8, `b` String)", 2,
                     "0102"
                     "01780179"));
}

TEST(NativeEncoder, AnEmptyTupleIsADigitARow) {
  EXPECT_EQ(encode("Tuple()", A::tuples(2, {})), block_of("Tuple()", 2, "3030"));
  EXPECT_EQ(encode("Array(Tuple())", A::lists({2, 1}, A::tuples(3, {}))),
            block_of("Array(Tuple())", 2,
                     "0200000000000000"
                     "0300000000000000"
                     "303030"));
}

TEST(NativeEncoder, ANullTupleIsItsElementsDefaultsWhateverTheyHold) {
  const auto tuples = [](std::vector<A::Pointer> elements) {
    A::Pointer column = A::tuples(3, std::move(elements));
    static constexpr uint8_t kSecondIsNull = 0b101;
    static const void* kBuffers[] = {&kSecondIsNull};
    column->array.buffers = kBuffers;
    column->array.null_count = 1;
    return column;
  };
  EXPECT_EQ(encode("Tuple(UInt8, Nullable(String))",
                   tuples({A::fixed<uint8_t>({1, 2, 3}), A::strings({"x", "y", A::kNull})})),
            block_of("Tuple(UInt8, Nullable(String))", 3,
                     "010003"
                     "000101"
                     "01780000"));
  EXPECT_EQ(
      encode("Tuple(Tuple(Array(UInt8)))",
             tuples({A::tuples(3, {A::lists({1, 1, 1}, A::fixed<uint8_t>({7, 8, 9}))})}), {{1, 2}}),
      block_of("Tuple(Tuple(Array(UInt8)))", 2,
               "0000000000000000"
               "0100000000000000"
               "09"));
}

TEST(NativeEncoder, AnyJsonIsNoTextOfAnotherType) {
  const auto holds = [](const char* source, A::Pointer column, const char* target) {
    TestRows rows;
    rows.add("c", source, std::move(column));
    rows.finish();
    return NativeEncoder(rows.schema(), {{"c", target, "", ""}}).holds();
  };
  for (const char* target : {"String", "FixedString(3)", "UUID", "Enum8('a' = 1)", "JSON"}) {
    EXPECT_FALSE(holds("Dynamic", A::strings({"\"a\""}), target)) << target;
    EXPECT_TRUE(holds("String", A::strings({"a"}), target)) << target;
  }
  EXPECT_FALSE(holds("Array(Variant(UInt8, String))", A::lists({1}, A::strings({"\"a\""})),
                     "Array(String)"));
  EXPECT_TRUE(holds("JSON", A::strings({"{}"}), "String"));
}

TEST(NativeEncoder, NumbersAreConvertedWithACheck) {
  const Encoded good = encode("Int64", "UInt32", A::fixed<int64_t>({1, A::kNull, 7}));
  EXPECT_EQ(good.bytes, block_of("UInt32", 3,
                                 "01000000"
                                 "00000000"
                                 "07000000"));
  EXPECT_TRUE(good.faults.empty());
  const Encoded bad =
      encode("Int64", "UInt32", A::fixed<int64_t>({1, -1, int64_t{1} << 32, 5}), {{3, 1}, {0, 3}});
  ASSERT_EQ(bad.faults.size(), 2u);
  EXPECT_EQ(bad.faults[0].row, 2);
  EXPECT_EQ(bad.faults[1].row, 3);
  EXPECT_EQ(bad.faults[0].column, "c");
}

TEST(NativeEncoder, WhatWidensIsLeftToTheServer) {
  EXPECT_EQ(encode("UInt8", "Int64", A::fixed<uint8_t>({7})).bytes, block_of("UInt8", 1, "07"));
  EXPECT_EQ(encode("Int32", "String", A::fixed<int32_t>({7})).bytes,
            block_of("Int32", 1, "07000000"));
}

TEST(NativeEncoder, TimesAreRescaledRoundingDown) {
  EXPECT_EQ(encode("DateTime64(3, 'UTC')", "DateTime64(6)", A::fixed<int64_t>({1})).bytes,
            block_of("DateTime64(6)", 1, "e803000000000000"));
  EXPECT_EQ(encode("DateTime64(3, 'UTC')", "DateTime", A::fixed<int64_t>({1999})).bytes,
            block_of("DateTime", 1, "01000000"));
  EXPECT_EQ(encode("DateTime64(3, 'UTC')", "Date32", A::fixed<int64_t>({-1})).bytes,
            block_of("Date32", 1, "ffffffff"));
  EXPECT_EQ(encode("DateTime64(3, 'UTC')", "DateTime", A::fixed<int64_t>({-1})).faults.size(), 1u);
}

TEST(NativeEncoder, WhatCannotBeSafeIsRefusedAtOpen) {
  const auto refused = [](const std::string& source, const std::string& target, A::Pointer column) {
    EXPECT_THROW(encode(source, target, std::move(column)), std::invalid_argument)
        << source << " into " << target;
  };
  refused("String", "UInt64", A::strings({"1"}));
  refused("Int64", "Enum8('a' = 1)", A::fixed<int64_t>({1}));
  refused("Int8", "Enum8('a' = 1)", A::fixed<int8_t>({1}));
  refused("DateTime64(3)", "UInt64", A::fixed<int64_t>({1}));
  refused("JSON", "UUID", A::strings({"{}"}));
  refused("JSON", "Enum8('a' = 1)", A::strings({"{}"}));
  refused("UUID", "IPv6", A::fixed<Uuid>({Uuid{}}));
  refused("Decimal(9, 2)", "Decimal(9, 3)", A::fixed<int32_t>({1}));
  refused("Array(Int64)", "Array(UInt8)", A::lists({1}, A::fixed<int64_t>({1})));
  refused("Array(Int64)", "Int64", A::lists({1}, A::fixed<int64_t>({1})));
}

// Two columns: `c` Nullable with a DEFAULT, and the marks of its absent values.
struct Absent {
  std::string bytes;
  bool mixed;
};

Absent encode_absent(const std::vector<std::optional<bool>>& marks) {
  TestRows rows;
  std::vector<std::optional<int8_t>> nulls(marks.size());
  rows.add("a", "UInt8",
           A::fixed<uint8_t>(std::vector<std::optional<uint8_t>>(marks.size(), uint8_t{7})));
  rows.add("c", "Nullable(Int8)", A::fixed<int8_t>(nulls));
  rows.add("c_absent", "Bool", A::bits(marks), {{"cphost.absent", "c"}});
  rows.finish();
  NativeEncoder encoder(rows.schema(),
                        {{"a", "UInt8", "", ""}, {"c", "Nullable(Int8)", "DEFAULT", "1"}});
  EXPECT_EQ(encoder.column_list(), "`a`, `c`");
  std::string bytes = hex(joined(encoder.encode(rows.block())));
  return {std::move(bytes), !encoder.says(rows.block())};
}

TEST(NativeEncoder, AnAbsentColumnIsLeftOutSoThatTheServerPutsItsDefault) {
  const std::string a = "0161"
                        "0555496e7438"
                        "0707",
                    c = "0163" + hex(std::string(1, 14) + "Nullable(Int8)");
  const Absent all = encode_absent({true, true});
  EXPECT_EQ(all.bytes, "0102" + a);
  EXPECT_FALSE(all.mixed);
  const Absent none = encode_absent({false, false});
  EXPECT_EQ(none.bytes, "0202" + a + c +
                            "0101"
                            "0000");
  EXPECT_FALSE(none.mixed);
  EXPECT_TRUE(encode_absent({true, false}).mixed);
}

TEST(NativeEncoder, AllNullContainersWithADefaultAreLeftOut) {
  TestRows rows;
  rows.add("a", "UInt8", A::fixed<uint8_t>({7}));
  rows.add("c", "Array(UInt8)", A::lists({A::kNull}, A::fixed<uint8_t>({})));
  rows.finish();
  NativeEncoder encoder(rows.schema(),
                        {{"a", "UInt8", "", ""}, {"c", "Array(UInt8)", "DEFAULT", "[1]"}});
  EXPECT_EQ(hex(joined(encoder.encode(rows.block()))),
            "0101"
            "0161"
            "0555496e7438"
            "07");
}

bool exact(const std::string& source, const std::string& target, A::Pointer column) {
  TestRows rows;
  rows.add("c", source, std::move(column));
  rows.finish();
  return NativeEncoder(rows.schema(), {{"c", target, "", ""}}).exact();
}

TEST(NativeEncoder, ItKnowsWhetherTheServerMustCast) {
  EXPECT_TRUE(exact("UInt64", "UInt64", A::fixed<uint64_t>({1})));
  EXPECT_TRUE(exact("Int64", "UInt64", A::fixed<int64_t>({1})));  // Converted and checked here.
  EXPECT_TRUE(exact("String", "LowCardinality(Nullable(String))", A::strings({"a"})));
  EXPECT_TRUE(exact("Array(UInt8)", "Array(UInt8)", A::lists({1}, A::fixed<uint8_t>({1}))));
  EXPECT_FALSE(exact("String", "UUID", A::strings({"a"})));
  EXPECT_TRUE(exact("JSON(a UInt8)", "JSON(a UInt8)", A::strings({"{}"})));
  EXPECT_TRUE(exact("UInt128", "UInt128", A::fixed<std::array<uint8_t, 16>>({A::kNull})));
  EXPECT_FALSE(exact("UInt8", "UInt64", A::fixed<uint8_t>({1})));
  EXPECT_FALSE(exact("Array(UInt8)", "Array(String)", A::lists({1}, A::fixed<uint8_t>({1}))));
  EXPECT_FALSE(exact("Enum8('a' = 1)", "Enum8('a' = 1)", A::fixed<int8_t>({1})));
}

TEST(NativeEncoder, MissingAndUnfitColumnsAreAllNamed) {
  TestRows rows;
  rows.add("x", "UInt8", A::fixed<uint8_t>({7}));
  rows.add("y", "String", A::strings({"7"}));
  rows.finish();
  try {
    NativeEncoder encoder(rows.schema(), {{"y", "UInt8", "", ""}});
    FAIL() << "nothing was refused";
  } catch (const std::invalid_argument& e) {
    EXPECT_NE(std::string(e.what()).find("`x`"), std::string::npos) << e.what();
    EXPECT_NE(std::string(e.what()).find("`y`"), std::string::npos) << e.what();
  }
}

TEST(NativeEncoder, FixedWidthColumnsAreNotCopied) {
  TestRows rows;
  rows.add("c", "UInt64",
           A::fixed<uint64_t>(std::vector<std::optional<uint64_t>>(1000, uint64_t{1})));
  rows.finish();
  NativeEncoder encoder(rows.schema(), {{"c", "UInt64", "", ""}});
  const Segments& segments = encoder.encode(rows.block());
  EXPECT_EQ(segments.back().data, rows.array().children[0]->buffers[1]);
  EXPECT_EQ(segments.back().size, 8000u);
}

}  // namespace
}  // namespace clickhouse
