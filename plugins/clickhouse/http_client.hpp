// SPDX-License-Identifier: Apache-2.0
// One kept-alive HTTP connection to ClickHouse, by libcurl. Posts bodies that are lists of segments
// without joining them.
//
// One thread at a time calls post(); interrupt() may be called from any. The segments of a request
// are read until post() returns, from the start again when libcurl has to resend.
#pragma once

#include <curl/curl.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "segment.hpp"

namespace clickhouse {

struct HttpOptions {
  std::string url;  ///< "http[s]://host[:port][/path]": no user, no parameters.
  std::string user;
  std::string password;
  std::string ca_file;  ///< PEM; "": the system's.
  bool verify = true;
  int64_t connect_timeout_ms = 10'000;
  int64_t request_timeout_ms = 300'000;
};

struct HttpAnswer {
  long status = 0;
  std::string exception_code;  ///< X-ClickHouse-Exception-Code, or "".
  uint32_t retry_after_s = 0;
  std::string body;
  bool truncated = false;  ///< The body was longer than asked for.
};

/// The request never got an answer. `curl_code` is a CURLcode; CURLE_ABORTED_BY_CALLBACK after
/// interrupt(). `body_read`: libcurl asked for some of the body, so it may have arrived.
class TransferError : public std::runtime_error {
 public:
  TransferError(CURLcode code, const std::string& text, bool body_was_read)
      : std::runtime_error(text), curl_code(code), body_read(body_was_read) {}
  CURLcode curl_code;
  bool body_read;
};

/// Parameters of a URL, encoded.
class UrlParameters {
 public:
  void add(std::string_view name, std::string_view value);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

class HttpClient {
 public:
  /// Throws std::invalid_argument that says what is wrong with the options. Opens no connection
  /// yet.
  explicit HttpClient(const HttpOptions& options);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Throws TransferError. At most `answer_bytes_max` bytes of the answer are kept.
  /// `timeout_ms` shortens the client's own limit of a request.
  HttpAnswer post(const UrlParameters& parameters, const Segments& body, size_t answer_bytes_max,
                  int64_t timeout_ms = std::numeric_limits<int64_t>::max());

  /// [any] The post under way, or the next one, throws TransferError soon.
  void interrupt();

  const std::string& url() const { return url_; }

 private:
  struct Transfer;
  CURLcode perform();
  template <class T>
  void set(CURLoption option, T value);

  std::string url_;
  int64_t request_timeout_ms_;
  std::unique_ptr<CURL, void (*)(CURL*)> easy_;
  std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi_;
  std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers_;
  char error_text_[CURL_ERROR_SIZE] = {};
  std::atomic<bool> interrupted_{false};
};

/// Whether a URL's host is this machine: compression costs more there than it saves.
bool is_loopback(std::string_view url);

}  // namespace clickhouse
