// SPDX-License-Identifier: Apache-2.0
#include <cphost/buffer.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace {

using cphost::Buffer;

TEST(Buffer, GrowsAndKeepsItsBytes) {
  Buffer buffer;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = std::to_string(i);
    buffer.append(text.data(), text.size());
    expected += text;
  }
  ASSERT_EQ(buffer.size(), expected.size());
  EXPECT_EQ(std::memcmp(buffer.data(), expected.data(), expected.size()), 0);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % Buffer::kAlignment, 0u);
}

TEST(Buffer, MayBeReadBehindItsCapacity) {
  Buffer buffer;
  buffer.reserve(100);
  buffer.set_size(buffer.capacity());
  std::memset(buffer.end(), 1, Buffer::kSlack);
  EXPECT_EQ(buffer.end()[Buffer::kSlack - 1], 1);
}

TEST(Buffer, RefusesWhatOffsetsCannotSay) {
  Buffer buffer;
  EXPECT_THROW(buffer.reserve(Buffer::kBytesMax + 1), cphost::Error);
  buffer.append("a", 1);
  EXPECT_THROW(buffer.ensure(Buffer::kBytesMax), cphost::Error);
  EXPECT_EQ(buffer.size(), 1u);
}

struct Set {
  explicit Set(size_t size) : size_(size) {}
  size_t bytes() const { return size_; }
  size_t size_;
};

TEST(Pool, GivesBackTheLastSetFirst) {
  cphost::Pool<Set> pool(100);
  EXPECT_EQ(pool.take(), nullptr);
  pool.give(std::make_unique<Set>(1));
  pool.give(std::make_unique<Set>(2));
  EXPECT_EQ(pool.bytes(), 3u);
  EXPECT_EQ(pool.take()->bytes(), 2u);
  EXPECT_EQ(pool.take()->bytes(), 1u);
  EXPECT_EQ(pool.bytes(), 0u);
}

TEST(Pool, KeepsNoMoreThanItsBounds) {
  cphost::Pool<Set> by_bytes(10);
  by_bytes.give(std::make_unique<Set>(8));
  by_bytes.give(std::make_unique<Set>(8));
  EXPECT_EQ(by_bytes.bytes(), 8u);
  cphost::Pool<Set> by_sets(100, 1);
  by_sets.give(std::make_unique<Set>(1));
  by_sets.give(std::make_unique<Set>(1));
  EXPECT_EQ(by_sets.bytes(), 1u);
}

TEST(Pool, IsSharedByThreads) {
  cphost::Pool<Set> pool(1000);
  const auto work = [&pool] {
    for (int i = 0; i < 10000; ++i) {
      auto set = pool.take();
      pool.give(set ? std::move(set) : std::make_unique<Set>(1));
    }
  };
  std::thread a(work), b(work);
  a.join();
  b.join();
  EXPECT_LE(pool.bytes(), 2u);
  EXPECT_GE(pool.bytes(), 1u);
}

}  // namespace
