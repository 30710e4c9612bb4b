// SPDX-License-Identifier: Apache-2.0
#include "line_reader.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "descriptor.hpp"
#include "temporary_folder_test.hpp"

namespace file {
namespace {

using Result = LineReader::Result;

struct Seen {
  Result result;
  std::string text;
  int64_t position;
  uint64_t size;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> read_all(const std::string& path, size_t max_line, int64_t from = 0) {
  const Descriptor descriptor(open(path.c_str(), O_RDONLY));
  lseek(descriptor.get(), from, SEEK_SET);
  LineReader reader(descriptor.get(), from, max_line);
  std::vector<Seen> seen;
  LineReader::Line line;
  for (Result result; (result = reader.next(line)) != Result::kEnd;) {
    seen.push_back(Seen{result, std::string(line.text), line.position, line.size});
  }
  return seen;
}

// What the reader must see, by the plainest means.
std::vector<Seen> expected_of(const std::string& text, size_t max_line) {
  std::vector<Seen> seen;
  for (size_t begin = 0; begin < text.size();) {
    const size_t feed = std::min(text.find('\n', begin), text.size());
    const size_t size = feed - begin;
    const size_t last = feed < text.size() ? feed : feed - 1;
    const bool is_long = size > max_line;
    seen.push_back(Seen{is_long ? Result::kTooLong : Result::kLine,
                        text.substr(begin, is_long ? std::min<size_t>(size, 65536) : size),
                        static_cast<int64_t>(last), size});
    begin = feed + 1;
  }
  return seen;
}

TEST(LineReader, TellsLinesWithThePositionOfTheirLastByte) {
  const TemporaryFolder folder;
  const auto seen = read_all(folder.write("a", "one\n\nthree"), 100);
  EXPECT_EQ(seen, (std::vector<Seen>{{Result::kLine, "one", 3, 3},
                                     {Result::kLine, "", 4, 0},
                                     {Result::kLine, "three", 9, 5}}));
}

TEST(LineReader, NeedsNoLineFeedAtTheEnd) {
  const TemporaryFolder folder;
  EXPECT_EQ(read_all(folder.write("a", "x\ny\n"), 100).size(), 2u);
  EXPECT_EQ(read_all(folder.write("b", "x\ny"), 100).size(), 2u);
  EXPECT_EQ(read_all(folder.write("c", ""), 100).size(), 0u);
}

TEST(LineReader, GoesOnBehindALineThatIsTooLong) {
  const TemporaryFolder folder;
  const auto seen = read_all(folder.write("a", "abcd\nabcde\nxy\n"), 4);
  EXPECT_EQ(seen, (std::vector<Seen>{{Result::kLine, "abcd", 4, 4},
                                     {Result::kTooLong, "abcde", 10, 5},
                                     {Result::kLine, "xy", 13, 2}}));
}

TEST(LineReader, KeepsTheHeadOfALineThatDoesNotFitIntoMemory) {
  const TemporaryFolder folder;
  const std::string big(5 << 20, 'x');
  const auto seen = read_all(folder.write("a", "head" + big + "\nnext"), 1000);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].result, Result::kTooLong);
  EXPECT_EQ(seen[0].size, big.size() + 4);
  EXPECT_EQ(seen[0].text.size(), 65536u);
  EXPECT_TRUE(seen[0].text.starts_with("headxxx"));
  EXPECT_EQ(seen[1], (Seen{Result::kLine, "next", static_cast<int64_t>(big.size()) + 8, 4}));
}

TEST(LineReader, CutsRandomTextAsThePlainestReaderDoes) {
  const TemporaryFolder folder;
  std::mt19937 random(7);
  for (int round = 0; round < 8; ++round) {
    std::string text;
    while (text.size() < (3 << 20)) {
      // Mostly short, at times beyond the limit, at times around a read of 1 MiB.
      const size_t kind = random() % 1000;
      text.append(kind == 0 ? random() % (2 << 20) : random() % 300,
                  static_cast<char>('a' + kind % 26));
      text += '\n';
    }
    if (round % 2 == 0) text.pop_back();
    EXPECT_EQ(read_all(folder.write("a", text), 200), expected_of(text, 200));
    EXPECT_EQ(read_all(folder.write("a", text), 1 << 20), expected_of(text, 1 << 20));
  }
}

TEST(LineReader, WaitsForARestOfALine) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  LineReader reader(reading.get(), 0, 100);
  LineReader::Line line;
  EXPECT_EQ(reader.next(line), Result::kWait);
  ASSERT_EQ(write(writing.get(), "ab", 2), 2);
  EXPECT_EQ(reader.next(line), Result::kWait);
  ASSERT_EQ(write(writing.get(), "c\nd", 3), 3);
  ASSERT_EQ(reader.next(line), Result::kLine);
  EXPECT_EQ(line.text, "abc");
  EXPECT_EQ(reader.next(line), Result::kWait);
  writing.reset();
  ASSERT_EQ(reader.next(line), Result::kLine);
  EXPECT_EQ(line.text, "d");
  EXPECT_EQ(reader.next(line), Result::kEnd);
}

}  // namespace
}  // namespace file
