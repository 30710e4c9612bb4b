// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/schema_text.hpp"

#include <cphost/arrow.hpp>

namespace cphost::host {

std::string schema_text(const ArrowSchema& schema) {
  const auto quoted = [](std::string_view text) {
    return std::to_string(text.size()) + ":" + std::string(text);
  };
  std::string text =
      quoted(name_of(schema)) + quoted(schema.format) + std::to_string(schema.flags) + "{";
  for_each_metadata(schema, [&](std::string_view key, std::string_view value) {
    text += quoted(key) + quoted(value);
    return false;
  });
  text += "}(";
  for (int64_t i = 0; i < schema.n_children; ++i) text += schema_text(*schema.children[i]);
  return text + ")";
}

}  // namespace cphost::host
