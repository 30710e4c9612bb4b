// SPDX-License-Identifier: Apache-2.0
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "body.hpp"
#include "errors.hpp"

namespace chdb {
namespace {

/// What the decoders share: refilling the input and telling a cut body from a whole one.
class Decoder : public BodyReader {
 public:
  Decoder(BodyReader& below, const char* name) : below_(below), name_(name), input_(64 * 1024) {}

  size_t read(char* data, size_t size) final {
    while (true) {
      if (begin_ == end_ && !below_at_end_) refill();
      if (begin_ == end_ && below_at_end_ && between_streams_) return 0;
      // Even without input: the decoder may hold bytes that did not fit before.
      const size_t consumed_before = begin_;
      const size_t count = decode(data, size);
      if (count > 0) return count;
      if (begin_ == consumed_before && (input_size() > 0 || (below_at_end_ && !between_streams_))) {
        throw Failure(kUnexpectedEndOfFile,
                      std::string("The ") + name_ + " body ends in the middle of its stream");
      }
    }
  }

 protected:
  /// Consumes from begin_ on, writes to `data`, returns the count; sets between_streams_.
  virtual size_t decode(char* data, size_t size) = 0;

  char* input() { return input_.data() + begin_; }
  size_t input_size() const { return end_ - begin_; }
  void consume(size_t count) { begin_ += count; }

  bool between_streams_ = true;

 private:
  void refill() {
    begin_ = 0;
    end_ = below_.read(input_.data(), input_.size());
    below_at_end_ = end_ == 0;
  }

  BodyReader& below_;
  const char* name_;
  std::vector<char> input_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool below_at_end_ = false;
};

class ZlibDecoder : public Decoder {
 public:
  ZlibDecoder(BodyReader& below, const char* name) : Decoder(below, name) {
    constexpr int kDetectGzipOrZlib = 15 + 32;
    if (inflateInit2(&stream_, kDetectGzipOrZlib) != Z_OK) throw std::bad_alloc();
  }
  ZlibDecoder(const ZlibDecoder&) = delete;
  ZlibDecoder& operator=(const ZlibDecoder&) = delete;
  ~ZlibDecoder() override { inflateEnd(&stream_); }

 private:
  size_t decode(char* data, size_t size) override {
    stream_.next_in = reinterpret_cast<Bytef*>(input());
    stream_.avail_in = static_cast<uInt>(input_size());
    stream_.next_out = reinterpret_cast<Bytef*>(data);
    const auto capacity = static_cast<uInt>(std::min<size_t>(size, 1u << 30));
    stream_.avail_out = capacity;
    if (input_size() > 0) between_streams_ = false;
    const int result = inflate(&stream_, Z_NO_FLUSH);
    consume(input_size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      between_streams_ = true;
      inflateReset(&stream_);
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      throw Failure(kZlibInflateFailed,
                    std::string("The body is not valid gzip or deflate: ") +
                        (stream_.msg != nullptr ? stream_.msg : "unknown error"));
    }
    return capacity - stream_.avail_out;
  }

  z_stream stream_{};
};

class ZstdDecoder : public Decoder {
 public:
  explicit ZstdDecoder(BodyReader& below) : Decoder(below, "zstd"), stream_(ZSTD_createDStream()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;
  ~ZstdDecoder() override { ZSTD_freeDStream(stream_); }

 private:
  size_t decode(char* data, size_t size) override {
    ZSTD_inBuffer in{input(), input_size(), 0};
    ZSTD_outBuffer out{data, size, 0};
    const size_t result = ZSTD_decompressStream(stream_, &out, &in);
    consume(in.pos);
    if (ZSTD_isError(result) != 0) {
      throw Failure(kZstdDecoderFailed,
                    std::string("The body is not valid zstd: ") + ZSTD_getErrorName(result));
    }
    between_streams_ = result == 0;
    return out.pos;
  }

  ZSTD_DStream* stream_;
};

class Lz4Decoder : public Decoder {
 public:
  explicit Lz4Decoder(BodyReader& below) : Decoder(below, "lz4") {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)) != 0) {
      throw std::bad_alloc();
    }
  }
  Lz4Decoder(const Lz4Decoder&) = delete;
  Lz4Decoder& operator=(const Lz4Decoder&) = delete;
  ~Lz4Decoder() override { LZ4F_freeDecompressionContext(context_); }

 private:
  size_t decode(char* data, size_t size) override {
    size_t consumed = input_size();
    size_t written = size;
    const size_t result = LZ4F_decompress(context_, data, &written, input(), &consumed, nullptr);
    consume(consumed);
    if (LZ4F_isError(result) != 0) {
      throw Failure(kLz4DecoderFailed,
                    std::string("The body is not a valid lz4 frame: ") + LZ4F_getErrorName(result));
    }
    between_streams_ = result == 0;
    return written;
  }

  LZ4F_dctx* context_ = nullptr;
};

}  // namespace

std::unique_ptr<BodyReader> decode_content(std::string_view encoding, BodyReader& below) {
  if (encoding.empty() || encoding == "identity" || encoding == "none") return nullptr;
  if (encoding == "gzip" || encoding == "x-gzip") {
    return std::make_unique<ZlibDecoder>(below, "gzip");
  }
  if (encoding == "deflate") return std::make_unique<ZlibDecoder>(below, "deflate");
  if (encoding == "zstd") return std::make_unique<ZstdDecoder>(below);
  if (encoding == "lz4") return std::make_unique<Lz4Decoder>(below);
  throw Failure(kNotImplemented, "Content-Encoding '" + std::string(encoding.substr(0, 40)) +
                                     "' is not supported: use gzip, deflate, zstd or lz4");
}

}  // namespace chdb
