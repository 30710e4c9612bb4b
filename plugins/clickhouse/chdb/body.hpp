// SPDX-License-Identifier: Apache-2.0
// The bytes of a request's body, pulled piece by piece: a chain of readers, each over the one
// before it, from the socket to the rows. No reader holds more than a piece, so a body may be far
// larger than memory.
//
// A chain belongs to one request and is used by its thread alone. Each reader refers to the one
// below, which must outlive it. All throw Failure for a body that is damaged.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chdb {

class BodyReader {
 public:
  virtual ~BodyReader() = default;

  /// Fills up to `size` (at least 1) bytes and returns how many; 0 at the end, and from then on.
  virtual size_t read(char* data, size_t size) = 0;
};

/// Undoes a Content-Encoding: gzip, deflate, zstd or lz4 (its frame format), also several streams
/// one after the other. Null for "", "identity" and "none"; throws Failure for any other.
std::unique_ptr<BodyReader> decode_content(std::string_view encoding, BodyReader& below);

/// Refuses to give more than `bytes_max` bytes: a small compressed body can hold very many.
class LimitedReader : public BodyReader {
 public:
  LimitedReader(BodyReader& below, uint64_t bytes_max) : below_(below), bytes_max_(bytes_max) {}
  size_t read(char* data, size_t size) override;

 private:
  BodyReader& below_;
  uint64_t bytes_max_;
  uint64_t bytes_ = 0;
};

/// Reads up to `bytes_max` bytes of what is left. A result of that size may not be everything.
std::string read_text(BodyReader& reader, size_t bytes_max);

}  // namespace chdb
