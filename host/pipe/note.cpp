// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/note.hpp"

#include <charconv>

#include "host/pipe/crc32c.hpp"
#include "host/pipe/position.hpp"

namespace cphost::host {
namespace {

constexpr std::string_view kMagic = "cp1 ";
constexpr std::string_view kChecksum = "c=";

[[noreturn]] void bad(std::string_view text, const std::string& why) {
  throw BadNote("the note \"" + std::string(text.substr(0, Note::kBytesMax)) + "\" " + why);
}

// The next word of `text`, which loses it and the space behind it.
std::string_view next_word(std::string_view& text) {
  const size_t space = text.find(' ');
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(space == text.npos ? text.size() : space + 1);
  return word;
}

template <class Number>
bool read(std::string_view text, Number& value, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string note_text(const Note& note) {
  if (note.ranges.empty()) return {};
  std::string text(kMagic);
  for (const NotedRange& range : note.ranges) text += range.last + ":" + range.salt + " ";
  text += "h=" + hex8(note.recipe) + " t=" + std::to_string(note.since_ms) + " ";
  text += std::string(kChecksum) + hex8(crc32c(text));
  if (text.size() > Note::kBytesMax)
    throw std::length_error("a note of " + std::to_string(text.size()) + " bytes: " + text);
  return text;
}

Note parse_note(std::string_view text) {
  Note note;
  if (!text.starts_with(kMagic)) return note;
  const size_t checksum = text.rfind(' ') + 1;
  if (text.substr(checksum) != std::string(kChecksum) + hex8(crc32c(text.substr(0, checksum)))) {
    bad(text, "does not match its checksum");
  }
  bool has_recipe = false;
  bool has_time = false;
  for (std::string_view rest = text.substr(kMagic.size(), checksum - kMagic.size() - 1);
       !rest.empty();) {
    const std::string_view word = next_word(rest);
    if (word.starts_with("h=")) {
      has_recipe = read(word.substr(2), note.recipe, 16);
    } else if (word.starts_with("t=")) {
      has_time = read(word.substr(2), note.since_ms, 10);
    } else {
      const size_t colon = word.rfind(':');
      if (colon == word.npos || colon == 0 || colon + 1 == word.size())
        bad(text, "has \"" + std::string(word) + "\", which this version does not know");
      NotedRange range{std::string(word.substr(0, colon)), std::string(word.substr(colon + 1))};
      if (!note.ranges.empty() && !position_less(note.ranges.back().last, range.last))
        bad(text, "has ranges that are not in order");
      note.ranges.push_back(std::move(range));
    }
  }
  if (!has_recipe || !has_time || note.ranges.empty()) bad(text, "is not complete");
  return note;
}

}  // namespace cphost::host
