// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "errors.hpp"
#include "text_reader.hpp"

namespace chdb {
namespace {

std::string rows() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919) + ",row\n";
  return text;
}

std::string zlib_packed(const std::string& text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string packed(const std::string& encoding, const std::string& text) {
  if (encoding == "gzip") return zlib_packed(text, 15 + 16);
  if (encoding == "deflate") return zlib_packed(text, 15);
  std::string result;
  if (encoding == "zstd") {
    result.resize(ZSTD_compressBound(text.size()));
    result.resize(ZSTD_compress(result.data(), result.size(), text.data(), text.size(), 1));
  } else {
    result.resize(LZ4F_compressFrameBound(text.size(), nullptr));
    result.resize(
        LZ4F_compressFrame(result.data(), result.size(), text.data(), text.size(), nullptr));
  }
  return result;
}

std::string decoded(const std::string& encoding, const std::string& body, size_t piece) {
  TextReader below(body, piece);
  const auto reader = decode_content(encoding, below);
  return read_text(*reader, 100'000'000);
}

class ContentEncoding : public testing::TestWithParam<const char*> {};

TEST_P(ContentEncoding, GivesTheTextBackWhateverThePieces) {
  const std::string body = packed(GetParam(), rows());
  for (size_t piece : {size_t{1}, size_t{7}, size_t{65'536}, body.size()}) {
    EXPECT_EQ(decoded(GetParam(), body, piece), rows()) << piece;
  }
}

TEST_P(ContentEncoding, ReadsSeveralStreamsInARow) {
  const std::string body = packed(GetParam(), "first,") + packed(GetParam(), "second");
  EXPECT_EQ(decoded(GetParam(), body, 3), "first,second");
}

TEST_P(ContentEncoding, TakesAnEmptyBody) {
  EXPECT_EQ(decoded(GetParam(), "", 1), "");
  EXPECT_EQ(decoded(GetParam(), packed(GetParam(), ""), 1), "");
}

TEST_P(ContentEncoding, RefusesACutBody) {
  const std::string body = packed(GetParam(), rows());
  for (size_t size : {size_t{1}, body.size() / 2, body.size() - 1}) {
    EXPECT_THROW(decoded(GetParam(), body.substr(0, size), 1000), Failure) << size;
  }
}

TEST_P(ContentEncoding, RefusesGarbage) {
  EXPECT_THROW(decoded(GetParam(), "INSERT is not compressed at all", 1000), Failure);
  EXPECT_THROW(decoded(GetParam(), packed(GetParam(), "good") + "garbage beyond it", 1000),
               Failure);
}

INSTANTIATE_TEST_SUITE_P(Every, ContentEncoding, testing::Values("gzip", "deflate", "zstd", "lz4"),
                         [](const auto& test) { return std::string(test.param); });

TEST(Body, KnowsWhichEncodingsItHas) {
  TextReader below("", 1);
  EXPECT_EQ(decode_content("", below), nullptr);
  EXPECT_EQ(decode_content("identity", below), nullptr);
  EXPECT_THROW(decode_content("br", below), Failure);
}

TEST(Body, LimitsWhatASmallCompressedBodyCanBecome) {
  TextReader below(packed("gzip", std::string(1'000'000, 'x')), 1000);
  const auto content = decode_content("gzip", below);
  LimitedReader limited(*content, 999'999);
  try {
    read_text(limited, 2'000'000);
    FAIL() << "no limit";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), 413);
  }
}

TEST(Body, AllowsExactlyTheLimit) {
  TextReader below("12345", 2);
  LimitedReader limited(below, 5);
  EXPECT_EQ(read_text(limited, 100), "12345");
}

}  // namespace
}  // namespace chdb
