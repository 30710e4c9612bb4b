// SPDX-License-Identifier: Apache-2.0
#include "error_codes.hpp"

#include <cphost/abi.h>
#include <curl/curl.h>
#include <gtest/gtest.h>

namespace clickhouse {
namespace {

Failure answer(const std::string& body, Phase phase = Phase::kWrite, long status = 500) {
  return classify_answer(phase, status, "", body, 0);
}

TEST(ErrorCodes, TheCodeIsFoundInOldAndNewTexts) {
  EXPECT_EQ(
      exception_code("Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE)"),
      60);
  EXPECT_EQ(exception_code("Code: 60, e.displayText() = DB::Exception: Table default.t doesn't "
                           "exist., e.what() = x"),
            60);
  EXPECT_EQ(exception_code("half an answer\nCode: 241. DB::Exception: Memory limit"), 241);
  EXPECT_EQ(exception_code("<html>Bad Gateway</html>"), std::nullopt);
  EXPECT_EQ(exception_code("Code: x, Code: 7"), 7);
}

TEST(ErrorCodes, RulesAreInOrderAndNamedOnce) {
  const auto rules = error_rules();
  for (size_t i = 1; i < rules.size(); ++i)
    EXPECT_LT(rules[i - 1].code, rules[i].code) << rules[i].name;
}

TEST(ErrorCodes, OutagesAreRetriedAndCrowdedServersLater) {
  EXPECT_EQ(answer("Code: 999. Coordination::Exception").status, CPHOST_RETRY);
  EXPECT_EQ(answer("Code: 209. DB::Exception").retry_after_ms, 0u);
  EXPECT_EQ(answer("Code: 252. DB::Exception: Too many parts (3)").status, CPHOST_RETRY);
  EXPECT_GE(answer("Code: 252. DB::Exception: Too many parts (3)").retry_after_ms, 1000u);
  EXPECT_EQ(answer("Code: 243. DB::Exception: no space").status, CPHOST_RETRY);
}

TEST(ErrorCodes, AnUnknownCodeWaitsAndNeverRejects) {
  const Failure failure = answer("Code: 7777. DB::Exception: news");
  EXPECT_EQ(failure.status, CPHOST_RETRY);
  EXPECT_STREQ(failure.code, "UNKNOWN_SERVER_ERROR");
  EXPECT_NE(failure.text.find("7777"), std::string::npos);
}

TEST(ErrorCodes, TooManyPartitionsIsHalvedBecauseRetryingCannotHelp) {
  const Failure failure = answer(
      "Code: 252. DB::Exception: Too many partitions for single INSERT block (more than 100).");
  EXPECT_EQ(failure.status, CPHOST_REJECT);
  EXPECT_EQ(failure.row, std::nullopt);
}

TEST(ErrorCodes, AMissingTableIsTheUsersAtStartAndReopenedLater) {
  const std::string body =
      "Code: 60. DB::Exception: Table default.t does not exist. (UNKNOWN_TABLE)";
  EXPECT_EQ(answer(body, Phase::kOpen, 404).status, CPHOST_CONFIG);
  EXPECT_EQ(answer(body, Phase::kWrite, 404).status, CPHOST_REOPEN);
  EXPECT_NE(answer(body).text.find("create_table"), std::string::npos);
}

TEST(ErrorCodes, RowErrorsRejectAndAConstraintNamesItsRow) {
  EXPECT_EQ(answer("Code: 117. DB::Exception: bad JSON").status, CPHOST_REJECT);
  const Failure failure = answer(
      "Code: 469. DB::Exception: Constraint `c` for table default.t (uuid) is violated at row 3. "
      "Expression: (a > 0). "
      "Column values: a = 0. (VIOLATED_CONSTRAINT)");
  EXPECT_EQ(failure.status, CPHOST_REJECT);
  ASSERT_TRUE(failure.row.has_value());
  EXPECT_EQ(*failure.row, 2);  // the server counts from 1
}

TEST(ErrorCodes, AConstraintOfAViewsTargetNamesNoRowOfOurs) {
  const std::string text =
      "Constraint `c` for table default.t (fb89b310-7300-415f-8b83-d9705b732284) is violated at "
      "row 3.";
  EXPECT_TRUE(names_table(text, "t"));
  EXPECT_FALSE(names_table(text, "other"));
  EXPECT_FALSE(names_table(text, "lt.t"));
  EXPECT_TRUE(
      names_table("Constraint `c` for table db.`odd name` (x) is violated at row 3.", "odd name"));
  EXPECT_TRUE(names_table("Constraint `c` for table db.t is violated at row 3.", "t"));
  EXPECT_FALSE(names_table("something else", "t"));
}

TEST(ErrorCodes, AFailedViewHaltsWhateverItsErrorIs) {
  for (const char* code : {"395", "60", "241", "252", "159", "469", "7777"}) {
    const Failure failure =
        answer("Code: " + std::string(code) +
               ". DB::Exception: bad: while executing 'FUNCTION f': while pushing to view "
               "default.`odd view` (61f0c404-5cb3-11e7-907b-a6006ad3dba0). (SOME_CODE)");
    EXPECT_EQ(failure.status, CPHOST_HALT) << code;
    EXPECT_STREQ(failure.code, "VIEW_FAILED");
    EXPECT_EQ(failure.row, std::nullopt);
    EXPECT_NE(failure.text.find("view default.`odd view` failed, and the rows"), std::string::npos)
        << failure.text;
    EXPECT_NE(failure.text.find("in the table already"), std::string::npos) << failure.text;
  }
}

TEST(ErrorCodes, AFailedViewIsNamedWithoutAnIdToo) {
  const std::string body =
      "Code: 60. DB::Exception: x: while pushing to view db.mv. (UNKNOWN_TABLE)";
  EXPECT_TRUE(answer(body).text.starts_with("the view db.mv failed")) << answer(body).text;
  EXPECT_EQ(answer(body, Phase::kOpen).status, CPHOST_CONFIG) << "no block was sent";
}

TEST(ErrorCodes, AValueThatSpeaksOfAViewIsRejectedLikeAnyOther) {
  for (const char* body :
       {"Code: 376. DB::Exception: Cannot parse uuid while pushing to view x: Cannot parse UUID "
        "from String: while converting column \"c\" from type String to type UUID: While executing "
        "Native. (CANNOT_PARSE_UUID) (version 26.7.2.1)",
        "Code: 469. DB::Exception: Constraint `c` for table default.t is violated at row 1. "
        "Expression: (s != 'x'). Column values: s = 'while pushing to view x'. "
        "(VIOLATED_CONSTRAINT)"})
    EXPECT_EQ(answer(body).status, CPHOST_REJECT) << body;
}

TEST(ErrorCodes, WhatAShardMayHaveTakenIsNeverRejected) {
  const auto shard =
      answer("Code: 117. DB::Exception: bad: while receiving packet from shard:9000");
  EXPECT_EQ(shard.status, CPHOST_RETRY);
}

TEST(ErrorCodes, ACutBodyRejectsNobodysRows) {
  for (const char* body :
       {"Code: 3. DB::Exception: Unexpected end", "Code: 33. DB::Exception: Cannot read all data",
        "Code: 32. DB::Exception: Attempt to read after eof: While executing Native."})
    EXPECT_EQ(answer(body).status, CPHOST_RETRY) << body;
  EXPECT_EQ(answer("Code: 32. DB::Exception: Attempt to read after eof: Cannot parse Int128 from "
                   "String, because value is too short: while converting column \"c\" from type "
                   "String to type Int128: While executing Native.")
                .status,
            CPHOST_REJECT)
      << "that is a value";
}

TEST(ErrorCodes, AnotherEnumIsTheSchemasFaultNotTheRows) {
  EXPECT_EQ(answer("Code: 70. DB::Exception: Enum conversion changes value for element 'a' from 1 "
                   "to 2: while converting column \"c\"")
                .status,
            CPHOST_REOPEN);
  EXPECT_EQ(answer("Code: 70. DB::Exception: Cannot convert").status, CPHOST_REJECT);
}

TEST(ErrorCodes, AHeaderWinsOverTheBody) {
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "516", "Code: 241. x", 0).status, CPHOST_CONFIG);
}

