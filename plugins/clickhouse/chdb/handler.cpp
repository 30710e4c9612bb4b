// SPDX-License-Identifier: Apache-2.0
#include "handler.hpp"

#include <unistd.h>

#include <optional>

#include "errors.hpp"
#include "log.hpp"

namespace chdb {
namespace {

constexpr size_t kLoggedTextBytes = 300;

/// Takes the same time for any two texts of a length.
bool is_same_secret(std::string_view a, std::string_view b) {
  size_t difference = a.size() ^ b.size();
  for (size_t i = 0; i < a.size(); ++i) {
    difference |= static_cast<unsigned char>(a[i]) ^
                  static_cast<unsigned char>(b.empty() ? '\0' : b[i % b.size()]);
  }
  return difference == 0;
}

/// The statement itself stays out of the log: it may hold passwords.
std::string logged_text(const Failure& failure) {
  std::string_view text = failure.text();
  if (failure.code() == kSyntaxError) text = text.substr(0, text.find(": failed at position"));
  return std::string(text.substr(0, kLoggedTextBytes));
}

}  // namespace

Handler::Handler(const Engine& engine, HandlerOptions options)
    : engine_(engine), options_(std::move(options)) {
  char name[256] = "";
  if (gethostname(name, sizeof name - 1) == 0) options_.exchange.display_name = name;
}

void Handler::authenticate(const Request& request) const {
  const bool known_user = request.user == options_.user;
  const bool known_password = is_same_secret(request.password, options_.password);
  if (known_user && (options_.password.empty() || known_password)) return;
  throw Failure(kAuthenticationFailed,
                request.user.substr(0, 100) +
                    ": Authentication failed: password is incorrect, or there is no user with "
                    "such name.");
}

bool Handler::answer_fixed_path(HttpConnection& connection, const Request& request) const {
  const Headers plain = {{"Content-Type", "text/plain; charset=UTF-8"}};
  const std::string_view method = connection.head().method();
  const bool is_read = method == "GET" || method == "HEAD";
  if (!is_read && method != "POST") {
    connection.send(501, plain, "Use GET, HEAD or POST\n");
  } else if (request.path == "/ping" || request.path == "/replicas_status" ||
             (request.path == "/" && is_read && request.query.empty())) {
    connection.send(200, plain, "Ok.\n");
  } else if (request.path != "/") {
    connection.send(404, plain,
                    "There is no handle " + request.path.substr(0, 200) +
                        "\n\nUse / or /ping for health checks, and /?query=... for queries\n");
  } else {
    return false;
  }
  return true;
}

uint64_t Handler::handle(HttpConnection& connection, const std::string& peer) const {
  Request request;
  std::optional<Exchange> exchange;
  const auto failed = [&](const Failure& failure) {
    log(LogLevel::kWarning, peer + ": query " + request.query_id + ": HTTP " +
                                std::to_string(failure.status()) + ": " + logged_text(failure));
    exchange->fail(failure);
  };
  try {
    const RequestHead& head = connection.head();
    try {
      request = parse_request(head.method(), head.target(),
                              [&](std::string_view name) { return head.header(name); });
    } catch (const Failure&) {
      request.query_id = make_query_id();
      exchange.emplace(engine_, options_.exchange, connection, request);
      throw;
    }
    exchange.emplace(engine_, options_.exchange, connection, request);
    if (answer_fixed_path(connection, request)) return 0;
    authenticate(request);
    exchange->run();
    log(LogLevel::kDebug, peer + ": query " + request.query_id + ": done");
  } catch (const Failure& failure) {
    failed(failure);
  } catch (const ConnectionLost&) {
    throw;
  } catch (const BadRequest&) {
    throw;
  } catch (const std::exception& error) {
    if (!exchange) throw;
    failed(Failure(kUnknownException, error.what()));
  }
  return exchange->bytes();
}

}  // namespace chdb
