// SPDX-License-Identifier: Apache-2.0
#include "http_client.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <mutex>

namespace clickhouse {
namespace {

constexpr long kUploadBufferBytes = 512 << 10;
constexpr long kKeepAliveIdleS = 60;
constexpr int kPollMs = 1000;

// libcurl counts its users; other plugins of the process may be among them, so it is never cleaned
// up.
void init_curl() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
      throw std::runtime_error("libcurl cannot be initialised");
  });
}

using UrlHandle = std::unique_ptr<CURLU, void (*)(CURLU*)>;

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

UrlHandle parse_url(const std::string& text) {
  UrlHandle url(curl_url(), curl_url_cleanup);
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw std::invalid_argument("'" + text + "' is not a URL like http://host:8123");
  }
  return url;
}

// Without a trailing slash, so that "/?..." can follow.
std::string checked_url(const std::string& text) {
  const UrlHandle url = parse_url(text);
  const std::string scheme = url_part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    throw std::invalid_argument("url must begin with http://, https:// or chdb://, not " + scheme +
                                "://");
  }
  if (!url_part(url.get(), CURLUPART_USER).empty() ||
      !url_part(url.get(), CURLUPART_PASSWORD).empty()) {
    throw std::invalid_argument(
        "url must not hold a user or password: they would end up in logs; use the options user and "
        "password");
  }
  if (!url_part(url.get(), CURLUPART_QUERY).empty() ||
      !url_part(url.get(), CURLUPART_FRAGMENT).empty()) {
    throw std::invalid_argument(
        "url must not hold parameters: give settings in the option settings");
  }
  std::string base = text;
  while (base.ends_with('/')) base.pop_back();
  return base;
}

std::string header(std::string_view name, const std::string& value) {
  if (value.find_first_of(std::string_view("\r\n\0", 3)) != value.npos) {
    throw std::invalid_argument("user and password must not hold line ends");
  }
  return std::string(name) + ": " + value;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

// The value of the header line if it is `name` (in lower case), else nothing.
bool header_value(std::string_view line, std::string_view name, std::string_view& value) {
  if (line.size() <= name.size() || line[name.size()] != ':') return false;
  for (size_t i = 0; i < name.size(); ++i) {
    if (lower(line[i]) != name[i]) return false;
  }
  value = line.substr(name.size() + 1);
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && (value.back() == '\r' || value.back() == '\n' || value.back() == ' '))
    value.remove_suffix(1);
  return true;
}

}  // namespace

// What libcurl's callbacks see of one request.
struct HttpClient::Transfer {
  const Segments& body;
  size_t answer_bytes_max;
  HttpAnswer answer{};
  size_t segment = 0;  // Where reading stands.
  size_t offset = 0;
  bool body_read = false;

  static size_t read(char* to, size_t, size_t size, void* self) {
    auto& t = *static_cast<Transfer*>(self);
    t.body_read = true;
    size_t done = 0;
    while (done < size && t.segment < t.body.size()) {
      const Segment& s = t.body[t.segment];
      const size_t n = std::min(size - done, s.size - t.offset);
      if (n) std::memcpy(to + done, s.data + t.offset, n);
      done += n;
      t.offset += n;
      if (t.offset == s.size) {
        ++t.segment;
        t.offset = 0;
      }
    }
    return done;
  }

  static int seek(void* self, curl_off_t offset, int origin) {
    auto& t = *static_cast<Transfer*>(self);
    if (origin != SEEK_SET) return CURL_SEEKFUNC_CANTSEEK;
    t.segment = 0;
    auto rest = static_cast<size_t>(offset);
    while (t.segment < t.body.size() && rest >= t.body[t.segment].size)
      rest -= t.body[t.segment++].size;
    t.offset = rest;
    return CURL_SEEKFUNC_OK;
  }

  static size_t write(const char* data, size_t, size_t size, void* self) {
    auto& t = *static_cast<Transfer*>(self);
    const size_t kept = std::min(size, t.answer_bytes_max - t.answer.body.size());
    t.answer.body.append(data, kept);
    t.answer.truncated |= kept < size;
    return size;
  }

  static size_t header_line(const char* data, size_t, size_t size, void* self) {
    auto& answer = static_cast<Transfer*>(self)->answer;
    const std::string_view line(data, size);
    std::string_view value;
    if (header_value(line, "x-clickhouse-exception-code", value)) {
      answer.exception_code = value;
    } else if (header_value(line, "retry-after", value)) {
      std::from_chars(value.data(), value.data() + value.size(), answer.retry_after_s);
    }
    return size;
  }
};

