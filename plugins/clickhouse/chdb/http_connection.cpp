// SPDX-License-Identifier: Apache-2.0
#include "http_connection.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <cstdio>
#include <limits>
#include <optional>

namespace chdb {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

constexpr size_t kReceiveBytes = 256 * 1024;
/// What is left of a body that nobody wants any more is read up to here to keep the connection.
constexpr size_t kDrainBytesMax = 1 << 20;

int status_of(const beast::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  return 400;
}

}  // namespace

/// The request under way and the bytes received beyond it.
class HttpConnection::Message : public RequestHead, public BodyReader {
 public:
  explicit Message(HttpConnection& connection) : connection_(connection) {}

  void start() {
    parser_.emplace();
    parser_->header_limit(static_cast<uint32_t>(connection_.limits_.head_bytes));
    // None: bytes are counted after decompression, by whoever reads the body.
    parser_->body_limit(std::numeric_limits<uint64_t>::max());
    continue_wanted_ = false;
  }

  /// False when more bytes are needed.
  bool parse_head() {
    put();
    if (!parser_->is_header_done()) return false;
    parser_->eager(true);
    const auto& fields = parser_->get();
    continue_wanted_ = beast::iequals(fields[http::field::expect], "100-continue");
    return true;
  }

  size_t read(char* data, size_t size) override {
    if (continue_wanted_ && !parser_->is_done()) {
      connection_.socket_.send("HTTP/1.1 100 Continue\r\n\r\n");
    }
    continue_wanted_ = false;
    auto& target = parser_->get().body();
    target.data = data;
    target.size = size;
    target.more = true;
    while (!parser_->is_done()) {
      if (buffer_.size() > 0) put();
      if (target.size < size || parser_->is_done()) break;
      connection_.receive_more(Clock::time_point::max());
    }
    return size - target.size;
  }

  bool is_done() const { return parser_->is_done(); }
  bool continue_wanted() const { return continue_wanted_; }
  bool keep_alive() const { return parser_->keep_alive(); }
  bool is_chunkable() const { return parser_->get().version() >= 11; }
  bool is_head_method() const { return parser_->get().method() == http::verb::head; }
  uint64_t content_length() const {
    const auto length = parser_->content_length();
    return length ? *length : 0;
  }
  beast::flat_buffer& buffer() { return buffer_; }

  std::string_view method() const override { return view(parser_->get().method_string()); }
  std::string_view target() const override { return view(parser_->get().target()); }
  std::string_view header(std::string_view name) const override {
    return view(parser_->get()[beast::string_view(name.data(), name.size())]);
  }

 private:
  static std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

  void put() {
    beast::error_code error;
    const size_t used = parser_->put(buffer_.data(), error);
    buffer_.consume(used);
    if (error == http::error::need_more || error == http::error::need_buffer) error = {};
    if (error) throw BadRequest(status_of(error), error.message());
  }

  HttpConnection& connection_;
  std::optional<http::request_parser<http::buffer_body>> parser_;
  beast::flat_buffer buffer_;
  bool continue_wanted_ = false;
};

HttpConnection::HttpConnection(Socket& socket, const Limits& limits, int stop_fd)
    : socket_(socket),
      limits_(limits),
      stop_fd_(stop_fd),
      message_(std::make_unique<Message>(*this)) {}

HttpConnection::~HttpConnection() = default;

const RequestHead& HttpConnection::head() const {
  return *message_;
}

BodyReader& HttpConnection::body() {
  return *message_;
}

uint64_t HttpConnection::announced_body_size() const {
  return message_->content_length();
}

void HttpConnection::receive_more(Clock::time_point deadline) {
  const auto space = message_->buffer().prepare(kReceiveBytes);
  const size_t count = socket_.receive(static_cast<char*>(space.data()), space.size(), deadline);
  if (count == 0) throw ConnectionLost("the client closed the connection within a request");
  message_->buffer().commit(count);
}

bool HttpConnection::next_request() {
  if (!persistent_) return false;
  message_->start();
  if (message_->buffer().size() == 0) {
    if (!socket_.wait_readable(stop_fd_, Clock::now() + limits_.keep_alive)) return false;
    const auto space = message_->buffer().prepare(kReceiveBytes);
    const size_t count = socket_.receive(static_cast<char*>(space.data()), space.size());
    if (count == 0) return false;
    message_->buffer().commit(count);
  }
  persistent_ = false;  // Whatever is wrong with the head ends the connection.
  read_head();
  persistent_ = message_->keep_alive();
  return true;
}

void HttpConnection::read_head() {
  const auto deadline = Clock::now() + limits_.head_timeout;
  while (!message_->parse_head()) {
    if (message_->buffer().size() >= limits_.head_bytes) {
      throw BadRequest(431, "the request's head is larger than " +
                                std::to_string(limits_.head_bytes) + " bytes");
    }
    receive_more(deadline);
  }
}

// False when what is left is too much: the connection ends then.
bool HttpConnection::drain() {
  if (message_->is_done()) return true;
  if (message_->continue_wanted()) return false;  // The client may or may not send the body.
  if (message_->content_length() > kDrainBytesMax) return false;
  char ignored[16 * 1024];
  size_t bytes = 0;
  while (!message_->is_done() && bytes <= kDrainBytesMax) {
    bytes += message_->read(ignored, sizeof ignored);
  }
  return message_->is_done();
}

std::string HttpConnection::head_text(int status, const Headers& headers) {
  const auto reason = http::obsolete_reason(static_cast<http::status>(status));
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  text.append(persistent_ ? "Connection: Keep-Alive\r\n" : "Connection: Close\r\n");
  if (persistent_) {
    text.append("Keep-Alive: timeout=" + std::to_string(limits_.keep_alive.count()) + "\r\n");
  }
  return text;
}

void HttpConnection::send(int status, const Headers& headers, std::string_view text) {
  try {
    persistent_ = persistent_ && drain();
  } catch (const BadRequest&) {
    persistent_ = false;
  }
  std::string answer = head_text(status, headers);
  answer.append("Content-Length: " + std::to_string(text.size()) + "\r\n\r\n");
  if (!message_->is_head_method()) answer.append(text);
  socket_.send(answer);
  if (!persistent_) socket_.finish();
}

void HttpConnection::begin(int status, const Headers& headers) {
  chunked_ = message_->is_chunkable();
  persistent_ = persistent_ && chunked_ && drain();
  std::string text = head_text(status, headers);
  text.append(chunked_ ? "Transfer-Encoding: chunked\r\n\r\n" : "\r\n");
  socket_.send(text);
}

void HttpConnection::write(std::string_view data) {
  if (data.empty() || message_->is_head_method()) return;
  if (!chunked_) {
    socket_.send(data);
    return;
  }
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  socket_.send(size);
  socket_.send(data);
  socket_.send("\r\n");
}

void HttpConnection::end() {
  if (chunked_ && !message_->is_head_method()) socket_.send("0\r\n\r\n");
  if (!persistent_) socket_.finish();
}

void HttpConnection::abort() {
  persistent_ = false;
  socket_.finish();
}

}  // namespace chdb
