// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include <lz4.h>
#include <zstd.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "city_hash.hpp"

namespace clickhouse {
namespace {

// Larger frames compress no better; smaller ones cost a third more time.
constexpr size_t kFrameBytes = 256 << 10;
constexpr size_t kChecksumBytes = 16;
constexpr size_t kHeaderBytes = 9;
constexpr int kZstdLevel = 1;

enum Method : uint8_t { kMethodNone = 0x02, kMethodLz4 = 0x82, kMethodZstd = 0x90 };

void put_u32(uint8_t* to, size_t value) {
  const auto v = static_cast<uint32_t>(value);
  std::memcpy(to, &v, sizeof v);
}

uint32_t get_u32(const char* from) {
  uint32_t v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

void put_checksum(uint8_t* frame, size_t size) {
  const Hash128 hash =
      city_hash128(reinterpret_cast<const char*>(frame + kChecksumBytes), size - kChecksumBytes);
  std::memcpy(frame, &hash.low, 8);
  std::memcpy(frame + 8, &hash.high, 8);
}

}  // namespace

struct FrameWriter::Codec {
  explicit Codec(Compression method) {
    if (method == Compression::kLz4) {
      bound = static_cast<size_t>(LZ4_compressBound(kFrameBytes));
      lz4_state.resize((static_cast<size_t>(LZ4_sizeofState()) + 7) / 8);
      LZ4_initStream(lz4_state.data(), lz4_state.size() * 8);
    } else {
      bound = ZSTD_compressBound(kFrameBytes);
      zstd.reset(ZSTD_createCCtx());
      if (!zstd) throw std::bad_alloc();
    }
  }

  size_t compress(const uint8_t* data, size_t size, uint8_t* to) {
    if (!zstd) {
      const int n = LZ4_compress_fast_extState(
          lz4_state.data(), reinterpret_cast<const char*>(data), reinterpret_cast<char*>(to),
          static_cast<int>(size), static_cast<int>(bound), 1);
      return static_cast<size_t>(n);
    }
    const size_t n = ZSTD_compressCCtx(zstd.get(), to, bound, data, size, kZstdLevel);
    if (ZSTD_isError(n)) throw std::runtime_error(std::string("zstd: ") + ZSTD_getErrorName(n));
    return n;
  }

  struct FreeZstd {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  size_t bound = 0;
  std::vector<uint64_t> lz4_state;
  std::unique_ptr<ZSTD_CCtx, FreeZstd> zstd;
};

FrameWriter::FrameWriter(Compression method) : method_(method) {
  if (method == Compression::kNone) return;
  codec_ = std::make_unique<Codec>(method);
  staging_.reset(new uint8_t[kFrameBytes]);
}

FrameWriter::~FrameWriter() = default;

const Segments& FrameWriter::compress(const Segments& body) {
  if (method_ == Compression::kNone) return body;
  arena_.reset();
  frames_.clear();
  size_t staged = 0;
  for (Segment rest : body) {
    while (rest.size) {
      if (!staged && rest.size >= kFrameBytes) {  // Contiguous already: no copy.
        add(rest.data, kFrameBytes);
        rest = {rest.data + kFrameBytes, rest.size - kFrameBytes};
        continue;
      }
      const size_t n = std::min(rest.size, kFrameBytes - staged);
      std::memcpy(staging_.get() + staged, rest.data, n);
      staged += n;
      rest = {rest.data + n, rest.size - n};
      if (staged == kFrameBytes) add(staging_.get(), std::exchange(staged, 0));
    }
  }
  if (staged) add(staging_.get(), staged);
  return frames_;
}

void FrameWriter::add(const uint8_t* data, size_t size) {
  uint8_t* frame = arena_.take(kChecksumBytes + kHeaderBytes + codec_->bound);
  uint8_t* header = frame + kChecksumBytes;
  const size_t payload = codec_->compress(data, size, header + kHeaderBytes);
  header[0] = method_ == Compression::kLz4 ? kMethodLz4 : kMethodZstd;
  put_u32(header + 1, kHeaderBytes + payload);
  put_u32(header + 5, size);
  const size_t frame_size = kChecksumBytes + kHeaderBytes + payload;
  put_checksum(frame, frame_size);
  arena_.shrink_last(frame, frame_size);
  frames_.push_back({frame, frame_size});
}

namespace {

void decompress_payload(uint8_t method, std::string_view payload, char* to, size_t raw_size,
                        const std::string& where) {
  bool whole = false;
  switch (method) {
    case kMethodNone:
      whole = payload.size() == raw_size;
      if (whole) std::memcpy(to, payload.data(), raw_size);
      break;
    case kMethodLz4:
      whole = LZ4_decompress_safe(payload.data(), to, static_cast<int>(payload.size()),
                                  static_cast<int>(raw_size)) == static_cast<int>(raw_size);
      break;
    case kMethodZstd:
      whole = ZSTD_decompress(to, raw_size, payload.data(), payload.size()) == raw_size;
      break;
    default:
      throw std::runtime_error("unknown compression method " + std::to_string(method) + where);
  }
  if (!whole) throw std::runtime_error("damaged payload" + where);
}

}  // namespace

std::string decompress_frames(std::string_view frames, size_t bytes_max) {
  std::string out;
  const size_t all = frames.size();
  while (!frames.empty()) {
    const std::string where = " in the frame at byte " + std::to_string(all - frames.size());
    if (frames.size() < kChecksumBytes + kHeaderBytes)
      throw std::runtime_error("cut header" + where);
    const char* header = frames.data() + kChecksumBytes;
    const size_t size = get_u32(header + 1);
    const size_t raw_size = get_u32(header + 5);
    if (size < kHeaderBytes || size > frames.size() - kChecksumBytes) {
      throw std::runtime_error("cut payload" + where);
    }
    if (raw_size > bytes_max - out.size()) {
      throw std::runtime_error("more than " + std::to_string(bytes_max) + " bytes" + where);
    }
    const Hash128 hash = city_hash128(header, size);
    if (std::memcmp(&hash.low, frames.data(), 8) != 0 ||
        std::memcmp(&hash.high, frames.data() + 8, 8) != 0) {
      throw std::runtime_error("wrong checksum" + where);
    }
    out.resize(out.size() + raw_size);
    decompress_payload(static_cast<uint8_t>(header[0]),
                       {header + kHeaderBytes, size - kHeaderBytes},
                       out.data() + out.size() - raw_size, raw_size, where);
    frames.remove_prefix(kChecksumBytes + size);
  }
  return out;
}

}  // namespace clickhouse
