// SPDX-License-Identifier: Apache-2.0
// HTTP/1.1 on one connection: requests one after the other, their bodies pulled piece by piece,
// one answer each.
//
// Order of calls: next_request(); when it is true any of head() and body(), then either send() or
// begin(), write()... and end() or abort(); then next_request() again. One thread a connection.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "body.hpp"
#include "socket.hpp"

namespace chdb {

/// Something that is not HTTP, or more of it than allowed.
class BadRequest : public std::runtime_error {
 public:
  BadRequest(int status, const std::string& what) : std::runtime_error(what), status_(status) {}
  int status() const { return status_; }

 private:
  int status_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

class RequestHead {
 public:
  virtual ~RequestHead() = default;
  virtual std::string_view method() const = 0;
  virtual std::string_view target() const = 0;
  /// The first header of that name, in any case; empty when there is none.
  virtual std::string_view header(std::string_view name) const = 0;
};

class HttpConnection {
 public:
  struct Limits {
    size_t head_bytes = size_t{1} << 20;  ///< Of the request line and headers: queries are there.
    std::chrono::seconds keep_alive{30};
    std::chrono::seconds head_timeout{30};
  };

  /// `stop_fd` becomes readable when idle connections shall end.
  HttpConnection(Socket& socket, const Limits& limits, int stop_fd);
  ~HttpConnection();

  /// False when the connection ends. Throws BadRequest (which the caller answers by send(), and
  /// ends the connection) and ConnectionLost.
  bool next_request();
  const RequestHead& head() const;
  /// Throws ConnectionLost when the client vanishes, BadRequest when the framing is broken.
  BodyReader& body();
  /// Of Content-Length, 0 when it is not known.
  uint64_t announced_body_size() const;

  void send(int status, const Headers& headers, std::string_view text);
  void begin(int status, const Headers& headers);
  void write(std::string_view data);
  void end();
  /// Ends an answer that has begun so that the client sees it is not whole.
  void abort();

 private:
  class Message;

  void receive_more(Clock::time_point deadline);
  void read_head();
  bool drain();
  std::string head_text(int status, const Headers& headers);

  Socket& socket_;
  const Limits limits_;
  const int stop_fd_;
  std::unique_ptr<Message> message_;
  bool persistent_ = true;
  bool chunked_ = false;
};

}  // namespace chdb
