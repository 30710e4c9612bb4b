// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/note.hpp"

#include <gtest/gtest.h>

#include "host/pipe/crc32c.hpp"

namespace cphost::host {
namespace {

const Note kNote = {{{"99", "5f0c"}, {"150", "-"}, {"1000", "a1"}}, 0xabcdef01, 1'764'000'000'123};

std::string sealed(const std::string& text) {
  return text + "c=" + hex8(crc32c(text));
}

std::string fault_of(const std::string& text) {
  try {
    parse_note(text);
    return "";
  } catch (const BadNote& fault) {
    return fault.what();
  }
}

TEST(NoteTest, crc32c_is_that_of_rfc_3720) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
}

TEST(NoteTest, reads_what_it_wrote) {
  const std::string text = note_text(kNote);
  EXPECT_EQ(text.substr(0, text.size() - 8),
            "cp1 99:5f0c 150:- 1000:a1 h=abcdef01 t=1764000000123 c=");
  const Note read = parse_note(text);
  EXPECT_EQ(read.ranges, kNote.ranges);
  EXPECT_EQ(read.recipe, kNote.recipe);
  EXPECT_EQ(read.since_ms, kNote.since_ms);
}

TEST(NoteTest, nothing_pending_is_no_text) {
  EXPECT_EQ(note_text({}), "");
  EXPECT_TRUE(parse_note("").ranges.empty());
}

TEST(NoteTest, passes_over_what_another_program_left) {
  EXPECT_TRUE(parse_note("offset committed by hand").ranges.empty());
}

TEST(NoteTest, tells_every_damaged_byte) {
  const std::string text = note_text(kNote);
  for (size_t i = 4; i < text.size(); ++i) {
    for (const char other : {'0', ' ', ':', 'x'}) {
      std::string damaged = text;
      if (damaged[i] == other) continue;
      damaged[i] = other;
      EXPECT_NE(fault_of(damaged), "") << damaged;
    }
  }
  for (size_t size = 4; size < text.size(); ++size) EXPECT_NE(fault_of(text.substr(0, size)), "");
}

TEST(NoteTest, tells_what_it_does_not_know) {
  EXPECT_NE(fault_of(sealed("cp1 99:5f h=0 t=1 z ")).find("does not know"), std::string::npos);
  EXPECT_NE(fault_of(sealed("cp1 99:5f 99:60 h=0 t=1 ")).find("in order"), std::string::npos);
  EXPECT_NE(fault_of(sealed("cp1 99:5f 98:60 h=0 t=1 ")).find("in order"), std::string::npos);
  EXPECT_NE(fault_of(sealed("cp1 99:5f t=1 ")).find("complete"), std::string::npos);
  EXPECT_NE(fault_of(sealed("cp1 h=0 t=1 ")).find("complete"), std::string::npos);
}

TEST(NoteTest, as_many_ranges_as_a_stream_may_have_fit) {
  Note note{{}, 0xffffffff, 9'000'000'000'000};
  for (size_t i = 0; i < Note::kRangesMax; ++i)
    note.ranges.push_back({std::string(56, static_cast<char>('1' + i)), "0123456789abcdef"});
  EXPECT_LE(note_text(note).size(), Note::kBytesMax);
  note.ranges.front().last = std::string(600, '0');
  EXPECT_THROW(note_text(note), std::length_error);
}

}  // namespace
}  // namespace cphost::host