template <class T>
void HttpClient::set(CURLoption option, T value) {
  const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
  if (code != CURLE_OK) {
    throw std::runtime_error("libcurl refuses option " + std::to_string(option) + ": " +
                             curl_easy_strerror(code));
  }
}

HttpClient::HttpClient(const HttpOptions& options)
    : request_timeout_ms_(options.request_timeout_ms),
      easy_((init_curl(), curl_easy_init()), curl_easy_cleanup),
      multi_(curl_multi_init(), curl_multi_cleanup),
      headers_(nullptr, curl_slist_free_all) {
  if (!easy_ || !multi_) throw std::bad_alloc();
  url_ = checked_url(options.url);
  const std::string lines[] = {
      header("X-ClickHouse-User", options.user), header("X-ClickHouse-Key", options.password),
      "Content-Type: application/octet-stream",
      "Expect:",  // A round trip before every body gains nothing.
  };
  for (const std::string& line : lines) {
    curl_slist* list = curl_slist_append(headers_.get(), line.c_str());
    if (!list) throw std::bad_alloc();
    static_cast<void>(headers_.release());  // the new list holds it
    headers_.reset(list);
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_USERAGENT, "cphost");
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_FOLLOWLOCATION, 0L);  // It would repeat the password elsewhere.
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_TCP_KEEPIDLE, kKeepAliveIdleS);
  set(CURLOPT_UPLOAD_BUFFERSIZE, kUploadBufferBytes);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout_ms));
  if (is_loopback(options.url)) set(CURLOPT_PROXY, "");
  if (!options.ca_file.empty()) set(CURLOPT_CAINFO, options.ca_file.c_str());
  set(CURLOPT_SSL_VERIFYPEER, options.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, options.verify ? 2L : 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_POST, 1L);
  set(CURLOPT_READFUNCTION, &Transfer::read);
  set(CURLOPT_SEEKFUNCTION, &Transfer::seek);
  set(CURLOPT_WRITEFUNCTION, &Transfer::write);
  set(CURLOPT_HEADERFUNCTION, &Transfer::header_line);
}

HttpClient::~HttpClient() = default;

HttpAnswer HttpClient::post(const UrlParameters& parameters, const Segments& body,
                            size_t answer_bytes_max, int64_t timeout_ms) {
  Transfer transfer{body, answer_bytes_max};
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::min(timeout_ms, request_timeout_ms_)));
  const std::string url = url_ + "/?" + parameters.text();
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(total_size(body)));
  set(CURLOPT_READDATA, &transfer);
  set(CURLOPT_SEEKDATA, &transfer);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_HEADERDATA, &transfer);
  error_text_[0] = '\0';
  const CURLcode code = perform();
  if (code != CURLE_OK) {
    throw TransferError(code, error_text_[0] ? error_text_ : curl_easy_strerror(code),
                        transfer.body_read);
  }
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &transfer.answer.status);
  return std::move(transfer.answer);
}

// The multi interface, because only it can be woken up from another thread.
CURLcode HttpClient::perform() {
  struct Attached {
    CURLM* multi;
    CURL* easy;
    ~Attached() { curl_multi_remove_handle(multi, easy); }
  };
  if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  const Attached attached{multi_.get(), easy_.get()};
  for (int running = 1;;) {
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (!running) break;
    if (interrupted_.exchange(false)) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_poll(multi_.get(), nullptr, 0, kPollMs, nullptr) != CURLM_OK)
      return CURLE_FAILED_INIT;
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
  return message && message->msg == CURLMSG_DONE ? message->data.result : CURLE_FAILED_INIT;
}

void HttpClient::interrupt() {
  interrupted_.store(true);
  curl_multi_wakeup(multi_.get());
}

void UrlParameters::add(std::string_view name, std::string_view value) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto encode = [&](std::string_view text) {
    for (const char c : text) {
      const auto u = static_cast<unsigned char>(c);
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
          (c && std::strchr("-._~", c))) {
        text_ += c;
      } else {
        text_ += '%';
        text_ += kHex[u >> 4];
        text_ += kHex[u & 15];
      }
    }
  };
  if (!text_.empty()) text_ += '&';
  encode(name);
  text_ += '=';
  encode(value);
}

bool is_loopback(std::string_view url) {
  UrlHandle parsed(curl_url(), curl_url_cleanup);
  if (!parsed ||
      curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), 0) != CURLUE_OK)
    return false;
  const std::string host = url_part(parsed.get(), CURLUPART_HOST);
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace clickhouse