TEST(ErrorCodes, StatusesOfProxiesAreAFallback) {
  EXPECT_EQ(answer("<html>", Phase::kWrite, 502).status, CPHOST_RETRY);
  EXPECT_EQ(classify_answer(Phase::kWrite, 429, "", "", 7).retry_after_ms, 7000u);
  EXPECT_EQ(answer("", Phase::kOpen, 401).status, CPHOST_CONFIG);
  EXPECT_EQ(answer("", Phase::kWrite, 413).status, CPHOST_CONFIG);
  EXPECT_EQ(answer("", Phase::kOpen, 404).status, CPHOST_CONFIG);
  EXPECT_EQ(answer("surprise", Phase::kWrite, 200).status, CPHOST_RETRY);
}

TEST(ErrorCodes, TextsAreOneLineAndShort) {
  const Failure failure = answer("Code: 60. " + std::string(10'000, 'x') + "\n\r\n", Phase::kWrite);
  EXPECT_LT(failure.text.size(), 1500u);
  EXPECT_EQ(failure.text.find('\n'), std::string::npos);
}

TEST(ErrorCodes, TransfersAreOutagesUnlessTheUserCanMendThem) {
  EXPECT_EQ(classify_transfer(CURLE_COULDNT_CONNECT, "refused", "http://h").status, CPHOST_RETRY);
  EXPECT_EQ(classify_transfer(CURLE_OPERATION_TIMEDOUT, "slow", "http://h").status, CPHOST_RETRY);
  EXPECT_EQ(classify_transfer(CURLE_COULDNT_RESOLVE_HOST, "dns", "http://h").status, CPHOST_RETRY);
  EXPECT_EQ(classify_transfer(CURLE_PEER_FAILED_VERIFICATION, "self-signed", "https://h").status,
            CPHOST_CONFIG);
  EXPECT_EQ(classify_transfer(CURLE_SSL_CACERT_BADFILE, "x", "https://h").status, CPHOST_CONFIG);
  EXPECT_EQ(classify_transfer(CURLE_ABORTED_BY_CALLBACK, "", "http://h").status, CPHOST_RETRY);
}

TEST(ErrorCodes, TheRowOfAJsonBodyIsTheLastOneNamed) {
  const auto row = [](const std::string& text) {
    return classify_answer(
        Phase::kWrite, 500, "117",
        "Code: 117. DB::Exception: Cannot parse " + text + ". (INCORRECT_DATA) (version 26.7.2.1)",
        0);
  };
  const std::string reader = "\n: While executing JSONEachRowRowInputFormat";
  const Failure named = row("x: (while reading the value of key v): (at row 3)" + reader);
  EXPECT_EQ(named.status, CPHOST_REJECT);
  EXPECT_EQ(named.row, 2);
  EXPECT_TRUE(named.row_of_body);
  EXPECT_EQ(row("\"(at row 1)" + reader + "\": (at row 3)" + reader).row, 2);
  EXPECT_EQ(row("\"(at row 1)\"" + reader).row, std::nullopt);
  EXPECT_EQ(row("x: (at row 3)").row, std::nullopt);
  EXPECT_EQ(row("x: (at row 0)" + reader).row, std::nullopt);
}

TEST(ErrorCodes, AValueThatTheJsonReaderRefusesIsARowsFaultWhateverItsCode) {
  const std::string text =
      "Code: 36. DB::Exception: Names of tuple elements cannot be empty: (while reading the value "
      "of key v): While executing JSONEachRowRowInputFormat. (BAD_ARGUMENTS) (version 26.7.2.1)";
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "36", text, 0).status, CPHOST_REJECT);
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "36", text.substr(0, 60), 0).status, CPHOST_CONFIG);
  // One that no rule knows, one that passes by itself, and one that says nothing of the value.
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "777", text, 0).status, CPHOST_REJECT);
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "241", text, 0).status, CPHOST_RETRY);
  EXPECT_EQ(classify_answer(Phase::kWrite, 500, "1000", text, 0).status, CPHOST_RETRY);
}

}  // namespace
}  // namespace clickhouse
