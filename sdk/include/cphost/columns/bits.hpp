// SPDX-License-Identifier: Apache-2.0
// cphost/columns/bits.hpp: byte flags (0 or 1) packed to Arrow's bitmaps.
#pragma once

#include "bytes.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace cphost::columns {

// Writes whole bytes: up to 16 flags behind the last are read and up to two bytes behind the bitmap
// written.
inline void pack_bits(const Byte* flags, size_t n, Byte* bits) {
#if defined(__SSE2__)
  for (size_t i = 0; i < n; i += 16) {
    const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(flags + i));
    const uint16_t word = static_cast<uint16_t>(_mm_movemask_epi8(_mm_slli_epi16(v, 7)));
    std::memcpy(bits + i / 8, &word, sizeof word);
  }
#else
  for (size_t i = 0; i < n; i += 8) {
    // Bit k of the product's highest byte is flag k.
    bits[i / 8] =
        static_cast<Byte>((load8(flags + i) & 0x0101010101010101ull) * 0x0102040810204080ull >> 56);
  }
#endif
}

}  // namespace cphost::columns
