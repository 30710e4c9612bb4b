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
  narrow,  // A page view: ten small fields, 177 bytes on average.
  wide,    // A log line: longer strings, a decimal of 12 digits, 235 bytes on average.
};

// No row is longer. Lets a caller size its buffers.
inline constexpr std::size_t kMaxRowSize = 400;

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
  char* write_narrow(std::uint64_t index, char* out) const;
  char* write_wide(std::uint64_t index, char* out) const;

  Shape shape_;
  std::array<Word, kWordCount> words_;
};

}  // namespace rows
