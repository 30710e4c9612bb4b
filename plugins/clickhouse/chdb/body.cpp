// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <algorithm>

#include "errors.hpp"

namespace chdb {

size_t LimitedReader::read(char* data, size_t size) {
  const size_t count = below_.read(data, size);
  bytes_ += count;
  if (bytes_ > bytes_max_) {
    throw Failure(kBadArguments,
                  "The request's body is larger than " + std::to_string(bytes_max_) +
                      " bytes (after decompression): send smaller batches or raise --max-body",
                  413);
  }
  return count;
}

std::string read_text(BodyReader& reader, size_t bytes_max) {
  std::string text;
  while (text.size() < bytes_max) {
    const size_t before = text.size();
    text.resize(before + std::min<size_t>(bytes_max - before, 64 * 1024));
    const size_t count = reader.read(text.data() + before, text.size() - before);
    text.resize(before + count);
    if (count == 0) break;
  }
  return text;
}

}  // namespace chdb
