// SPDX-License-Identifier: Apache-2.0
#include "token.hpp"

#include <gtest/gtest.h>

namespace kafka {
namespace {

// {"alg":"none"} . {"sub":"app","aud":["a",{"exp":1}],"exp":1790000000} . signature
constexpr const char* kJwt =
    "eyJhbGciOiJub25lIn0."
    "eyJzdWIiOiJhcHAiLCJhdWQiOlsiYSIseyJleHAiOjF9XSwiZXhwIjoxNzkwMDAwMDAwfQ.c2ln";

TEST(Token, SaysItsEndAndSubjectWhenItIsAJwt) {
  const auto token = parse_token(kJwt);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->value, kJwt);
  EXPECT_EQ(token->ends_ms, 1790000000000);
  EXPECT_EQ(token->subject, "app");
}

TEST(Token, IsTakenWithoutTheSpaceAroundIt) {
  EXPECT_EQ(parse_token("\n opaque \r\n")->value, "opaque");
}

TEST(Token, MayBeOpaque) {
  for (const char* text : {"opaque", "a.b", "a.%%.c", "a.bm90IGpzb24.c"}) {
    const auto token = parse_token(text);
    ASSERT_TRUE(token) << text;
    EXPECT_EQ(token->ends_ms, 0) << text;
  }
}

TEST(Token, HoldsNoSpaceAndNoControlCharacter) {
  for (const char* text : {"", "  ", "a b", "a\x01z", "a\nb", "\xc3\xa4"}) {
    EXPECT_FALSE(parse_token(text)) << text;
  }
}

TEST(JsonMember, IsOneOfTheOutermostObject) {
  const char* object = R"( {"a": {"token": "inner"}, "b": [1, "x]", {}], "token": "outer"} )";
  EXPECT_EQ(json_member(object, "token"), "outer");
  EXPECT_EQ(json_member(object, "c"), std::nullopt);
}

TEST(JsonMember, IsATextANumberOrAWord) {
  const char* object = R"({"text": "a\"b\/c", "number": 300, "word": true, "last": null})";
  EXPECT_EQ(json_member(object, "text"), "a\"b/c");
  EXPECT_EQ(json_member(object, "number"), "300");
  EXPECT_EQ(json_member(object, "word"), "true");
  EXPECT_EQ(json_member(object, "last"), "null");
}

TEST(JsonMember, IsNotFoundInWhatIsNoJson) {
  for (const char* text :
       {"", "{", "[]", "<html>", R"({"a" 1, "b": 2})", R"({"a": "x)", R"({"a":})"}) {
    EXPECT_EQ(json_member(text, "b"), std::nullopt) << text;
  }
  EXPECT_EQ(json_member("{\"a\":" + std::string(100'000, '['), "b"), std::nullopt);
}

}  // namespace
}  // namespace kafka
