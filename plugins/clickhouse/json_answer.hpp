// SPDX-License-Identifier: Apache-2.0
// Questions that the server answers in FORMAT JSON.
#pragma once

#include <json/value.h>

#include <exception>
#include <string>

#include "server.hpp"

namespace clickhouse {

/// The rows of an answer. Throws std::runtime_error where it is not FORMAT JSON.
Json::Value rows_of_answer(const std::string& answer);

/// What stands where a server should is taken for an outage: a load balancer's page goes away.
ServerError bad_answer(const Server& server, const std::string& fault);

/// Asks `question` and returns what `read` makes of the answer's text. Throws ServerError, also
/// where `read` throws: BAD_ANSWER, an outage.
template <class Read>
auto ask_in_json(Server& server, const std::string& question, Read&& read) {
  const std::string answer = server.query(question + " FORMAT JSON");
  try {
    return read(answer);
  } catch (const std::exception& e) {
    throw bad_answer(server, e.what());
  }
}

}  // namespace clickhouse
