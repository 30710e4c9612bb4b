// SPDX-License-Identifier: Apache-2.0
#include "compressed_frames.hpp"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>

#include "../city_hash.hpp"
#include "errors.hpp"

namespace chdb {
namespace {

constexpr size_t kHashBytes = 16;
constexpr size_t kHeaderBytes = 9;
constexpr size_t kWrittenFrameBytes = size_t{1} << 20;

constexpr unsigned char kMethodNone = 0x02;
constexpr unsigned char kMethodLz4 = 0x82;
constexpr unsigned char kMethodZstd = 0x90;

uint32_t load_u32(const char* data) {
  uint32_t value;
  std::memcpy(&value, data, sizeof value);
  return value;
}

std::string in_frame(uint64_t number) {
  return " in compressed frame " + std::to_string(number);
}

}  // namespace

size_t FrameReader::fill(char* data, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    const size_t count = below_.read(data + filled, size - filled);
    if (count == 0) break;
    filled += count;
  }
  return filled;
}

bool FrameReader::load_frame() {
  char head[kHashBytes + kHeaderBytes];
  const size_t head_size = fill(head, sizeof head);
  if (head_size == 0) return false;
  ++frames_;
  if (head_size < sizeof head) {
    throw Failure(kUnexpectedEndOfFile, "The body ends" + in_frame(frames_));
  }

  const auto method = static_cast<unsigned char>(head[kHashBytes]);
  const size_t packed_size = load_u32(head + kHashBytes + 1);
  const size_t raw_size = load_u32(head + kHashBytes + 5);
  if (method != kMethodNone && method != kMethodLz4 && method != kMethodZstd) {
    throw Failure(kUnknownCompressionMethod, "Unknown method " + std::to_string(method) +
                                                 in_frame(frames_) +
                                                 ": use LZ4 (130), ZSTD (144) or NONE (2)");
  }
  if (packed_size < kHeaderBytes || packed_size > kFrameBytesMax || raw_size > kFrameBytesMax) {
    throw Failure(kTooLargeSizeCompressed,
                  "Sizes " + std::to_string(packed_size) + " (compressed) and " +
                      std::to_string(raw_size) + " (raw)" + in_frame(frames_) +
                      " are out of range: the body is damaged, or its frames are larger than " +
                      std::to_string(kFrameBytesMax) + " bytes");
  }

  frame_.resize(packed_size);
  std::memcpy(frame_.data(), head + kHashBytes, kHeaderBytes);
  if (fill(frame_.data() + kHeaderBytes, packed_size - kHeaderBytes) < packed_size - kHeaderBytes) {
    throw Failure(kUnexpectedEndOfFile, "The body ends" + in_frame(frames_));
  }
  if (verify_) {
    const clickhouse::Hash128 hash = clickhouse::city_hash128(frame_.data(), frame_.size());
    if (std::memcmp(head, &hash.low, 8) != 0 || std::memcmp(head + 8, &hash.high, 8) != 0) {
      throw Failure(kChecksumDoesNotMatch, "Checksum doesn't match: corrupted data" +
                                               in_frame(frames_) + ": send the request again");
    }
  }
  unpack(method, {frame_.data() + kHeaderBytes, packed_size - kHeaderBytes}, raw_size);
  return true;
}

void FrameReader::unpack(unsigned char method, std::string_view payload, size_t raw_size) {
  raw_.resize(raw_size);
  raw_position_ = 0;
  bool whole = false;
  if (method == kMethodNone) {
    whole = payload.size() == raw_size;
    if (whole && raw_size > 0) std::memcpy(raw_.data(), payload.data(), raw_size);
  } else if (method == kMethodLz4) {
    const int count = LZ4_decompress_safe(
        payload.data(), raw_.data(), static_cast<int>(payload.size()), static_cast<int>(raw_size));
    whole = count >= 0 && static_cast<size_t>(count) == raw_size;
  } else {
    const size_t count = ZSTD_decompress(raw_.data(), raw_size, payload.data(), payload.size());
    whole = ZSTD_isError(count) == 0 && count == raw_size;
  }
  if (!whole) {
    throw Failure(kCannotDecompress, "Cannot decompress " + std::to_string(raw_size) + " bytes" +
                                         in_frame(frames_) + ": corrupted data");
  }
}

size_t FrameReader::read(char* data, size_t size) {
  while (raw_position_ == raw_.size()) {
    if (!load_frame()) return 0;
  }
  const size_t count = std::min(size, raw_.size() - raw_position_);
  std::memcpy(data, raw_.data() + raw_position_, count);
  raw_position_ += count;
  return count;
}

void append_lz4_frames(std::string_view data, std::string& out) {
  for (; !data.empty(); data.remove_prefix(std::min(data.size(), kWrittenFrameBytes))) {
    const std::string_view raw = data.substr(0, kWrittenFrameBytes);
    const auto raw_size = static_cast<int>(raw.size());
    const size_t begin = out.size();
    const size_t payload_begin = begin + kHashBytes + kHeaderBytes;
    const int bound = LZ4_compressBound(raw_size);
    out.resize(payload_begin + static_cast<size_t>(bound));
    const int payload =
        LZ4_compress_default(raw.data(), out.data() + payload_begin, raw_size, bound);
    out.resize(payload_begin + static_cast<size_t>(payload));

    const auto packed_u32 = static_cast<uint32_t>(kHeaderBytes + static_cast<size_t>(payload));
    const auto raw_u32 = static_cast<uint32_t>(raw_size);
    char* header = out.data() + begin + kHashBytes;
    header[0] = static_cast<char>(kMethodLz4);
    std::memcpy(header + 1, &packed_u32, 4);
    std::memcpy(header + 5, &raw_u32, 4);
    const clickhouse::Hash128 hash = clickhouse::city_hash128(header, packed_u32);
    std::memcpy(out.data() + begin, &hash.low, 8);
    std::memcpy(out.data() + begin + 8, &hash.high, 8);
  }
}

}  // namespace chdb
