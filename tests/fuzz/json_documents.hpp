// SPDX-License-Identifier: Apache-2.0
// json_documents.hpp: what the fuzzer of the JSON decoder knows of documents: simdjson's verdict,
// the rows that simdjson's tree says, and a document that suits a list of columns.
#pragma once

#include <simdjson.h>
#include <cphost/columns/type.hpp>

#include <optional>
#include <string>
#include <vector>

namespace fuzz {

struct JsonColumn {
  std::string name;
  cphost::columns::Type type;
};

// Whether it is JSON. simdjson refuses numbers that no type of its own holds and a byte order mark;
// both are allowed here, and nothing else is.
bool is_json(simdjson::dom::parser& judge, std::string_view document);

// The same where objects stand one behind the other, blanks between them, or in one array.
bool is_json_objects(simdjson::dom::parser& judge, std::string_view documents);

// The row of an object in the way of json::test::render, where all of its values are of the kinds
// for which JSON has a spelling of its own; nothing otherwise.
std::optional<std::string> expected_row(simdjson::dom::parser& judge, std::string_view document,
                                        const std::vector<JsonColumn>& columns);

// An object with a value for each column.
std::string example_document(const std::vector<JsonColumn>& columns);

}  // namespace fuzz
