// SPDX-License-Identifier: Apache-2.0
// Cuts what a descriptor delivers into lines, with a limit on their length and on the memory that
// they take.
//
//     while (true) switch (reader.next(line)) {
//       kLine: use line; kTooLong: its head; kWait: nothing to read now; kEnd: nothing more
//     }
//
// A line is valid until the next call. The last line needs no line feed. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace file {

class LineReader {
 public:
  enum class Result { kLine, kTooLong, kWait, kEnd };

  struct Line {
    std::string_view text;  // without its line feed; of one that is too long, the first 64 KiB
    int64_t position = 0;   // offset of its last byte, the line feed where there is one
    uint64_t size = 0;      // without the line feed
  };

  /// Reads `descriptor`, which it does not own, from where it stands; that counts as `offset`.
  LineReader(int descriptor, int64_t offset, size_t max_line);

  /// Never blocks: kWait when a pipe or a terminal has nothing yet. Throws std::system_error when
  /// reading fails; it may be called again then.
  Result next(Line& line);

 private:
  enum class Fill { kSome, kWait, kEnd };

  Fill fill();
  Result finish_line(size_t size, size_t feed, Line& line);
  void begin_long_line();

  int descriptor_;
  size_t max_line_;
  size_t capacity_;
  std::unique_ptr<char[]> buffer_;
  size_t begin_ = 0;    // of the line
  size_t scanned_ = 0;  // no line feed before it
  size_t end_ = 0;
  int64_t offset_;  // of begin_
  bool is_long_ = false;
  std::string long_head_;
  uint64_t long_size_ = 0;
};

}  // namespace file
