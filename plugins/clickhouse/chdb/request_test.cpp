// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <gtest/gtest.h>

#include <map>

#include "errors.hpp"

namespace chdb {
namespace {

using HeaderMap = std::map<std::string, std::string, std::less<>>;

Request parse(std::string_view target, std::string_view method = "POST",
              const HeaderMap& headers = {}) {
  return parse_request(method, target, [&](std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  });
}

int failure_code(std::string_view target, const HeaderMap& headers = {}) {
  try {
    parse(target, "POST", headers);
  } catch (const Failure& failure) {
    return failure.code();
  }
  return 0;
}

TEST(Request, TakesTheUrlApart) {
  const Request request = parse("/?query=SELECT+1%2b1&database=d%26b&query_id=q-1&decompress=1");
  EXPECT_EQ(request.path, "/");
  EXPECT_EQ(request.query, "SELECT 1+1");
  EXPECT_EQ(request.database, "d&b");
  EXPECT_EQ(request.query_id, "q-1");
  EXPECT_TRUE(request.decompress);
  EXPECT_FALSE(request.compress);
  EXPECT_EQ(request.user, "default");
}

TEST(Request, TakesEveryOtherParameterForASetting) {
  const Request request = parse("/?max_threads=3&log_comment=it's+%5C&param_t=events");
  EXPECT_EQ(request.settings_sql(), "SET max_threads = '3', log_comment = 'it\\'s \\\\'");
  ASSERT_EQ(request.parameters.size(), 1u);
  EXPECT_EQ(request.parameters[0].first, "t");
  EXPECT_EQ(request.parameters[0].second, "events");
  EXPECT_EQ(parse("/").settings_sql(), "");
}

TEST(Request, QuotesTheDatabase) {
  EXPECT_EQ(parse("/?database=a%60b").use_sql(), "USE `a\\`b`");
  EXPECT_EQ(parse("/?database=default").use_sql(), "");
  EXPECT_EQ(parse("/").use_sql(), "");
  EXPECT_EQ(parse("/", "POST", {{"X-ClickHouse-Database", "h"}}).use_sql(), "USE `h`");
}

TEST(Request, KeepsSqlOutOfSettingNames) {
  EXPECT_EQ(failure_code("/?a%3D1,b=2"), kUnknownSetting);
  EXPECT_EQ(failure_code("/?=2"), kUnknownSetting);
}

TEST(Request, OnlyPostMayWrite) {
  EXPECT_TRUE(parse("/", "GET").read_only);
  EXPECT_FALSE(parse("/", "POST").read_only);
}

TEST(Request, TakesCredentialsFromOnePlaceOnly) {
  const HeaderMap own = {{"X-ClickHouse-User", "u"}, {"X-ClickHouse-Key", "k"}};
  EXPECT_EQ(parse("/", "POST", own).user, "u");
  EXPECT_EQ(parse("/", "POST", own).password, "k");
  const HeaderMap basic = {{"Authorization", "Basic dTprOjE="}};
  EXPECT_EQ(parse("/", "POST", basic).user, "u");
  EXPECT_EQ(parse("/", "POST", basic).password, "k:1");
  EXPECT_EQ(parse("/?user=u&password=k").password, "k");
  EXPECT_EQ(failure_code("/?user=u", own), kAuthenticationFailed);
  EXPECT_EQ(failure_code("/", {{"Authorization", "Bearer x"}}), kAuthenticationFailed);
  EXPECT_EQ(failure_code("/", {{"Authorization", "Basic !!"}}), kAuthenticationFailed);
}

TEST(Request, RefusesWhatItCannotUnderstand) {
  EXPECT_EQ(failure_code("/?query=%zz"), kBadArguments);
  EXPECT_EQ(failure_code("/?query=%2"), kBadArguments);
  EXPECT_EQ(failure_code("/?buffer_size=many"), kCannotParseText);
  EXPECT_EQ(failure_code("/?session_id=s"), kNotImplemented);
  EXPECT_EQ(failure_code("/?query_id=a%0d%0ab"), kBadArguments);
}

TEST(Request, MakesAQueryIdWhenThereIsNone) {
  const Request request = parse("/");
  EXPECT_EQ(request.query_id.size(), 36u);
  EXPECT_EQ(request.query_id[14], '4');
  EXPECT_NE(request.query_id, parse("/").query_id);
}

}  // namespace
}  // namespace chdb
