// SPDX-License-Identifier: Apache-2.0
// What exactly-once delivery keeps durably beside the committed position of a stream: the blocks of
// that stream that may have been sent and are not known to be written. Pure functions.
//
//     cp1 <last>:<salt> <last>:<salt> ... h=<recipe> t=<milliseconds> c=<crc32c>
//
// Each range begins after the one before it, the first after the committed position, and ends with
// the record at `last`.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cphost::host {

struct NotedRange {
  std::string last;  ///< Position of its last record; no spaces.
  std::string salt;  ///< Makes its token unique; kWritten when it is written already.

  static constexpr std::string_view kWritten = "-";
  bool is_written() const { return salt == kWritten; }
  bool operator==(const NotedRange&) const = default;
};

struct Note {
  /// Streams keep no more, so that a note fits into the 1,024 bytes that a source grants it.
  static constexpr size_t kRangesMax = 8;
  static constexpr size_t kBytesMax = 1024;

  std::vector<NotedRange> ranges;
  uint32_t recipe = 0;   ///< Of what makes rows of records; another one may make others.
  int64_t since_ms = 0;  ///< When the oldest range was sealed; Unix time.
};

/// "" when there are no ranges. Throws std::length_error when the text is too long to be kept.
std::string note_text(const Note& note);

/// Damaged or foreign in part: whoever guesses may lose or double rows.
class BadNote : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// No ranges for "" and for what another program has left there. Throws BadNote.
Note parse_note(std::string_view text);

}  // namespace cphost::host
