// SPDX-License-Identifier: Apache-2.0
// cphost/rejects.hpp: the columns of what `read` of the extension "cphost.rejects/1" tells.
#pragma once

#include "rejects.h"
#include "schema.hpp"

namespace cphost {

// In the order of rejects_schema().
enum class RejectColumn : uint8_t {
  kId,
  kTs,
  kCode,
  kPosition,
  kTopic,
  kPartition,
  kOffset,
  kRecordTs,
  kKey,
  kHeaders,
  kRaw,
  kTruncated,
};

inline Schema rejects_schema() {
  const auto column = [](const char* name, const char* format, bool nullable = false) {
    return Field{name, format, {}, {}, nullable};
  };
  Field headers = column("headers", "+m");
  headers.children = {
      Field{"entries", "+s", {}, {column("key", "z"), column("value", "z")}, false}};
  return Schema{column("id", "z"),           column("ts", "l"),
                column("code", "z"),         column("position", "z"),
                column("topic", "z"),        column("partition", "i", true),
                column("offset", "l", true), column("record_ts", "tsm:UTC", true),
                column("key", "z", true),    std::move(headers),
                column("raw", "z"),          column("truncated", "C")};
}

}  // namespace cphost
