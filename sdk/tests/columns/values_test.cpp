// SPDX-License-Identifier: Apache-2.0
// Values as binary formats and CSV find them; what JSON finds is tested with the JSON format.
#include <cphost/columns/builder.hpp>
#include <cphost/columns/values.hpp>

#include <gtest/gtest.h>

namespace cphost::columns {
namespace {

class OneColumn {
 public:
  explicit OneColumn(const char* type)
      : type_(TypeParser::parse(type)), column_(type_, true, nullptr, "c") {}
  Column& operator*() { return column_; }

 private:
  Type type_;
  Column column_;
};

TEST(Values, typedIntegersAreChecked) {
  OneColumn small("UInt8");
  EXPECT_EQ(put_int64(*small, 255), Reason::kNone);
  EXPECT_EQ(put_int64(*small, -1), Reason::kIntOutOfRange);
  EXPECT_EQ(put_uint64(*small, 256), Reason::kIntOutOfRange);
  EXPECT_EQ((*small).size(), 1u);
  OneColumn large("Int64");
  EXPECT_EQ(put_uint64(*large, uint64_t{1} << 63), Reason::kIntOutOfRange);
  OneColumn day("Date");
  EXPECT_EQ(put_int64(*day, 65536), Reason::kDateOutOfRange);
  OneColumn flag("Bool");
  EXPECT_EQ(put_int64(*flag, 2), Reason::kNotABool);
  OneColumn decimal("Decimal(4, 2)");
  EXPECT_EQ(put_int64(*decimal, -99), Reason::kNone);
  EXPECT_EQ(put_int64(*decimal, 100), Reason::kDecimalOutOfRange);
  OneColumn uuid("UUID");
  EXPECT_EQ(put_int64(*uuid, 1), Reason::kWrongKind);
}

TEST(Values, wideIntegersTakeWhatIsTyped) {
  OneColumn wide("Int256");
  EXPECT_EQ(put_int64(*wide, INT64_MIN), Reason::kNone);
  EXPECT_EQ(put_uint64(*wide, UINT64_MAX), Reason::kNone);
  EXPECT_EQ(put_bool(*wide, true), Reason::kNone);
  EXPECT_EQ(put_double(*wide, -3.0), Reason::kNone);
  EXPECT_EQ(put_double(*wide, 0.5), Reason::kNotAnInteger);
  OneColumn positive("UInt128");
  EXPECT_EQ(put_int64(*positive, -1), Reason::kIntOutOfRange);
  EXPECT_EQ(put_int64(*positive, 0), Reason::kNone);
}

TEST(Values, whatTakesAnyValueHoldsJson) {
  OneColumn any("Dynamic");
  EXPECT_EQ(put_text(*any, "a\"\\\n\x80"), Reason::kNone);
  EXPECT_EQ(put_int64(*any, -5), Reason::kNone);
  EXPECT_EQ(put_bool(*any, true), Reason::kNone);
  EXPECT_EQ(put_double(*any, 0.5), Reason::kNone);
  EXPECT_EQ(put_double(*any, std::numeric_limits<double>::infinity()), Reason::kNone);
  EXPECT_EQ((*any).size(), 5u);
  EXPECT_EQ((*any).bytes() - 5 * 4,
            std::string_view("\"a\\\"\\\\\\u000a\x80\"-5true0.5\"inf\"").size());
  OneColumn object("JSON");
  EXPECT_EQ(put_text(*object, R"({"a":1})"), Reason::kNone);
  EXPECT_EQ(put_int64(*object, 1), Reason::kWrongKind);
}

TEST(Values, doublesFitWhereTheyAreWhole) {
  OneColumn whole("Int32");
  EXPECT_EQ(put_double(*whole, 1.5), Reason::kNotAnInteger);
  OneColumn narrow("Float32");
  EXPECT_EQ(put_double(*narrow, 1e300), Reason::kFloatOutOfRange);
  EXPECT_EQ(put_double(*narrow, 0.5), Reason::kNone);
  OneColumn decimal("Decimal(9, 3)");
  EXPECT_EQ(put_double(*decimal, 2.5), Reason::kNone);
}

TEST(Values, textsNeedNoPadding) {
  const std::string exact = "2026-01-31 10:20:30";
  const std::unique_ptr<char[]> copy(new char[exact.size()]);
  std::memcpy(copy.get(), exact.data(), exact.size());
  OneColumn time("DateTime64(3)");
  EXPECT_EQ(put_text(*time, {copy.get(), exact.size()}), Reason::kNone);
  EXPECT_EQ(put_text(*time, ""), Reason::kDateSyntax);
  OneColumn number("UInt64");
  EXPECT_EQ(put_text(*number, ""), Reason::kNotANumber);
  EXPECT_EQ(put_text(*number, "-"), Reason::kNotANumber);
  EXPECT_EQ(put_text(*number, "+"), Reason::kNotANumber);
  EXPECT_EQ(put_text(*number, std::string(1000, '1')), Reason::kNotANumber);
  EXPECT_EQ(put_text(*number, std::string(500, '0') + "7"), Reason::kNone);
  EXPECT_EQ(put_text(*number, std::string_view("1\0", 2)), Reason::kNotANumber);
}

TEST(Values, anEmptyTextIsAValueOfAColumnThatHasNoMemoryYet) {
  OneColumn text("String");
  EXPECT_EQ(put_text(*text, std::string_view()), Reason::kNone);
  OneColumn fixed("FixedString(2)");
  EXPECT_EQ(put_text(*fixed, std::string_view()), Reason::kNone);
  EXPECT_EQ((*text).size() + (*fixed).size(), 2u);
}

TEST(Values, aNumberInQuotesHasOneSign) {
  for (const char* type : {"Int8", "Float64", "Decimal(9, 2)"}) {
    OneColumn number(type);
    EXPECT_EQ(put_text(*number, "+1"), Reason::kNone) << type;
    for (const char* text : {"+-1", "--1", "-+1", "++1", "+-0"}) {
      EXPECT_EQ(put_text(*number, text), Reason::kNotANumber) << type << text;
    }
  }
}

TEST(Values, aFloatInQuotesHasOnePoint) {
  for (const char* type : {"Float32", "Float64", "BFloat16"}) {
    OneColumn number(type);
    EXPECT_EQ(put_text(*number, "17."), Reason::kNone) << type;
    for (const char* text : {"17..5", "17..", "1.7.5", "..5"}) {
      EXPECT_EQ(put_text(*number, text), Reason::kNotANumber) << type << text;
    }
  }
}

TEST(Values, aNumberInQuotesHasNoPointBehindItsExponent) {
  for (const char* type : {"Float32", "Float64", "BFloat16", "Decimal(9, 2)", "Decimal(76, 0)"}) {
    OneColumn number(type);
    for (const char* text : {"4.e1", "4e-2"}) {
      EXPECT_EQ(put_text(*number, text), Reason::kNone) << type << text;
    }
    for (const char* text : {"4e1.", "4e-2.", "004e-5800000.", "4e1.5"}) {
      EXPECT_EQ(put_text(*number, text), Reason::kNotANumber) << type << text;
    }
  }
}

TEST(Values, delimitedTextsAreTakenOrLeft) {
  const std::string line =
      "2026-01-31,61f0c404-5cb3-11e7-907b-a6006ad3dba0;x" + std::string(kPadding, ' ');
  const Byte* p = reinterpret_cast<const Byte*>(line.data());
  OneColumn day("Date");
  EXPECT_EQ(put_delimited(*day, p, p + line.size(), ','), p + 10);
  EXPECT_EQ(put_delimited(*day, p, p + line.size(), ';'), nullptr);
  EXPECT_EQ(put_delimited(*day, p, p + 10, ','), nullptr);
  EXPECT_EQ((*day).size(), 1u);
  OneColumn uuid("UUID");
  EXPECT_EQ(put_delimited(*uuid, p + 11, p + line.size(), ';'), p + 47);
}

TEST(Values, enumsWithoutZeroTakeNoNullInside) {
  const Type type = TypeParser::parse("Array(Enum8('a' = 1))");
  Column list(type, true, nullptr, "e");
  EXPECT_EQ(put_null(list.child(0)), Reason::kEnumNull);
  EXPECT_EQ(put_null(list), Reason::kNone);
}

TEST(Reasons, haveCodesAndSentences) {
  for (int i = 1; i <= static_cast<int>(Reason::kTupleSize); ++i) {
    EXPECT_STRNE(reason_code(static_cast<Reason>(i)), "");
    EXPECT_STRNE(reason_text(static_cast<Reason>(i)), "");
  }
  EXPECT_EQ(shortened("abc"), "abc");
  EXPECT_EQ(shortened("a\nb"), "a?b");
  EXPECT_EQ(shortened("12345678\xc3\xa9", 9), "12345678...");
}

}  // namespace
}  // namespace cphost::columns
