// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "insert_settings.hpp"

namespace clickhouse {
namespace {

Options good() {
  Options options;
  options.url = "http://localhost:8123";
  options.table = "t";
  options.compression = "auto";
  return options;
}

std::string complaint(const Options& options) {
  try {
    check_options(options);
  } catch (const cphost::Error& e) {
    EXPECT_EQ(e.status(), cphost::Status::config);
    return e.text();
  }
  return {};
}

std::string complaint_about_url(const std::string& url) {
  Options options = good();
  options.url = url;
  return complaint(options);
}

TEST(Options, UrlsAreCheckedBeforeAnythingHappens) {
  EXPECT_EQ(complaint_about_url("http://localhost:8123"), "");
  EXPECT_EQ(complaint_about_url("https://ch.example.com/prefix/"), "");
  EXPECT_EQ(complaint_about_url("chdb:///tmp/db"), "");
  EXPECT_NE(complaint_about_url("http://bob:secret@host").find("user"), std::string::npos);
  EXPECT_EQ(complaint_about_url("http://bob:secret@host").find("secret"), std::string::npos);
  EXPECT_NE(complaint_about_url("http://host/?async_insert=1").find("parameters"),
            std::string::npos);
  EXPECT_NE(complaint_about_url("ftp://host"), "");
  EXPECT_NE(complaint_about_url("http://ho st"), "");
  EXPECT_NE(complaint_about_url("chdb://relative/db").find("absolute"), std::string::npos);
}

TEST(Options, SettingsThatBreakDeliveryAreRefusedAllAtOnce) {
  Options options = good();
  options.settings = {{"async_insert", "1"}, {"insert_quorum", "2"}, {"query_id", "x"}};
  const std::string text = complaint(options);
  EXPECT_NE(text.find("async_insert"), std::string::npos);
  EXPECT_NE(text.find("query_id"), std::string::npos);
  EXPECT_EQ(text.find("insert_quorum"), std::string::npos);
}

TEST(Options, HowTimesAreReadIsForTheFormatToSay) {
  Options options = good();
  options.settings = {{"date_time_input_format", "basic"}};
  EXPECT_NE(complaint(options).find("the format's option of that name"), std::string::npos);
}

TEST(Options, AMissingCaFileIsNamed) {
  Options options = good();
  options.ca_file = "/nonexistent/ca.pem";
  EXPECT_NE(complaint(options).find("/nonexistent/ca.pem"), std::string::npos);
}

TEST(Options, PasswordsWithLineEndsAreRefusedWithoutBeingShown) {
  Options options = good();
  options.password = "hidden\r\nX-Evil: 1";
  EXPECT_NE(complaint(options), "");
  EXPECT_EQ(complaint(options).find("hidden"), std::string::npos);
}

TEST(Options, CompressionIsSparedOnThisMachine) {
  Options options = good();
  EXPECT_EQ(compression_of(options), Compression::kNone);
  options.url = "http://[::1]:8123";
  EXPECT_EQ(compression_of(options), Compression::kNone);
  options.url = "https://ch.example.com";
  EXPECT_EQ(compression_of(options), Compression::kLz4);
  options.url = "chdb:///tmp/db";
  EXPECT_EQ(compression_of(options), Compression::kNone);
  options.compression = "zstd";
  EXPECT_EQ(compression_of(options), Compression::kZstd);
}

TEST(InsertSettings, OnlyWhatTheServerKnowsIsSent) {
  const Settings settings =
      settings_for({"async_insert", "insert_distributed_sync"}, false, {{"insert_quorum", "2"}});
  EXPECT_EQ(
      settings,
      (Settings{{"async_insert", "0"}, {"insert_distributed_sync", "1"}, {"insert_quorum", "2"}}));
  const Settings both =
      settings_for({"distributed_foreground_insert", "insert_distributed_sync"}, false, {});
  EXPECT_EQ(both, (Settings{{"distributed_foreground_insert", "1"}}));
}

TEST(InsertSettings, TheRowsSayHowTheirTimesAreToBeRead) {
  const std::set<std::string> known = {"date_time_input_format"};
  EXPECT_EQ(settings_for(known, false, {}), (Settings{{"date_time_input_format", "best_effort"}}));
  EXPECT_EQ(settings_for(known, false, {}, "basic"),
            (Settings{{"date_time_input_format", "basic"}}));
}

TEST(UrlParameters, EverythingButPlainLettersIsEncoded) {
  UrlParameters parameters;
  parameters.add("query", "INSERT INTO `t` (a)");
  parameters.add("x", "&=\n\xff");
  EXPECT_EQ(parameters.text(), "query=INSERT%20INTO%20%60t%60%20%28a%29&x=%26%3D%0A%FF");
}

}  // namespace
}  // namespace clickhouse
