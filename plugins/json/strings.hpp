// SPDX-License-Identifier: Apache-2.0
// strings.hpp: JSON strings, sixteen bytes a step: validated (escapes, control characters, UTF-8)
// and copied, or only validated. Each function reads up to kPadding bytes behind `end` and believes
// nothing that it finds there.
#pragma once

#include <cphost/columns/bytes.hpp>
#include <cphost/columns/utf8.hpp>
#include <cphost/columns/uuid.hpp>

#include "failure.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace json {

// One bit for each of the sixteen bytes at p.
struct Marks {
  uint32_t quote;    // '"'
  uint32_t special;  // a backslash, a control character, or a byte of 0x80 and above
};

inline Marks marks16(const Byte* p) {
#if defined(__SSE2__)
  const __m128i v = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
  // As signed bytes, control characters and what is not ASCII both lie below the blank.
  const __m128i special =
      _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')), _mm_cmplt_epi8(v, _mm_set1_epi8(0x20)));
  const __m128i quote = _mm_cmpeq_epi8(v, _mm_set1_epi8('"'));
  return {static_cast<uint32_t>(_mm_movemask_epi8(quote)),
          static_cast<uint32_t>(_mm_movemask_epi8(special))};
#else
  Marks marks = {0, 0};
  for (uint32_t i = 0; i < 16; ++i) {
    marks.quote |= static_cast<uint32_t>(p[i] == '"') << i;
    marks.special |= static_cast<uint32_t>(p[i] == '\\' || p[i] < 0x20 || p[i] >= 0x80) << i;
  }
  return marks;
#endif
}

// Four hexadecimal digits at p, or a negative number.
inline int32_t hex4(const Byte* p) {
  using cphost::columns::kHexDigits;
  const int a = kHexDigits[p[0]], b = kHexDigits[p[1]], c = kHexDigits[p[2]], d = kHexDigits[p[3]];
  return (a | b | c | d) < 0 ? -1 : a << 12 | b << 8 | c << 4 | d;
}

// The escape at p (its backslash): writes what it means and its size; returns its end.
inline const Byte* unescape(const Byte* p, Byte* out, unsigned& size, Failure& failure) {
  size = 1;
  switch (p[1]) {
    case '"':
      *out = '"';
      return p + 2;
    case '\\':
      *out = '\\';
      return p + 2;
    case '/':
      *out = '/';
      return p + 2;
    case 'b':
      *out = '\b';
      return p + 2;
    case 'f':
      *out = '\f';
      return p + 2;
    case 'n':
      *out = '\n';
      return p + 2;
    case 'r':
      *out = '\r';
      return p + 2;
    case 't':
      *out = '\t';
      return p + 2;
    case 'u':
      break;
    default:
      return failure.set(Fault::kEscape, p);
  }
  const int32_t code = hex4(p + 2);
  if (code < 0) return failure.set(Fault::kEscape, p);
  uint32_t point = static_cast<uint32_t>(code);
  const Byte* next = p + 6;
  if (point >= 0xd800 && point < 0xe000) {
    const int32_t low = point < 0xdc00 && next[0] == '\\' && next[1] == 'u' ? hex4(next + 2) : -1;
    if (low < 0xdc00 || low > 0xdfff) return failure.set(Fault::kSurrogate, p);
    point = 0x10000 + ((point - 0xd800) << 10) + (static_cast<uint32_t>(low) - 0xdc00);
    next += 6;
  }
  size = cphost::columns::utf8_encode(point, out);
  return next;
}

// The last bytes of a record, with zeros behind them: why a sequence that is cut off is refused
// must not depend on the next record.
class NearEnd {
 public:
  NearEnd(const Byte* p, const Byte* end) {
    std::memcpy(bytes_, p, end - p < kSize ? static_cast<size_t>(end - p) : kSize);
  }
  const Byte* data() const { return bytes_; }

  static constexpr ptrdiff_t kSize = 12;  // of the longest escape: a surrogate pair

 private:
  Byte bytes_[kSize + 4] = {};
};

