// SPDX-License-Identifier: Apache-2.0
#include "host/report/log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

namespace cphost::host {
namespace {

constexpr int64_t kTime = 1'795'266'000'123;  // 2026-11-21T13:00:00.123Z

/// A log into a pipe.
struct CapturedLog {
  explicit CapturedLog(LogLevel level, LogStyle style)
      : opened(::pipe(ends)), log(level, style, ends[1]) {}
  ~CapturedLog() {
    ::close(ends[0]);
    ::close(ends[1]);
  }
  std::string read() const {
    char buffer[65536];
    const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
    return std::string(buffer, static_cast<size_t>(got));
  }
  int ends[2] = {-1, -1};
  int opened;
  Log log;
};

TEST(LogLine, IsReadableAsText) {
  EXPECT_EQ(log_line(LogStyle::kText, kTime, LogLevel::kInfo, {{"pipe", "orders"}, {"worker", "0"}},
                     {}, "started"),
            "2026-11-21T13:00:00.123Z info    pipe=orders worker=0 started");
  EXPECT_EQ(log_line(LogStyle::kText, kTime, LogLevel::kError, {}, {}, "x"),
            "2026-11-21T13:00:00.123Z error   x");
}

TEST(LogLine, QuotesValuesThatNeedIt) {
  EXPECT_EQ(log_line(LogStyle::kText, kTime, LogLevel::kInfo, {},
                     {{"a", "two words"}, {"b", ""}, {"c", "x\"y"}, {"d", "1=2"}}, "t"),
            "2026-11-21T13:00:00.123Z info    a=\"two words\" b=\"\" c=\"x\\\"y\" d=\"1=2\" t");
}

TEST(LogLine, StaysOneLineAndSteersNoTerminal) {
  EXPECT_EQ(log_line(LogStyle::kText, kTime, LogLevel::kInfo, {}, {}, "a\nb\x1b[31m\xff\xc2\x9b z"),
            "2026-11-21T13:00:00.123Z info    a\\nb\\x1b[31m\\xff\\x9b z");
}

TEST(LogLine, IsAJsonObject) {
  EXPECT_EQ(log_line(LogStyle::kJson, kTime, LogLevel::kWarning, {{"pipe", "or\"ders"}},
                     {{"n", "1"}}, "a\nb\t\\ \x01 \xc3\xa9 \xff"),
            "{\"time\":\"2026-11-21T13:00:00.123Z\",\"level\":\"warning\",\"pipe\":\"or\\\"ders\","
            "\"n\":\"1\","
            "\"text\":\"a\\nb\\t\\\\ \\u0001 \xc3\xa9 \xef\xbf\xbd\"}");
}

TEST(LogLine, ReplacesSurrogatesAndOverlongFormsInJson) {
  const std::string line =
      log_line(LogStyle::kJson, kTime, LogLevel::kInfo, {}, {}, "\xed\xa0\x80|\xc0\x80|\xf4\x90");
  EXPECT_NE(line.find("\"text\":\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|"),
            std::string::npos);
}

TEST(LogLine, HasALimit) {
  EXPECT_LT(
      log_line(LogStyle::kText, kTime, LogLevel::kInfo, {}, {}, std::string(1 << 20, 'x')).size(),
      20'000u);
}

TEST(Log, DropsWhatIsBelowItsLevel) {
  const CapturedLog captured(LogLevel::kWarning, LogStyle::kText);
  captured.log.info("not this");
  captured.log.warning("but this");
  const std::string text = captured.read();
  EXPECT_EQ(text.find("not this"), std::string::npos);
  EXPECT_NE(text.find("but this\n"), std::string::npos);
}

TEST(Log, AddsFieldsWithoutChangingItsParent) {
  const CapturedLog captured(LogLevel::kInfo, LogStyle::kText);
  const Log child = captured.log.with("pipe", "orders");
  captured.log.info("parent");
  child.info("child", {{"n", "1"}});
  const std::string text = captured.read();
  EXPECT_NE(text.find("info    parent\n"), std::string::npos);
  EXPECT_NE(text.find("info    pipe=orders n=1 child\n"), std::string::npos);
}

TEST(Log, KeepsLinesWholeWhenManyThreadsWrite) {
  const CapturedLog captured(LogLevel::kInfo, LogStyle::kText);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 50; ++j) captured.log.info("0123456789");
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string text = captured.read();
  size_t lines = 0;
  for (size_t at = 0; (at = text.find("info    0123456789\n", at)) != std::string::npos; ++at)
    ++lines;
  EXPECT_EQ(lines, 200u);
}

TEST(Log, MovesTheStatusLineBelowEachLine) {
  const CapturedLog captured(LogLevel::kInfo, LogStyle::kText);
  captured.log.set_status_line("42 rows");
  captured.log.info("event");
  captured.log.set_status_line("");
  captured.log.info("last");
  const std::string text = captured.read();
  EXPECT_EQ(text.substr(0, 11), "\r\x1b[K42 rows");
  EXPECT_NE(text.find("event\n42 rows\r\x1b[K"), std::string::npos);
  EXPECT_TRUE(text.ends_with("last\n"));
}

}  // namespace
}  // namespace cphost::host
