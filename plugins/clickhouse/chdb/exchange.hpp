// SPDX-License-Identifier: Apache-2.0
// One request and its answer by the engine: an INSERT whose rows stream in, a SELECT whose rows
// stream out, or any other statement.
//
// run() once; when it throws Failure, fail() with it. Used by its connection's thread alone.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "body.hpp"
#include "compressed_frames.hpp"
#include "engine.hpp"
#include "errors.hpp"
#include "http_connection.hpp"
#include "request.hpp"
#include "statement.hpp"

namespace chdb {

struct ExchangeOptions {
  uint64_t body_bytes_max = uint64_t{1} << 30;
  std::string display_name;  ///< Of this machine, for the answer's headers.
};

class Exchange {
 public:
  Exchange(const Engine& engine, const ExchangeOptions& options, HttpConnection& connection,
           const Request& request)
      : engine_(engine), options_(options), connection_(connection), request_(request) {}

  /// Answers the request. Throws Failure, ConnectionLost and BadRequest.
  void run();
  /// Answers with an error, in the body when the answer has begun.
  void fail(const Failure& failure);
  /// How many bytes of rows went in or out.
  uint64_t bytes() const { return bytes_; }

 private:
  void open_body();
  void prepare(Session& session);
  void run_insert(const InsertStatement& insert, BodyReader& body);
  void run_statement(const std::string& sql);
  void run_select(Session& session, const std::string& sql, std::string_view format);
  Headers headers(std::string_view format) const;
  void send_whole(std::string_view format, std::string_view data, const Counts& counts);
  std::string_view packed(std::string_view data);

  const Engine& engine_;
  const ExchangeOptions& options_;
  HttpConnection& connection_;
  const Request& request_;
  const Clock::time_point begin_ = Clock::now();
  std::unique_ptr<BodyReader> content_;
  std::unique_ptr<FrameReader> frames_;
  std::unique_ptr<LimitedReader> body_;
  std::string packed_;
  uint64_t bytes_ = 0;
  bool begun_ = false;
};

}  // namespace chdb
