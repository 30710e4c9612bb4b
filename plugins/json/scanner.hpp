// SPDX-License-Identifier: Apache-2.0
// scanner.hpp: JSON as RFC 8259 has it, token by token and as whole values that nobody wants: those
// are validated like all others. No recursion: a document of brackets costs a bit a level, not a
// stack frame.
//
// Every function gets `end`, behind which the next record may stand, and returns a position of at
// most `end`, or nullptr with the failure set.
#pragma once

#include <cphost/columns/floats.hpp>

#include "strings.hpp"

namespace json {

inline constexpr unsigned kDepthMax = 1024;  // the largest max_depth

inline const Byte* skip_space(const Byte* p, const Byte* end) {
  while (p < end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')) ++p;
  return p;
}

// true, false or null at p: as the numbers that their bytes are.
inline constexpr uint32_t kTrue = 0x65757274, kFals = 0x736c6166, kNull = 0x6c6c756e;

// 0 where none stands before `end`.
inline unsigned literal_size(const Byte* p, const Byte* end) {
  const uint32_t word = cphost::columns::load4(p);
  const unsigned size = word == kTrue || word == kNull ? 4 : word == kFals && p[4] == 'e' ? 5 : 0;
  return end - p < static_cast<ptrdiff_t>(size) ? 0 : size;
}

// What begins at p is no number; or the end of the record cuts it off, and what stands behind it is
// none of its digits.
[[gnu::cold]] inline const Byte* no_number(const Byte* p, const Byte* end, Failure& failure) {
  const Byte* q = p;
  while (q < end && (cphost::columns::is_digit(*q) || *q == '-' || *q == '+' || *q == '.' ||
                     (*q | 0x20) == 'e')) {
    ++q;
  }
  return q == end ? failure.set(Fault::kTruncated, end) : failure.set(Fault::kNumber, p);
}

inline const Byte* skip_scalar(const Byte* p, const Byte* end, Failure& failure) {
  if (*p == '"') return skip_string(p + 1, end, failure);
  if (const unsigned size = literal_size(p, end)) return p + size;
  const Byte* stop = cphost::columns::scan_number(p, end);
  return stop != nullptr ? stop : no_number(p, end, failure);
}

// A key at p, the colon, and the blanks around it: returns where the value begins.
inline const Byte* skip_colon(const Byte* p, const Byte* end, Failure& failure) {
  p = skip_space(p, end);
  if (p >= end) return failure.set(Fault::kTruncated, end);
  if (*p != ':') return failure.set(Fault::kUnexpected, p);
  return skip_space(p + 1, end);
}

inline const Byte* skip_key(const Byte* p, const Byte* end, Failure& failure) {
  if (p >= end) return failure.set(Fault::kTruncated, end);
  if (*p != '"') return failure.set(Fault::kUnexpected, p);
  p = skip_string(p + 1, end, failure);
  return p == nullptr ? nullptr : skip_colon(p, end, failure);
}

// Which of the open brackets are objects: one bit each.
class Nesting {
 public:
  unsigned depth() const { return depth_; }
  bool in_object() const { return (bits_[(depth_ - 1) / 64] >> ((depth_ - 1) % 64) & 1) != 0; }
  void open(bool object) {
    uint64_t& word = bits_[depth_ / 64];
    const unsigned at = depth_ % 64;
    if (at == 0) word = 0;  // all are not worth clearing for a value of few levels
    word = (word & ~(uint64_t{1} << at)) | uint64_t{object} << at;
    ++depth_;
  }
  void close() { --depth_; }

 private:
  uint64_t bits_[kDepthMax / 64];
  unsigned depth_ = 0;
};

// Any value at p, validated whole, with at most `levels` brackets open at once.
[[gnu::noinline]] inline const Byte* skip_value(const Byte* p, const Byte* end, unsigned levels,
                                                Failure& failure) {
  Nesting nesting;
  bool key = false;
  for (;;) {
    if (key && (p = skip_key(p, end, failure)) == nullptr) return nullptr;
    if (p >= end) return failure.set(Fault::kTruncated, end);
    if (*p == '{' || *p == '[') {
      if (nesting.depth() >= levels) return failure.set(Fault::kDepth, p);
      key = *p == '{';
      nesting.open(key);
      p = skip_space(p + 1, end);
      if (p >= end || *p != (key ? '}' : ']')) continue;
      nesting.close();
      ++p;
    } else if ((p = skip_scalar(p, end, failure)) == nullptr) {
      return nullptr;
    }
    for (;; ++p) {  // behind a value
      if (nesting.depth() == 0) return p;
      p = skip_space(p, end);
      if (p >= end) return failure.set(Fault::kTruncated, end);
      key = nesting.in_object();
      if (*p == ',') break;
      if (*p != (key ? '}' : ']')) return failure.set(Fault::kUnexpected, p);
      nesting.close();
    }
    p = skip_space(p + 1, end);
  }
}

}  // namespace json
