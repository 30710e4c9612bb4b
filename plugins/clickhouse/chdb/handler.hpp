// SPDX-License-Identifier: Apache-2.0
// Answers the requests of connections: the fixed paths by itself, statements by an Exchange once
// the user is known.
//
// One Handler a process; any thread may call handle(), each with its own connection.
#pragma once

#include <string>

#include "engine.hpp"
#include "exchange.hpp"
#include "http_connection.hpp"
#include "request.hpp"

namespace chdb {

struct HandlerOptions {
  std::string user = "default";
  std::string password;  ///< Empty: none is asked for.
  ExchangeOptions exchange;
};

class Handler {
 public:
  Handler(const Engine& engine, HandlerOptions options);

  /// Answers the request that next_request() found. Throws ConnectionLost. Returns how many
  /// bytes went through the engine.
  uint64_t handle(HttpConnection& connection, const std::string& peer) const;

 private:
  void authenticate(const Request& request) const;
  bool answer_fixed_path(HttpConnection& connection, const Request& request) const;

  const Engine& engine_;
  HandlerOptions options_;
};

}  // namespace chdb
