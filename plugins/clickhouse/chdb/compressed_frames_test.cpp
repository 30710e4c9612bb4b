// SPDX-License-Identifier: Apache-2.0
#include "compressed_frames.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include <cstring>

#include "../city_hash.hpp"
#include "errors.hpp"
#include "text_reader.hpp"

namespace chdb {
namespace {

std::string unpacked(const std::string& frames, size_t piece = 1000, bool verify = true) {
  TextReader below(frames, piece);
  FrameReader reader(below, verify);
  return read_text(reader, 100'000'000);
}

int failure_code(const std::string& frames) {
  try {
    unpacked(frames);
  } catch (const Failure& failure) {
    return failure.code();
  }
  return 0;
}

std::string frame(uint8_t method, const std::string& payload, uint32_t raw_size) {
  const auto packed_size = static_cast<uint32_t>(payload.size() + 9);
  std::string rest(1, static_cast<char>(method));
  rest.append(reinterpret_cast<const char*>(&packed_size), 4);
  rest.append(reinterpret_cast<const char*>(&raw_size), 4);
  rest += payload;
  const auto hash = clickhouse::city_hash128(rest.data(), rest.size());
  std::string head(16, '\0');
  std::memcpy(head.data(), &hash.low, 8);
  std::memcpy(head.data() + 8, &hash.high, 8);
  return head + rest;
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

TEST(CompressedFrames, ReadsBackWhatItWrote) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += std::to_string(i) + "\n";
  std::string frames;
  append_lz4_frames(text, frames);
  ASSERT_GT(text.size(), size_t{3} << 20) << "not several frames";
  EXPECT_LT(frames.size(), text.size());
  for (size_t piece : {size_t{13}, size_t{65'536}, frames.size()}) {
    EXPECT_EQ(unpacked(frames, piece), text) << piece;
  }
}

TEST(CompressedFrames, ReadsEachMethod) {
  EXPECT_EQ(unpacked(frame(0x02, "plain", 5)), "plain");
  std::string packed(100, '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), "zstandard", 9, 1));
  EXPECT_EQ(unpacked(frame(0x90, packed, 9) + frame(0x02, "!", 1)), "zstandard!");
  EXPECT_EQ(unpacked(frame(0x02, "", 0) + frame(0x02, "x", 1)), "x");
}

// Made with the PyPI packages lz4 and clickhouse-cityhash, which clickhouse-driver uses.
TEST(CompressedFrames, ReadsAFrameOfAnotherClient) {
  EXPECT_EQ(
      unpacked(from_hex(
          "b3d68bc5c0abafa3b146e3a9dd8036cd8218000000180000006968656c6c6f20060050656c6c6f0a")),
      "hello hello hello hello\n");
}

TEST(CompressedFrames, RefusesDamage) {
  std::string frames;
  append_lz4_frames("some rows that are sent, some rows that are sent", frames);
  for (size_t i = 0; i < frames.size(); ++i) {
    std::string damaged = frames;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    EXPECT_NE(failure_code(damaged), 0) << "byte " << i;
  }
  std::string damaged = frames;
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  EXPECT_EQ(failure_code(damaged), kChecksumDoesNotMatch);
}

TEST(CompressedFrames, RefusesACutBody) {
  std::string frames;
  append_lz4_frames("some rows", frames);
  for (size_t size = 1; size < frames.size(); ++size) {
    EXPECT_EQ(failure_code(frames.substr(0, size)), kUnexpectedEndOfFile) << size;
  }
}

TEST(CompressedFrames, RefusesUnknownMethodsAndSizes) {
  EXPECT_EQ(failure_code(frame(0x91, "x", 1)), kUnknownCompressionMethod);
  EXPECT_EQ(failure_code(frame(0x02, "x", 0x7fffffff)), kTooLargeSizeCompressed);
  EXPECT_EQ(failure_code(frame(0x02, "x", 2)), kCannotDecompress);
  EXPECT_EQ(failure_code(frame(0x82, "\xff\xff\xff", 100)), kCannotDecompress);
  EXPECT_EQ(failure_code(frame(0x90, "no zstd", 100)), kCannotDecompress);
}

TEST(CompressedFrames, IgnoresChecksumsOnlyWhenTold) {
  std::string damaged = frame(0x02, "x", 1);
  damaged[0] = static_cast<char>(damaged[0] ^ 1);
  EXPECT_EQ(unpacked(damaged, 10, false), "x");
  EXPECT_THROW(unpacked(damaged, 10, true), Failure);
}

}  // namespace
}  // namespace chdb
