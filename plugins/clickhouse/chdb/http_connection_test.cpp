// SPDX-License-Identifier: Apache-2.0
#include "http_connection.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <random>
#include <thread>

namespace chdb {
namespace {

/// A connection whose client side is written and read by the test.
class HttpConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    int ends[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    client_ = Descriptor(ends[0]);
    socket_.emplace(Descriptor(ends[1]), std::chrono::seconds(20), std::chrono::seconds(20));
    stop_ = Descriptor(eventfd(0, EFD_CLOEXEC));
    HttpConnection::Limits limits;
    limits.head_bytes = 4096;
    connection_.emplace(*socket_, limits, stop_.get());
  }

  void send(std::string_view text) {
    ASSERT_EQ(write(client_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void end() { shutdown(client_.get(), SHUT_WR); }

  /// What has been answered so far.
  std::string received() {
    std::string text(1 << 20, '\0');
    const ssize_t count = recv(client_.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(count < 0 ? 0 : static_cast<size_t>(count));
    return text;
  }

  std::string read_body() { return read_text(connection_->body(), 1 << 20); }

  Descriptor client_;
  Descriptor stop_;
  std::optional<Socket> socket_;
  std::optional<HttpConnection> connection_;
};

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

TEST_F(HttpConnectionTest, AnswersRequestsOneAfterTheOther) {
  send(
      "GET /a?b HTTP/1.1\r\nHost: x\r\nX-Own: 1\r\n\r\nPOST /c HTTP/1.1\r\nContent-Length: "
      "3\r\n\r\nxyz");
  ASSERT_TRUE(connection_->next_request());
  EXPECT_EQ(connection_->head().target(), "/a?b");
  EXPECT_EQ(connection_->head().header("x-own"), "1");
  EXPECT_EQ(connection_->head().header("nosuch"), "");
  EXPECT_EQ(read_body(), "");
  connection_->send(200, {}, "one");
  EXPECT_TRUE(ends_with(received(), "Content-Length: 3\r\n\r\none"));
  ASSERT_TRUE(connection_->next_request());
  EXPECT_EQ(connection_->head().method(), "POST");
  EXPECT_EQ(read_body(), "xyz");
  connection_->send(404, {{"X-Code", "60"}}, "two");
  const std::string answer = received();
  EXPECT_EQ(answer.substr(0, answer.find("\r\n")), "HTTP/1.1 404 Not Found");
  EXPECT_NE(answer.find("X-Code: 60\r\n"), std::string::npos);
  end();
  EXPECT_FALSE(connection_->next_request());
}

TEST_F(HttpConnectionTest, ReadsChunksInPiecesOfAnySize) {
  send(
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5;name=value\r\ndefgh"
      "\r\n0\r\n\r\n");
  ASSERT_TRUE(connection_->next_request());
  char piece[2];
  std::string body;
  while (const size_t count = connection_->body().read(piece, sizeof piece)) {
    body.append(piece, count);
  }
  EXPECT_EQ(body, "abcdefgh");
  EXPECT_EQ(connection_->body().read(piece, sizeof piece), 0u);
}

TEST_F(HttpConnectionTest, SkipsABodyNobodyRead) {
  send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345GET /next HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(connection_->next_request());
  connection_->send(400, {}, "");
  ASSERT_TRUE(connection_->next_request());
  EXPECT_EQ(connection_->head().target(), "/next");
}

TEST_F(HttpConnectionTest, EndsTheConnectionRatherThanSkipALargeBody) {
  send("POST / HTTP/1.1\r\nContent-Length: 500000000\r\n\r\n12345");
  end();
  ASSERT_TRUE(connection_->next_request());
  connection_->send(400, {}, "no");
  EXPECT_NE(received().find("Connection: Close\r\n"), std::string::npos);
  EXPECT_FALSE(connection_->next_request());
}

TEST_F(HttpConnectionTest, AsksForTheBodyOnlyWhenItIsRead) {
  send("POST / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_TRUE(connection_->next_request());
  EXPECT_EQ(received(), "");
  std::thread client([&] {
    char answer[100];
    const ssize_t count = recv(client_.get(), answer, sizeof answer, 0);
    EXPECT_EQ(std::string(answer, static_cast<size_t>(std::max<ssize_t>(count, 0))),
              "HTTP/1.1 100 Continue\r\n\r\n");
    send("ok");
  });
  EXPECT_EQ(read_body(), "ok");
  client.join();
}

TEST_F(HttpConnectionTest, TellsAClientThatVanishesFromAnEnd) {
  send("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n12345");
  end();
  ASSERT_TRUE(connection_->next_request());
  char piece[100];
  EXPECT_EQ(connection_->body().read(piece, sizeof piece), 5u);
  EXPECT_THROW(connection_->body().read(piece, sizeof piece), ConnectionLost);
}

TEST_F(HttpConnectionTest, StreamsAnAnswerInChunks) {
  send("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(connection_->next_request());
  connection_->begin(200, {});
  connection_->write("abc");
  connection_->write("");
  connection_->write("0123456789abcdef");
  connection_->end();
  EXPECT_TRUE(ends_with(received(),
                        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n10\r\n"
                        "0123456789abcdef\r\n0\r\n\r\n"));
}

TEST_F(HttpConnectionTest, LeavesTheLastChunkOutOfAnAbortedAnswer) {
  send("GET / HTTP/1.1\r\n\r\n");
  end();
  ASSERT_TRUE(connection_->next_request());
  connection_->begin(200, {});
  connection_->write("abc");
  connection_->abort();
  EXPECT_TRUE(ends_with(received(), "3\r\nabc\r\n"));
  EXPECT_FALSE(connection_->next_request());
}

TEST_F(HttpConnectionTest, StreamsToOldClientsUntilTheEnd) {
  send("GET / HTTP/1.0\r\n\r\n");
  end();
  ASSERT_TRUE(connection_->next_request());
  connection_->begin(200, {});
  connection_->write("abc");
  connection_->end();
  const std::string answer = received();
  EXPECT_TRUE(ends_with(answer, "Connection: Close\r\n\r\nabc"));
  EXPECT_FALSE(connection_->next_request());
}

TEST_F(HttpConnectionTest, RefusesHeadsThatAreTooLarge) {
  send("GET /" + std::string(5000, 'x') + " HTTP/1.1\r\n\r\n");
  try {
    connection_->next_request();
    FAIL() << "no limit";
  } catch (const BadRequest& bad) {
    EXPECT_EQ(bad.status(), 431);
  }
}

TEST_F(HttpConnectionTest, RefusesTwoWaysToTellTheBodysEnd) {
  send("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  EXPECT_THROW(connection_->next_request(), BadRequest);
}

TEST_F(HttpConnectionTest, AnIdleConnectionEndsWhenTheServerStops) {
  const uint64_t one = 1;
  ASSERT_EQ(write(stop_.get(), &one, sizeof one), 8);
  EXPECT_FALSE(connection_->next_request());
}

TEST_F(HttpConnectionTest, SurvivesDamagedRequests) {
  const std::string good =
      "POST /?query=x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nExpect: "
      "100-continue\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  std::minstd_rand random(1);
  for (int round = 0; round < 2000; ++round) {
    SetUp();
    std::string text = good;
    for (int change = 0; change < 3; ++change) {
      text[random() % text.size()] = static_cast<char>(random() % 256);
    }
    send(text.substr(0, random() % text.size() + 1));
    end();
    try {
      while (connection_->next_request()) {
        read_body();
        connection_->send(200, {}, "Ok.\n");
      }
    } catch (const BadRequest&) {
    } catch (const ConnectionLost&) {
    }
  }
}

}  // namespace
}  // namespace chdb
