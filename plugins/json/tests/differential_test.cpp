// SPDX-License-Identifier: Apache-2.0
// Mutated documents in batches, judged by simdjson's DOM: whatever is accepted must be JSON; JSON
// whose wanted values are untouched must be accepted; documents that nobody touched must come out
// as they are, whatever stands beside them.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <random>

#include "decoding.hpp"

namespace json::test {
namespace {

constexpr size_t kDocuments = 200000;

// Built like a real row, with a part that no column wants.
std::string document(std::mt19937_64& random) {
  const auto pick = [&random](size_t n) { return random() % n; };
  static const char* const kTexts[] = {
      "click",
      "",
      "\\u00e9t\\u00e9",
      "a \\\"b\\\" c",
      "\xc3\xbczug",
      "\xf0\x9f\x98\x80",
      "quite a long text that needs several steps of sixteen bytes",
      "\\ud83d\\ude00"};
  static const char* const kSkipped[] = {
      "[1,2.5e-3,{\"k\":[null,true,false]}]", "\"text\"", "{}", "-0", "[[],[[]],{}]",
      "{\"a\":{\"b\":{\"c\":\"\\n\"}}}"};
  std::string out = "{\"id\":" + std::to_string(pick(1u << 30));
  out += ",\"ts\":\"2026-0" + std::to_string(1 + pick(9)) + "-1" + std::to_string(pick(10)) +
         "T10:20:30.123Z\"";
  out += ",\"event\":\"" + std::string(kTexts[pick(8)]) + "\"";
  if (pick(2) == 0) out += ", \"skipped\" : " + std::string(kSkipped[pick(6)]);
  out += ",\"price\":" + std::to_string(pick(100000)) + "." + std::to_string(pick(1000));
  out += pick(2) == 0 ? ",\"ok\":true" : ",\"ok\":false";
  if (pick(3) != 0) out += ",\"tags\":[\"" + std::string(kTexts[pick(8)]) + "\",null]";
  if (pick(3) != 0) out += ",\"note\":null";
  return out + "}";
}

void mutate(std::string& text, std::mt19937_64& random) {
  static const char* const kInserted[] = {"\"",
                                          "\\",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          ",",
                                          ":",
                                          "\n",
                                          "\\u00e9",
                                          "\\ud83d\\ude00",
                                          "\\udc00",
                                          "\xc3\xa9",
                                          "\xc3",
                                          "\xff",
                                          "\xed\xa0\x80",
                                          " ",
                                          "0",
                                          "-",
                                          "e5",
                                          ".",
                                          "null",
                                          "true",
                                          "\\\"",
                                          "\t",
                                          "\x01",
                                          "//",
                                          "\"\"",
                                          "{}",
                                          ",\"zz\":[1,{\"a\":[]}]",
                                          "\"id\":1,"};
  for (uint64_t n = 1 + random() % 3; n > 0; --n) {
    const size_t at = text.empty() ? 0 : random() % (text.size() + 1);
    switch (random() % 5) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(random());
        break;
      case 1:
        text.insert(at, kInserted[random() % std::size(kInserted)]);
        break;
      case 2:
        text.erase(at, 1 + random() % 4);
        break;
      case 3:
        if (random() % 4 == 0) text.resize(at);
        break;
      default:
        if (at < text.size()) text[at] = "\"\\{}[],:0 "[random() % 10];
    }
  }
}

// simdjson refuses numbers beyond its own types, which are valid JSON where nobody wants them as
// numbers.
bool has_huge_number(const std::string& text) {
  size_t run = 0;
  for (const char c : text) {
    run = c >= '0' && c <= '9' ? run + 1 : 0;
    if (run >= 19) return true;
  }
  return text.find_first_of("eE") != std::string::npos;
}

TEST(Differential, agreesWithSimdjsonAndHurtsNoNeighbour) {
  std::mt19937_64 random(20260101);
  simdjson::dom::parser judge;
  Decoding decoding(std::vector<Wanted>{{"id", "UInt64"},
                                        {"ts", "DateTime64(3)"},
                                        {"event", "String"},
                                        {"price", "Float64"},
                                        {"ok", "Bool"},
                                        {"tags", "Array(Nullable(String))"},
                                        {"note", "Nullable(String)"}});
  size_t accepted = 0, refused = 0;
  for (size_t done = 0; done < kDocuments;) {
    std::vector<std::optional<std::string>> documents;
    std::vector<std::string> alone;  // of what nobody touched
    const size_t count = 1 + random() % 64;
    for (size_t i = 0; i < count; ++i) {
      std::string text = document(random);
      const bool touched = random() % 3 != 0;
      alone.push_back(touched ? std::string() : text);
      if (touched) mutate(text, random);
      documents.emplace_back(std::move(text));
    }
    done += count;
    const Decoded decoded = decoding.decode(documents);
    ASSERT_EQ(decoded.rows.size() + decoded.rejects.size(), count);
    size_t row = 0, reject = 0;
    for (size_t i = 0; i < count; ++i) {
      const bool taken = row < decoded.rows.size() && decoded.record_of[row] == i;
      row += taken;
      (taken ? accepted : refused) += 1;
      const std::string& text = *documents[i];
      const simdjson::error_code error = judge.parse(text).error();
      if (taken) {
        const bool known = error == simdjson::NUMBER_ERROR && has_huge_number(text);
        ASSERT_TRUE(error == simdjson::SUCCESS || known) << error << ": " << text;
      } else {
        const Reject& why = decoded.rejects[reject++];
        ASSERT_EQ(why.record, i);
        ASSERT_TRUE(alone[i].empty()) << why.text << ": " << text;
        const bool of_json = why.code.rfind("JSON_", 0) == 0 && why.code != "JSON_DUPLICATE_KEY" &&
                             why.code != "JSON_NOT_AN_OBJECT";
        ASSERT_FALSE(of_json && error == simdjson::SUCCESS)
            << why.code << ", " << why.text << ": " << text;
      }
    }
  }
  EXPECT_GT(accepted, kDocuments / 3);
  EXPECT_GT(refused, kDocuments / 4);
}

// The same rows, alone and between others.
TEST(Differential, aRowDoesNotDependOnItsBatch) {
  std::mt19937_64 random(7);
  Decoding decoding(std::vector<Wanted>{
      {"event", "String"}, {"tags", "Array(Nullable(String))"}, {"price", "Float64"}});
  for (int round = 0; round < 200; ++round) {
    std::vector<std::optional<std::string>> documents;
    std::vector<std::string> rows;
    for (int i = 0; i < 20; ++i) {
      std::string text = document(random);
      if (random() % 2 == 0) mutate(text, random);
      const Decoded one = decoding.decode({text});
      rows.insert(rows.end(), one.rows.begin(), one.rows.end());
      documents.emplace_back(std::move(text));
    }
    ASSERT_EQ(decoding.decode(documents).rows, rows);
  }
}

}  // namespace
}  // namespace json::test
