// SPDX-License-Identifier: Apache-2.0
// ClickHouse as the sink talks to it: statements in, answers or classified failures out. One
// connection, one thread at a time; interrupt() from any.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "error_codes.hpp"
#include "http_client.hpp"

namespace clickhouse {

/// A statement failed; what() is failure.text.
class ServerError : public std::runtime_error {
 public:
  explicit ServerError(Failure f) : std::runtime_error(f.text), failure(std::move(f)) {}
  Failure failure;
};

class Server {
 public:
  explicit Server(const HttpOptions& options) : http_(options) {}

  /// From now on, all calls of query() together may take so long; without it each as long as an
  /// insert.
  void ask_within(std::chrono::milliseconds limit) { questions_end_ = Clock::now() + limit; }

  /// A description of a table with 10,000 columns has about 2 MiB.
  static constexpr size_t kAnswerBytesMax = 16 << 20;

  /// Runs one statement (the whole of it is the body) and returns its answer. Throws ServerError.
  std::string query(const std::string& sql, size_t answer_bytes_max = kAnswerBytesMax);

  /// An INSERT whose statement and settings are in `parameters`. Nothing when all rows are durable.
  std::optional<Failure> insert(const UrlParameters& parameters, const Segments& body);

  const std::string& url() const { return http_.url(); }

  /// [any] The call under way, or the next one, fails soon with RETRY.
  void interrupt() { http_.interrupt(); }

 private:
  using Clock = std::chrono::steady_clock;
  int64_t time_left_ms() const;
  HttpAnswer ask(const std::string& sql, size_t answer_bytes_max);
  HttpClient http_;
  std::optional<Clock::time_point> questions_end_;
};

}  // namespace clickhouse
