// SPDX-License-Identifier: Apache-2.0
// decoding.hpp: for tests: documents in, rows as text out.
//
//     Decoding decoding({{"id", "UInt64"}, {"tags", "Array(String)"}});
//     decoding.decode({R"({"id":1,"tags":["a"]})"}).rows  ==  {"1|['a']"}
#pragma once

#include <cphost/schema.hpp>

#include <optional>
#include <string>
#include <vector>

#include "../decoder.hpp"

namespace json::test {

struct Wanted {
  std::string name, type;
  std::string path = {};
  bool absent = false;
};

struct Reject {
  uint32_t record;
  std::string code, column, text;
  int64_t offset;
};

struct Decoded {
  std::vector<std::string> rows;    // values joined by '|'
  std::vector<uint32_t> record_of;  // each row's record
  std::vector<Reject> rejects;
  bool one_to_one = true;

  // The code of the only reject, or "" when there is none.
  std::string code() const { return rejects.empty() ? std::string() : rejects[0].code; }
};

class Decoding {
 public:
  explicit Decoding(const std::vector<Wanted>& wanted, Settings settings = {});
  explicit Decoding(const Wanted& only, Settings settings = {})
      : Decoding(std::vector<Wanted>(1, only), settings) {}

  // Throws std::logic_error where a batch is not what its schema says.
  Decoded decode(const std::vector<std::optional<std::string>>& documents);

  // `data` ends where the last document ends: for those who care about what lies behind.
  Decoded decode(const char* data, const std::vector<int32_t>& offsets,
                 const std::vector<bool>& null = {});

  const cphost::Schema& schema() const { return schema_; }

 private:
  cphost::UniqueSchema wanted_;
  cphost::Schema schema_;
  cphost::UniqueSchema arrow_schema_;
  std::vector<cphost::columns::Type> types_;
  std::unique_ptr<Decoder> decoder_;
};

// One value as text: NULL, 'text', [1,2], {'k':v}, (1,2); numbers behind dates, enums and IPv4;
// bytes as hexadecimal.
std::string render(const cphost::columns::Type& type, const ArrowArray& array, int64_t i);

}  // namespace json::test
