// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <cphost/abi.h>

namespace clickhouse {
namespace {

constexpr size_t kAnswerBytesMax =
    16 << 20;  // A description of a table with 10,000 columns has about 2 MiB.
constexpr size_t kInsertAnswerBytesMax = 64 << 10;  // Errors only.
// Small statements, asked on the thread that also polls the source: an insert's limit is too long.
constexpr int64_t kQuestionTimeoutMs = 30'000;
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

HttpAnswer Server::ask(const std::string& sql) {
  UrlParameters parameters;
  parameters.add("wait_end_of_query", "1");
  const Segments body = {{reinterpret_cast<const uint8_t*>(sql.data()), sql.size()}};
  try {
    return http_.post(parameters, body, kAnswerBytesMax, kQuestionTimeoutMs);
  } catch (const TransferError& e) {
    throw ServerError(classify_transfer(e.curl_code, e.what(), http_.url()));
  }
}

std::string Server::query(const std::string& sql) {
  HttpAnswer answer = ask(sql);
  if (failed(answer)) throw ServerError(failure_of(Phase::kOpen, answer));
  if (answer.truncated) {
    throw ServerError({CPHOST_CONFIG, "ANSWER_TOO_LARGE",
                       "the answer to '" + sql.substr(0, 200) + "' has more than " +
                           std::to_string(kAnswerBytesMax) + " bytes",
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
