// SPDX-License-Identifier: Apache-2.0
// ClickHouse's compressed frames, the body of a request with `decompress=1`:
//
//     CityHash128 of the rest | method u8 | size with this header u32 | raw size u32 | payload
//
// One FrameWriter belongs to one writer and is used by one thread at a time. The segments that
// compress() returns live until the next call or the writer's end.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "arena.hpp"
#include "segment.hpp"

namespace clickhouse {

enum class Compression { kNone, kLz4, kZstd };

class FrameWriter {
 public:
  explicit FrameWriter(Compression method);
  ~FrameWriter();

  /// The frames of `body`, in order. Compression::kNone returns `body` itself, without frames.
  const Segments& compress(const Segments& body);

 private:
  struct Codec;
  void add(const uint8_t* data, size_t size);

  Compression method_;
  std::unique_ptr<Codec> codec_;
  Arena arena_;
  std::unique_ptr<uint8_t[]> staging_;
  Segments frames_;
};

/// The bytes that frames hold; for answers with `compress=1`, and tests. Throws std::runtime_error
/// that names the offset of the frame that is cut, damaged, larger than `bytes_max` in total, or of
/// an unknown method.
std::string decompress_frames(std::string_view frames, size_t bytes_max);

}  // namespace clickhouse
