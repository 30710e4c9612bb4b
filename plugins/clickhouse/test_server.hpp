// SPDX-License-Identifier: Apache-2.0
// A server of a few lines on a port of this machine, for tests: what a real one does rarely, or
// never on command. It serves one connection after the other, on a thread of its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "file_descriptor.hpp"
#include "http_client.hpp"

namespace clickhouse {

/// Answers each request with what `answer` says, and keeps what it got.
class TestServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  explicit TestServer(Answer answer)
      : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), raw, size) || ::listen(listener_.get(), 8) ||
        ::getsockname(listener_.get(), raw, &size))
      std::abort();
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~TestServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }

  HttpOptions options() const {
    HttpOptions options;
    options.url = "http://127.0.0.1:" + std::to_string(port_) + "/";
    options.user = "me";
    options.password = "hidden";
    return options;
  }
  const std::vector<std::string>& requests() const { return requests_; }
  int connections() const { return connections_; }

 private:
  void serve() {
    for (int fd; (fd = ::accept(listener_.get(), nullptr, nullptr)) >= 0;) {
      ++connections_;
      const FileDescriptor connection(fd);
      std::string input;
      while (take_request(fd, input)) {
        const std::string out = answer_(requests_.back());
        if (out.empty()) break;
        if (::send(fd, out.data(), out.size(), MSG_NOSIGNAL) < 0) break;
      }
    }
  }
  bool take_request(int fd, std::string& input) {
    char buffer[65536];
    while (true) {
      const size_t head = input.find("\r\n\r\n");
      if (head != input.npos) {
        const size_t length = std::stoul(input.substr(input.find("Content-Length: ") + 16));
        if (input.size() >= head + 4 + length) {
          requests_.push_back(input.substr(0, head + 4 + length));
          input.erase(0, head + 4 + length);
          return true;
        }
      }
      const ssize_t n = ::recv(fd, buffer, sizeof buffer, 0);
      if (n <= 0) return false;
      input.append(buffer, static_cast<size_t>(n));
    }
  }

  Answer answer_;
  FileDescriptor listener_;
  uint16_t port_ = 0;
  std::thread thread_;
  std::vector<std::string> requests_;
  std::atomic<int> connections_{0};
};

inline std::string ok(const std::string& body, const std::string& headers = "",
                      const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace clickhouse
