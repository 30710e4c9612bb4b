// SPDX-License-Identifier: Apache-2.0
// ClickHouse's own compressed frames, of requests with `decompress=1` and answers with
// `compress=1`:
//
//     CityHash128 of the rest | method u8 | size with this header u32 | raw size u32 | payload
//
// A FrameReader belongs to one request. It holds one frame at a time, packed and unpacked.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "body.hpp"

namespace chdb {

/// Clients write frames of 1 MiB; whatever claims to be larger than this is damaged or hostile.
inline constexpr size_t kFrameBytesMax = size_t{256} << 20;

class FrameReader : public BodyReader {
 public:
  /// Without `verify` the checksums are ignored.
  FrameReader(BodyReader& below, bool verify) : below_(below), verify_(verify) {}

  size_t read(char* data, size_t size) override;

 private:
  bool load_frame();
  void unpack(unsigned char method, std::string_view payload, size_t raw_size);
  size_t fill(char* data, size_t size);

  BodyReader& below_;
  const bool verify_;
  std::vector<char> frame_;
  std::vector<char> raw_;
  size_t raw_position_ = 0;
  uint64_t frames_ = 0;
};

/// Appends `data` to `out` as LZ4 frames of at most 1 MiB each.
void append_lz4_frames(std::string_view data, std::string& out);

}  // namespace chdb
