// SPDX-License-Identifier: Apache-2.0
#include "json_answer.hpp"

#include <cphost/abi.h>
#include <json/reader.h>

#include <memory>
#include <stdexcept>

namespace clickhouse {

Json::Value rows_of_answer(const std::string& answer) {
  Json::Value root;
  std::string errors;
  const std::unique_ptr<Json::CharReader> reader(Json::CharReaderBuilder().newCharReader());
  if (!reader->parse(answer.data(), answer.data() + answer.size(), &root, &errors) ||
      !root.isObject() || !root["data"].isArray()) {
    throw std::runtime_error("the answer is not FORMAT JSON: " + answer.substr(0, 200));
  }
  return root["data"];
}

ServerError bad_answer(const Server& server, const std::string& fault) {
  return ServerError({CPHOST_RETRY, "BAD_ANSWER",
                      fault + "; is " + server.url() + " ClickHouse, or what stands before it?", 0,
                      std::nullopt});
}

}  // namespace clickhouse