// The escape at p as unescape has it, or the size of the UTF-8 sequence at p; both believe nothing
// behind `end`.
inline const Byte* unescape_before(const Byte* p, const Byte* end, Byte* out, unsigned& size,
                                   Failure& failure) {
  if (end - p >= NearEnd::kSize) [[likely]]
    return unescape(p, out, size, failure);
  const NearEnd copy(p, end);
  const Byte* stop = unescape(copy.data(), out, size, failure);
  if (stop != nullptr) return p + (stop - copy.data());
  failure.at = p;
  return nullptr;
}

inline unsigned utf8_sequence_before(const Byte* p, const Byte* end) {
  if (end - p >= 4) [[likely]]
    return cphost::columns::utf8_sequence(p);
  return cphost::columns::utf8_sequence(NearEnd(p, end).data());
}

// The general way: p anywhere in a string. Where kCopy, the text goes to `out`, which has room for
// end - p and kPadding.
template <bool kCopy>
[[gnu::noinline]] const Byte* scan_string_slow(const Byte* p, const Byte* end, Byte* out,
                                               size_t& size, Failure& failure) {
  Byte* const begin = out;
  Byte scratch[4];
  while (p < end) {
    const Marks marks = marks16(p);
    const uint32_t stop = marks.quote | marks.special;
    const unsigned plain = stop != 0 ? static_cast<unsigned>(__builtin_ctz(stop)) : 16;
    if (kCopy) {
      std::memcpy(out, p, 16);
      out += plain;
    }
    p += plain;
    if (plain == 16) continue;
    if (p >= end) break;
    if (*p == '"') {
      size = static_cast<size_t>(out - begin);
      return p + 1;
    }
    if (*p < 0x20) return failure.set(Fault::kControl, p);
    if (*p == '\\') {
      unsigned written;
      const Byte* next = unescape_before(p, end, kCopy ? out : scratch, written, failure);
      if (next == nullptr) return nullptr;
      p = next;
      if (kCopy) out += written;
      continue;
    }
    // Text that is not ASCII mostly stays so for a while.
    do {
      const unsigned length = utf8_sequence_before(p, end);
      if (length == 0) return failure.set(Fault::kUtf8, p);
      if (kCopy) {
        std::memcpy(out, p, 4);
        out += length;
      }
      p += length;
    } while (*p >= 0x80 && p < end);
  }
  return failure.set(Fault::kTruncated, end);
}

// p behind the opening quote. Copies the unescaped text to `out` (room: end - p, and kPadding more)
// and returns the byte behind the closing quote.
[[gnu::always_inline]] inline const Byte* copy_string(const Byte* p, const Byte* end, Byte* out,
                                                      size_t& size, Failure& failure) {
  const Byte* s = p;
  for (; s < end; s += 16) {
    const Marks marks = marks16(s);
    std::memcpy(out + (s - p), s, 16);
    if (marks.quote != 0) [[likely]] {
      // The lowest bit of quote, and all below it.
      if ((marks.special & (marks.quote ^ (marks.quote - 1))) != 0) [[unlikely]]
        break;
      s += __builtin_ctz(marks.quote);
      size = static_cast<size_t>(s - p);
      return s < end ? s + 1 : failure.set(Fault::kTruncated, end);
    }
    if (marks.special != 0) break;
  }
  return scan_string_slow<true>(p, end, out, size, failure);
}

// The same without a copy.
[[gnu::always_inline]] inline const Byte* skip_string(const Byte* p, const Byte* end,
                                                      Failure& failure) {
  for (; p < end; p += 16) {
    const Marks marks = marks16(p);
    if (marks.quote != 0) [[likely]] {
      if ((marks.special & (marks.quote ^ (marks.quote - 1))) != 0) [[unlikely]]
        break;
      p += __builtin_ctz(marks.quote);
      return p < end ? p + 1 : failure.set(Fault::kTruncated, end);
    }
    if (marks.special != 0) break;
  }
  size_t size;
  return scan_string_slow<false>(p, end, nullptr, size, failure);
}

}  // namespace json
