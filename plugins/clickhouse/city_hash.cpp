// SPDX-License-Identifier: Apache-2.0
// Derived from CityHash 1.0.2, Copyright (c) 2011 Google, Inc., MIT.
//
// Written afresh from the algorithm; only what the 128-bit hash needs. The order of the additions
// and the shift counts are the algorithm: nothing here can be tidied without changing the values.
#include "city_hash.hpp"

#include <cstring>
#include <utility>

namespace clickhouse {
namespace {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the loads below are little-endian");

constexpr uint64_t kPrime0 = 0xc3a5c85c97cb3127;
constexpr uint64_t kPrime1 = 0xb492b66fbe98f273;
constexpr uint64_t kPrime2 = 0x9ae16a3b2f90404f;
constexpr uint64_t kPrime3 = 0xc949d7c7509e6557;
constexpr uint64_t kPairMultiplier = 0x9ddfea08eb382d69;

uint64_t load64(const char* p) {
  uint64_t value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

uint64_t load32(const char* p) {
  uint32_t value;
  std::memcpy(&value, p, sizeof value);
  return value;
}

/// `count` is 1 to 63.
uint64_t rotate_right(uint64_t value, size_t count) {
  return (value >> count) | (value << (64 - count));
}

uint64_t fold(uint64_t value) {
  return value ^ (value >> 47);
}

uint64_t hash_pair(uint64_t low, uint64_t high) {
  const uint64_t a = fold((low ^ high) * kPairMultiplier);
  return fold((high ^ a) * kPairMultiplier) * kPairMultiplier;
}

uint64_t hash_up_to_16(const char* s, size_t size) {
  if (size > 8) {
    const uint64_t last = load64(s + size - 8);
    return hash_pair(load64(s), rotate_right(last + size, size)) ^ last;
  }
  if (size >= 4) return hash_pair(size + (load32(s) << 3), load32(s + size - 4));
  if (size == 0) return kPrime2;
  const auto first = static_cast<uint8_t>(s[0]);
  const auto middle = static_cast<uint8_t>(s[size >> 1]);
  const auto last = static_cast<uint8_t>(s[size - 1]);
  const uint64_t y = first + (uint64_t{middle} << 8);
  const uint64_t z = size + (uint64_t{last} << 2);
  return fold((y * kPrime2) ^ (z * kPrime3)) * kPrime2;
}

/// 32 bytes at `s` and two seeds to 128 bits; quick, not good by itself.
Hash128 mix_32(const char* s, uint64_t a, uint64_t b) {
  const uint64_t last = load64(s + 24);
  a += load64(s);
  b = rotate_right(b + a + last, 21);
  const uint64_t c = a;
  a += load64(s + 8) + load64(s + 16);
  b += rotate_right(a, 44);
  return {a + last, b + c};
}

/// Fewer than 128 bytes.
Hash128 hash_short(const char* s, size_t size, Hash128 seed) {
  uint64_t a = seed.low;
  uint64_t b = seed.high;
  uint64_t c;
  uint64_t d;
  if (size <= 16) {
    a = fold(a * kPrime1) * kPrime1;
    c = b * kPrime1 + hash_up_to_16(s, size);
    d = fold(a + (size >= 8 ? load64(s) : c));
  } else {
    c = hash_pair(load64(s + size - 8) + kPrime1, a);
    d = hash_pair(b + size, c + load64(s + size - 16));
    a += d;
    // The last up to 16 bytes are in `c` and `d` already.
    for (const char* end = s + size - 16; s < end; s += 16) {
      a = (a ^ (fold(load64(s) * kPrime1) * kPrime1)) * kPrime1;
      b ^= a;
      c = (c ^ (fold(load64(s + 8) * kPrime1) * kPrime1)) * kPrime1;
      d ^= c;
    }
  }
  a = hash_pair(a, c);
  b = hash_pair(d, b);
  return {a ^ b, hash_pair(b, a)};
}

struct LongState {
  uint64_t x, y, z;
  Hash128 v, w;

  void add_64(const char* s) {
    x = rotate_right(x + y + v.low + load64(s + 16), 37) * kPrime1;
    y = rotate_right(y + v.high + load64(s + 48), 42) * kPrime1;
    x ^= w.high;
    y ^= v.low;
    z = rotate_right(z ^ w.low, 33);
    v = mix_32(s, v.high * kPrime1, x + w.low);
    w = mix_32(s + 32, z + w.high, y);
    std::swap(z, x);
  }

  void add_tail_32(const char* s) {
    y = rotate_right(y - x, 42) * kPrime0 + v.high;
    w.low += load64(s + 16);
    x = rotate_right(x, 49) * kPrime0 + w.low;
    w.low += v.low;
    v = mix_32(s, v.low, v.high);
  }
};

Hash128 hash_seeded(const char* s, size_t size, Hash128 seed) {
  if (size < 128) return hash_short(s, size, seed);

  LongState state{seed.low, seed.high, size * kPrime1, {}, {}};
  state.v.low = rotate_right(state.y ^ kPrime1, 49) * kPrime1 + load64(s);
  state.v.high = rotate_right(state.v.low, 42) * kPrime1 + load64(s + 8);
  state.w.low = rotate_right(state.y + state.z, 35) * kPrime1 + state.x;
  state.w.high = rotate_right(state.x + load64(s + 88), 53) * kPrime1;
  for (; size >= 128; s += 128, size -= 128) {
    state.add_64(s);
    state.add_64(s + 64);
  }
  state.y += rotate_right(state.w.low, 37) * kPrime0 + state.z;
  state.x += rotate_right(state.v.low + state.z, 49) * kPrime0;
  // The rest in 32-byte pieces from the end; the last one reaches back into hashed bytes.
  for (size_t done = 32; done < size + 32; done += 32) state.add_tail_32(s + size - done);

  const uint64_t x = hash_pair(state.x, state.v.low);
  const uint64_t y = hash_pair(state.y, state.w.low);
  return {hash_pair(x + state.v.high, state.w.high) + y,
          hash_pair(x + state.w.high, y + state.v.high)};
}

}  // namespace

Hash128 city_hash128(const char* data, size_t size) {
  if (size >= 16) {
    return hash_seeded(data + 16, size - 16, {load64(data) ^ kPrime3, load64(data + 8)});
  }
  if (size >= 8) {
    return hash_seeded(nullptr, 0,
                       {load64(data) ^ (size * kPrime0), load64(data + size - 8) ^ kPrime1});
  }
  return hash_seeded(data, size, {kPrime0, kPrime1});
}

}  // namespace clickhouse
