// SPDX-License-Identifier: Apache-2.0
#include "token_endpoint.hpp"

#include <curl/curl.h>

#include <charconv>
#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>

namespace kafka {
namespace {

constexpr long kConnectTimeoutMs = 5'000;
constexpr long kRequestTimeoutMs = 9'000;
constexpr size_t kAnswerBytesMax = 256 << 10;
constexpr size_t kShownBytesMax = 300;

using EasyPtr = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using UrlPtr = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// libcurl counts its users; other plugins of the process may be among them, so it is never cleaned
// up.
void init_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

size_t keep(char* data, size_t, size_t size, void* self) {
  auto& body = *static_cast<std::string*>(self);
  if (body.size() + size > kAnswerBytesMax) return 0;
  body.append(data, size);
  return size;
}

int is_stopping(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const std::atomic<bool>*>(stop)->load() ? 1 : 0;
}

std::string encoded(CURL* easy, const std::string& text) {
  char* const out = curl_easy_escape(easy, text.data(), static_cast<int>(text.size()));
  std::string copy(out ? out : "");
  curl_free(out);
  return copy;
}

// RFC 6749, 2.3.1: both are encoded as in a form before they become a login.
std::string login_of(CURL* easy, const Options& options) {
  return encoded(easy, options.sasl_oauthbearer_client_id) + ":" +
         encoded(easy, options.sasl_oauthbearer_client_secret);
}

// What the provider says of the error, without what could be a token.
std::string complaint_of(const std::string& body) {
  std::string text = json_member(body, "error").value_or("");
  if (const auto more = json_member(body, "error_description")) text += ": " + *more;
  if (text.size() > kShownBytesMax) text.resize(kShownBytesMax);
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < ' ') c = ' ';
  }
  return text.empty() ? "" : " (" + text + ")";
}

bool is_outage(CURLcode code) {
  switch (code) {
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_WRITE_ERROR:
      return false;
    default:
      return true;
  }
}

struct Answer {
  long status = 0;
  std::string body;
};

Answer post(const Options& options, const std::atomic<bool>& stop, const std::string& who) {
  init_curl();
  const EasyPtr easy(curl_easy_init(), curl_easy_cleanup);
  if (!easy) throw TokenError(true, who + "libcurl has no memory");
  std::string form = "grant_type=client_credentials";
  if (!options.sasl_oauthbearer_scope.empty()) {
    form += "&scope=" + encoded(easy.get(), options.sasl_oauthbearer_scope);
  }
  const std::string login = login_of(easy.get(), options);
  Answer answer;
  char error[CURL_ERROR_SIZE] = "";
  const auto set = [&easy](CURLoption option, auto value) {
    curl_easy_setopt(easy.get(), option, value);
  };
  set(CURLOPT_URL, options.sasl_oauthbearer_token_endpoint_url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  set(CURLOPT_USERPWD, login.c_str());
  set(CURLOPT_POSTFIELDS, form.c_str());
  set(CURLOPT_CONNECTTIMEOUT_MS, kConnectTimeoutMs);
  set(CURLOPT_TIMEOUT_MS, kRequestTimeoutMs);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ERRORBUFFER, &error[0]);
  set(CURLOPT_WRITEFUNCTION, keep);
  set(CURLOPT_WRITEDATA, &answer.body);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, is_stopping);
  set(CURLOPT_XFERINFODATA, &stop);
  if (!options.sasl_oauthbearer_ca_location.empty()) {
    set(CURLOPT_CAINFO, options.sasl_oauthbearer_ca_location.c_str());
  }
  if (const CURLcode code = curl_easy_perform(easy.get())) {
    throw TokenError(is_outage(code), who + (error[0] != '\0' ? error : curl_easy_strerror(code)));
  }
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// An end that only the answer tells, not the token.
int64_t end_of(const std::string& body) {
  const std::string text = json_member(body, "expires_in").value_or("");
  int64_t seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds > 0 && seconds < (int64_t{1} << 32) ? now_ms() + seconds * 1000 : 0;
}

}  // namespace

Token request_token(const Options& options, const std::atomic<bool>& stop) {
  const std::string who = "sasl_oauthbearer_token_endpoint_url = \"" +
                          options.sasl_oauthbearer_token_endpoint_url + "\" gave no token: ";
  const Answer answer = post(options, stop, who);
  if (answer.status != 200) {
    const bool outage = answer.status >= 500 || answer.status == 408 || answer.status == 429;
    const bool login = answer.status == 400 || answer.status == 401 || answer.status == 403;
    throw TokenError(outage, who + "HTTP " + std::to_string(answer.status) +
                                 complaint_of(answer.body) +
                                 (login ? "; check sasl_oauthbearer_client_id = \"" +
                                              options.sasl_oauthbearer_client_id +
                                              "\", sasl_oauthbearer_client_secret and "
                                              "sasl_oauthbearer_scope"
                                        : ""));
  }
  const auto text = json_member(answer.body, "access_token");
  auto token = parse_token(text.value_or(""));
  if (!token) throw TokenError(false, who + "its answer has no access_token");
  if (token->ends_ms == 0) token->ends_ms = end_of(answer.body);
  return *token;
}

void check_endpoint_url(const std::string& url) {
  const auto refuse = [&url](const char* why) {
    throw TokenError(false, "sasl_oauthbearer_token_endpoint_url " +
                                (url.find('@') == url.npos ? "= \"" + url + "\" " : "") + why);
  };
  const UrlPtr parsed(curl_url(), curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) {
    refuse("is not a URL like https://issuer.example/token");
  }
  const std::string scheme = url_part(parsed.get(), CURLUPART_SCHEME);
  if (scheme != "https" && scheme != "http") refuse("must begin with https://");
  if (!url_part(parsed.get(), CURLUPART_USER).empty() ||
      !url_part(parsed.get(), CURLUPART_PASSWORD).empty()) {
    refuse(
        "must not hold a user or password: they would end up in logs; use "
        "sasl_oauthbearer_client_id and sasl_oauthbearer_client_secret");
  }
}

}  // namespace kafka
