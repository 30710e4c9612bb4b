// SPDX-License-Identifier: Apache-2.0
#include "frames.hpp"

#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

namespace clickhouse {
namespace {

std::string joined(const Segments& segments) {
  std::string out;
  for (const Segment& s : segments) out.append(reinterpret_cast<const char*>(s.data), s.size);
  return out;
}

Segment segment(const std::string& s) {
  return {reinterpret_cast<const uint8_t*>(s.data()), s.size()};
}

// Bytes that compress somewhat, never the same twice.
std::string sample(size_t size, uint32_t seed) {
  std::mt19937 random(seed);
  std::string s(size, '\0');
  for (char& c : s) c = static_cast<char>('a' + random() % 7);
  return s;
}

class FramesOf : public testing::TestWithParam<Compression> {};

TEST_P(FramesOf, RoundTripKeepsBytesAcrossSegmentsOfAnySize) {
  FrameWriter writer(GetParam());
  for (uint32_t round = 0; round < 3; ++round) {  // The same buffers serve block after block.
    const std::string a = sample(10, round), b = sample(700'000, round + 10),
                      c = sample(262'144, round + 20), d = sample(1, round + 30);
    const Segments body = {segment(a), segment(b), segment(c), segment(d)};
    const std::string frames = joined(writer.compress(body));
    EXPECT_LT(frames.size(), total_size(body));
    EXPECT_EQ(decompress_frames(frames, 1 << 24), a + b + c + d);
  }
}

TEST_P(FramesOf, IncompressibleBytesFit) {
  std::mt19937 random(1);
  std::string noise(300'000, '\0');
  for (char& ch : noise) ch = static_cast<char>(random());
  FrameWriter writer(GetParam());
  EXPECT_EQ(decompress_frames(joined(writer.compress({segment(noise)})), 1 << 20), noise);
}

TEST_P(FramesOf, DamageIsFound) {
  FrameWriter writer(GetParam());
  const std::string text = sample(1000, 1);
  const std::string frames = joined(writer.compress({segment(text)}));
  for (size_t at : {size_t{0}, size_t{16}, size_t{20}, frames.size() - 1}) {
    std::string bad = frames;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_THROW(decompress_frames(bad, 1 << 20), std::runtime_error) << at;
  }
  EXPECT_THROW(decompress_frames(frames.substr(0, frames.size() - 1), 1 << 20), std::runtime_error);
  EXPECT_THROW(decompress_frames(frames, 999), std::runtime_error);
}

INSTANTIATE_TEST_SUITE_P(EachMethod, FramesOf,
                         testing::Values(Compression::kLz4, Compression::kZstd));

TEST(Frames, NoneIsTheBodyItself) {
  FrameWriter writer(Compression::kNone);
  const std::string text = "abc";
  const Segments body = {segment(text)};
  EXPECT_EQ(&writer.compress(body), &body);
}

}  // namespace
}  // namespace clickhouse
