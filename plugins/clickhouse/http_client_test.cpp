// SPDX-License-Identifier: Apache-2.0
#include "http_client.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "test_server.hpp"

namespace clickhouse {
namespace {

Segment segment(const std::string& s) {
  return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
}

UrlParameters parameters() {
  UrlParameters p;
  p.add("query", "SELECT 1");
  return p;
}

TEST(HttpClient, SegmentsAreJoinedAndSecretsStayInHeaders) {
  TestServer server([](const std::string&) { return ok("fine"); });
  HttpClient client(server.options());
  const std::string a = "first ", b(300'000, 'x'), c = " last";
  for (int round = 0; round < 2; ++round) {
    const HttpAnswer answer =
        client.post(parameters(), {segment(a), segment(""), segment(b), segment(c)}, 100);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "fine");
  }
  EXPECT_EQ(server.connections(), 1) << "the connection is kept";
  const std::string& request = server.requests().at(0);
  EXPECT_TRUE(request.starts_with("POST /?query=SELECT%201 HTTP/1.1\r\n"))
      << request.substr(0, 100);
  EXPECT_TRUE(request.ends_with("\r\n\r\n" + a + b + c));
  EXPECT_NE(request.find("X-ClickHouse-User: me\r\n"), request.npos);
  EXPECT_NE(request.find("X-ClickHouse-Key: hidden\r\n"), request.npos);
  EXPECT_EQ(request.find("Expect:"), request.npos);
}

TEST(HttpClient, ADroppedConnectionIsTriedAgainWithTheWholeBody) {
  int n = 0;
  TestServer server([&n](const std::string&) { return ++n == 2 ? "" : ok("fine"); });
  HttpClient client(server.options());
  const std::string body(200'000, 'y');
  client.post(parameters(), {segment(body)}, 100);
  try {  // libcurl may send it again by itself; if not, the error says that nothing came back.
    client.post(parameters(), {segment(body)}, 100);
    EXPECT_TRUE(server.requests().at(2).ends_with(body));
  } catch (const TransferError&) {
    EXPECT_EQ(server.requests().size(), 2u);
  }
  EXPECT_EQ(client.post(parameters(), {segment(body)}, 100).status, 200);
  EXPECT_TRUE(server.requests().back().ends_with("\r\n\r\n" + body));
}

TEST(HttpClient, AnswersAreLimitedAndHeadersRead) {
  TestServer server([](const std::string&) {
    return ok(std::string(1000, 'e'), "x-clickhouse-exception-code: 241\r\nRetry-After: 9\r\n",
              "500 Internal Server Error");
  });
  HttpClient client(server.options());
  const HttpAnswer answer = client.post(parameters(), {}, 10);
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.exception_code, "241");
  EXPECT_EQ(answer.retry_after_s, 9u);
  EXPECT_EQ(answer.body.size(), 10u);
  EXPECT_TRUE(answer.truncated);
}

TEST(HttpClient, RedirectsAreNotFollowed) {
  TestServer server(
      [](const std::string&) { return ok("", "Location: http://127.0.0.1:1/\r\n", "302 Found"); });
  HttpClient client(server.options());
  EXPECT_EQ(client.post(parameters(), {}, 10).status, 302);
}

TEST(HttpClient, InterruptEndsARequestThatGetsNoAnswer) {
  std::atomic<bool> asked{false}, done{false};
  TestServer server([&](const std::string&) {
    asked = true;
    while (!done) std::this_thread::yield();
    return std::string();
  });
  HttpClient client(server.options());
  std::thread interrupter([&] {
    while (!asked) std::this_thread::yield();
    client.interrupt();
  });
  const auto begin = std::chrono::steady_clock::now();
  try {
    client.post(parameters(), {}, 10);
    ADD_FAILURE() << "it was not interrupted";
  } catch (const TransferError& e) {
    EXPECT_EQ(e.curl_code, CURLE_ABORTED_BY_CALLBACK);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  done = true;
  interrupter.join();
}

TEST(HttpClient, AnInterruptBeforeARequestStopsItAndNotTheOneAfter) {
  TestServer server([](const std::string&) { return ok("fine"); });
  HttpClient client(server.options());
  client.interrupt();
  EXPECT_THROW(client.post(parameters(), {}, 10), TransferError);
  EXPECT_EQ(client.post(parameters(), {}, 10).body, "fine");
}

TEST(HttpClient, ARequestTimeoutIsOne) {
  std::atomic<bool> done{false};
  TestServer server([&](const std::string&) {
    while (!done) std::this_thread::yield();
    return std::string();
  });
  HttpOptions options = server.options();
  options.request_timeout_ms = 50;
  HttpClient client(options);
  try {
    client.post(parameters(), {segment("body")}, 10);
    ADD_FAILURE() << "it did not time out";
  } catch (const TransferError& e) {
    EXPECT_EQ(e.curl_code, CURLE_OPERATION_TIMEDOUT);
    EXPECT_TRUE(e.body_read);
  }
  done = true;
}

TEST(HttpClient, NobodyListeningIsAConnectError) {
  HttpOptions options;
  options.url = "http://127.0.0.1:1";
  HttpClient client(options);
  try {
    client.post(parameters(), {segment("body")}, 10);
    ADD_FAILURE() << "it connected";
  } catch (const TransferError& e) {
    EXPECT_EQ(e.curl_code, CURLE_COULDNT_CONNECT);
    EXPECT_FALSE(e.body_read);
  }
}

}  // namespace
}  // namespace clickhouse
