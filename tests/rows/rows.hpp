// SPDX-License-Identifier: Apache-2.0
//
// Generated JSON rows for tests, benches and examples. A row depends on its index and shape alone,
// so whoever reads a topic back can recompute what it must contain.
//
// Call order: construct one RowGenerator, then append() any index in any order, from any number of
// threads. Nothing is kept between calls.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace rows {

enum class Shape {
  narrow,   // A page view: ten small fields, 177 bytes on average.
  wide,     // A log line: longer strings, a decimal of 12 digits, 235 bytes on average.
  nested,   // A shop's order: 35 values in objects and arrays up to 3 deep, 1.6 kB on average.
  numbers,  // A sensor's report: 24 integers, decimals and floats, 428 bytes on average.
  text,     // A document: four long strings with escapes and UTF-8, 930 bytes on average.
};

inline constexpr std::array<std::string_view, 5> kShapeNames = {"narrow", "wide", "nested",
                                                                "numbers", "text"};

// No row is longer. Lets a caller size its buffers.
inline constexpr std::size_t kMaxRowSize = 4096;

// The finaliser of SplitMix64: every source of chance in the generated data.
std::uint64_t mix(std::uint64_t x);

class RowGenerator {
 public:
  explicit RowGenerator(Shape shape);

  // Appends row `index` to `out`, without a line end.
  void append(std::uint64_t index, std::string& out) const;

 private:
  static constexpr std::size_t kWordCount = 2000;
  static constexpr std::size_t kMaxWordSize = 9;

  struct Word {
    std::array<char, kMaxWordSize> letters;
    std::uint8_t size;
  };

  std::string_view word(std::uint64_t choice) const;
  char* write(std::uint64_t index, char* out) const;
  char* write_narrow(std::uint64_t index, char* out) const;
  char* write_wide(std::uint64_t index, char* out) const;
  char* write_nested(std::uint64_t index, char* out) const;
  char* write_numbers(std::uint64_t index, char* out) const;
  char* write_text(std::uint64_t index, char* out) const;
  char* write_words(std::uint64_t choice, int count, char* out) const;

  Shape shape_;
  std::array<Word, kWordCount> words_;
};

}  // namespace rows
