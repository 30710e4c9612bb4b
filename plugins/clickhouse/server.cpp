// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <cphost/abi.h>

#include <algorithm>
#include <limits>

namespace clickhouse {
namespace {

constexpr size_t kInsertAnswerBytesMax = 64 << 10;  // Errors only.
constexpr long kHttpOk = 200;

Failure failure_of(Phase phase, const HttpAnswer& answer) {
  return classify_answer(phase, answer.status, answer.exception_code, answer.body,
                         answer.retry_after_s);
}

// The status may have been sent before the error happened: then the error is all that the body has,
// or stands at its end.
bool failed(const HttpAnswer& answer) {
  return answer.status != kHttpOk || !answer.exception_code.empty() ||
         answer.body.starts_with("Code: ");
}

}  // namespace

int64_t Server::time_left_ms() const {
  if (!questions_end_) return std::numeric_limits<int64_t>::max();
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(*questions_end_ - Clock::now());
  return std::max<int64_t>(left.count(), 1);  // To libcurl 0 would be no limit.
}

HttpAnswer Server::ask(const std::string& sql, size_t answer_bytes_max) {
  UrlParameters parameters;
  parameters.add("wait_end_of_query", "1");
  const Segments body = {{reinterpret_cast<const uint8_t*>(sql.data()), sql.size()}};
  try {
    return http_.post(parameters, body, answer_bytes_max, time_left_ms());
  } catch (const TransferError& e) {
    throw ServerError(classify_transfer(e.curl_code, e.what(), http_.url()));
  }
}

std::string Server::query(const std::string& sql, size_t answer_bytes_max) {
  HttpAnswer answer = ask(sql, answer_bytes_max);
  if (failed(answer)) throw ServerError(failure_of(Phase::kOpen, answer));
  if (answer.truncated) {
    throw ServerError({CPHOST_CONFIG, "ANSWER_TOO_LARGE",
                       "the answer to '" + sql.substr(0, 200) + "' has more than " +
                           std::to_string(answer_bytes_max) + " bytes",
                       0, std::nullopt});
  }
  return std::move(answer.body);
}

std::optional<Failure> Server::insert(const UrlParameters& parameters, const Segments& body) {
  try {
    const HttpAnswer answer = http_.post(parameters, body, kInsertAnswerBytesMax);
    // The answer to an INSERT has no body.
    if (failed(answer) || !answer.body.empty()) return failure_of(Phase::kWrite, answer);
    return std::nullopt;
  } catch (const TransferError& e) {
    Failure failure = classify_transfer(e.curl_code, e.what(), http_.url());
    failure.nothing_sent = !e.body_read;
    return failure;
  }
}

}  // namespace clickhouse
