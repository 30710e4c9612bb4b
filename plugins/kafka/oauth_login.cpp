// SPDX-License-Identifier: Apache-2.0
#include "oauth_login.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <vector>

#include "token_endpoint.hpp"

namespace kafka {
namespace {

constexpr size_t kTokenBytesMax = 64 << 10;
// For a token that does not say when it ends: its file is read again that often.
constexpr int64_t kUnknownLifeMs = 5 * 60'000;
// A token that ends sooner is not worth a login.
constexpr int64_t kLeastLifeMs = 1'000;

int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// The whole file, at most a byte more than a token may have; sets errno where it can't be read.
std::optional<std::string> read_some(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return std::nullopt;
  std::string text(kTokenBytesMax + 1, '\0');
  size_t size = 0;
  ssize_t got = 0;
  do {
    got = ::read(fd, text.data() + size, text.size() - size);
    if (got > 0) size += static_cast<size_t>(got);
  } while (size < text.size() && (got > 0 || (got < 0 && errno == EINTR)));
  const int error = errno;
  ::close(fd);
  errno = error;
  if (got < 0) return std::nullopt;
  text.resize(size);
  return text;
}

}  // namespace

bool OauthLogin::is_wanted() const {
  return !options_.sasl_oauthbearer_token_file.empty() ||
         !options_.sasl_oauthbearer_token_endpoint_url.empty();
}

// The callback runs in a thread of librdkafka's own, for asking a provider may take seconds, in
// which the group wants to hear of this member.
void OauthLogin::prepare(rd_kafka_conf_t* config) {
  rd_kafka_conf_enable_sasl_queue(config, 1);
}

void OauthLogin::start(rd_kafka_t* rk) {
  rd_kafka_error_destroy(rd_kafka_sasl_background_callbacks_enable(rk));
}

std::optional<Diagnosis> OauthLogin::failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

Token OauthLogin::next_token() const {
  Token token = options_.sasl_oauthbearer_token_file.empty() ? request_token(options_, stopping_)
                                                             : read_file();
  if (token.ends_ms == 0) token.ends_ms = now_ms() + kUnknownLifeMs;
  return token;
}

Token OauthLogin::read_file() const {
  const std::string what =
      "sasl_oauthbearer_token_file = \"" + options_.sasl_oauthbearer_token_file + "\" ";
  const auto text = read_some(options_.sasl_oauthbearer_token_file);
  if (!text) throw TokenError(false, what + "can't be read: " + std::strerror(errno));
  auto token = parse_token(*text);
  if (!token || text->size() > kTokenBytesMax) {
    throw TokenError(false, what + "does not hold a token, one line of at most 64 KiB");
  }
  if (token->ends_ms != 0 && token->ends_ms <= now_ms() + kLeastLifeMs) {
    throw TokenError(false, what + "holds a token that ended " +
                                std::to_string((now_ms() - token->ends_ms) / 1000) +
                                " s ago; whatever writes the file must renew it in time");
  }
  return *token;
}

void OauthLogin::refresh(rd_kafka_t* rk) {
  if (stopping_) return;
  std::string error;
  bool is_outage = false;
  try {
    const Token token = next_token();
    if (set(rk, token, error)) {
      last_ = token;
      const std::lock_guard lock(mutex_);
      failure_.reset();
      return;
    }
  } catch (const TokenError& failed) {
    error = failed.what();
    is_outage = failed.is_outage;
  } catch (const std::exception& failed) {
    error = failed.what();
  }
  // While the last token holds, it is set again: librdkafka asks once more in four fifths of what
  // is left of its life.
  std::string ignored;
  if (last_.ends_ms > now_ms() + kLeastLifeMs && set(rk, last_, ignored)) {
    env_.warn(error + "; the last token holds for another " +
              std::to_string((last_.ends_ms - now_ms()) / 1000) + " s");
    return;
  }
  fail(rk, is_outage, error);
}

bool OauthLogin::set(rd_kafka_t* rk, const Token& token, std::string& error) const {
  std::vector<const char*> extensions;
  for (const auto& [name, value] : options_.sasl_oauthbearer_extensions) {
    extensions.push_back(name.c_str());
    extensions.push_back(value.c_str());
  }
  const std::string& principal = token.subject.empty() ? options_.client_id : token.subject;
  char text[512] = "";
  if (rd_kafka_oauthbearer_set_token(rk, token.value.c_str(), token.ends_ms, principal.c_str(),
                                     extensions.data(), extensions.size(), text,
                                     sizeof text) == RD_KAFKA_RESP_ERR_NO_ERROR) {
    return true;
  }
  error = std::string("librdkafka refuses the token or sasl_oauthbearer_extensions: ") + text;
  return false;
}

void OauthLogin::fail(rd_kafka_t* rk, bool is_outage, const std::string& text) {
  {
    const std::lock_guard lock(mutex_);
    failure_ = Diagnosis{is_outage ? Remedy::kWait : Remedy::kConfigure, "TOKEN", text};
  }
  // It makes the event that the worker's thread sees, and asks again in 10 s.
  rd_kafka_oauthbearer_set_token_failure(rk, text.c_str());
}

}  // namespace kafka
