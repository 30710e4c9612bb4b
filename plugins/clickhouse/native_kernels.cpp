// SPDX-License-Identifier: Apache-2.0
#include "native_kernels.hpp"

#include <array>
#include <bit>
#include <cstring>

namespace clickhouse {
namespace {

constexpr size_t kLengthBytesMax = 5;  // Of a 32-bit length.
constexpr uint64_t kOnes = 0x0101010101010101;

// Eight bytes for the eight bits of a byte.
constexpr std::array<uint64_t, 256> make_unpacked() {
  std::array<uint64_t, 256> table{};
  for (size_t byte = 0; byte < table.size(); ++byte) {
    for (size_t bit = 0; bit < 8; ++bit) table[byte] |= uint64_t{byte >> bit & 1} << (8 * bit);
  }
  return table;
}
constexpr std::array<uint64_t, 256> kUnpacked = make_unpacked();

bool is_set(const uint8_t* bits, size_t i) {
  return bits[i >> 3] >> (i & 7) & 1;
}

uint8_t* write_length(uint32_t length, uint8_t* out) {
  while (length >= 0x80) {
    *out++ = static_cast<uint8_t>(length | 0x80);
    length >>= 7;
  }
  *out++ = static_cast<uint8_t>(length);
  return out;
}

uint8_t* write_long_string(const uint8_t* data, uint32_t length, uint8_t* out) {
  out = write_length(length, out);
  if (length) std::memcpy(out, data, length);
  return out + length;
}

uint64_t load_u64(const uint8_t* from) {
  uint64_t v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

}  // namespace

void append_varuint(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void append_string(std::string& out, std::string_view text) {
  append_varuint(out, text.size());
  out += text;
}

size_t strings_size_max(const int32_t* offsets, size_t count) {
  // A string under 128 bytes has one byte of length; a longer one pays for the others with its own
  // bytes.
  const size_t bytes = static_cast<size_t>(offsets[count] - offsets[0]);
  return bytes + count + bytes / 128 * (kLengthBytesMax - 1);
}

uint8_t* write_strings(const uint8_t* data, const int32_t* offsets, size_t count, uint8_t* out) {
  // Copies in steps of 32 bytes may read that far: near the end of the data they are exact instead.
  const uint8_t* const data_end = data + offsets[count];
  for (size_t i = 0; i < count; ++i) {
    const auto length = static_cast<uint32_t>(offsets[i + 1] - offsets[i]);
    const uint8_t* s = data + offsets[i];
    if (length >= 128 || data_end - s < 160) [[unlikely]] {
      out = write_long_string(s, length, out);
      continue;
    }
    *out++ = static_cast<uint8_t>(length);
    for (uint32_t k = 0; k < length; k += 32) std::memcpy(out + k, s + k, 32);
    out += length;
  }
  return out;
}

uint8_t* write_strings(const uint8_t* data, const int32_t* offsets, const uint8_t* validity,
                       size_t begin, size_t count, std::string_view null, uint8_t* out) {
  offsets += begin;
  for (size_t i = 0; i < count; ++i) {
    if (is_set(validity, begin + i)) {
      out = write_long_string(data + offsets[i], static_cast<uint32_t>(offsets[i + 1] - offsets[i]),
                              out);
    } else {
      std::memcpy(out, null.data(), null.size());
      out += null.size();
    }
  }
  return out;
}

void unpack_bits(const uint8_t* bits, size_t begin, size_t count, uint8_t flip, uint8_t* out) {
  const uint64_t flips = flip ? kOnes : 0;
  const size_t shift = begin & 7;
  bits += begin >> 3;
  size_t i = 0;
  if (shift == 0) {
    for (; i < count; i += 8) {
      const uint64_t bytes = kUnpacked[bits[i >> 3]] ^ flips;
      std::memcpy(out + i, &bytes, 8);
    }
    return;
  }
  const size_t last = (shift + count - 1) >> 3;  // The last byte that holds a bit of ours.
  for (; i < count; i += 8) {
    const size_t at = i >> 3;
    unsigned both = static_cast<unsigned>(bits[at]) >> shift;
    if (at < last) both |= static_cast<unsigned>(bits[at + 1]) << (8 - shift);
    const uint64_t bytes = kUnpacked[both & 0xff] ^ flips;
    std::memcpy(out + i, &bytes, 8);
  }
}

size_t count_zeros(const uint8_t* bits, size_t begin, size_t count) {
  size_t ones = 0, i = begin;
  const size_t end = begin + count;
  for (; i < end && (i & 7); ++i) ones += is_set(bits, i);
  for (; i + 64 <= end; i += 64)
    ones += static_cast<size_t>(std::popcount(load_u64(bits + (i >> 3))));
  for (; i < end; ++i) ones += is_set(bits, i);
  return count - ones;
}

void write_offsets(const int32_t* offsets, size_t count, uint64_t base, uint8_t* out) {
  const uint64_t from = base - static_cast<uint64_t>(offsets[0]);
  for (size_t i = 0; i < count; ++i) {
    const uint64_t end = from + static_cast<uint64_t>(offsets[i + 1]);
    std::memcpy(out + 8 * i, &end, 8);
  }
}

void write_uuids(const uint8_t* uuids, size_t count, uint8_t* out) {
  for (size_t i = 0; i < 2 * count; ++i) {
    const uint64_t word = __builtin_bswap64(load_u64(uuids + 8 * i));
    std::memcpy(out + 8 * i, &word, 8);
  }
}

void fill_nulls(uint8_t* values, const uint8_t* validity, size_t begin, size_t count, size_t width,
                const uint8_t* fill) {
  const size_t end = begin + count;
  for (size_t i = begin; i < end;) {
    if ((i & 7) == 0 && validity[i >> 3] == 0xff) {
      i += 8;
      continue;
    }
    if (!is_set(validity, i)) std::memcpy(values + (i - begin) * width, fill, width);
    ++i;
  }
}

}  // namespace clickhouse
