// SPDX-License-Identifier: Apache-2.0
// typed_input.hpp: what every input of the fuzzers looks like: a line of types, then bytes.
//
//     many | UInt8 | user.name: Nullable(String)
//     {"a":1,"user":{"name":"x"}}
//
// A line of text stays readable in a corpus and in a finding, and needs no change when types come
// or go. The mutator knows the line from the rest: it puts whole types, nested at random, into the
// line, and lets libFuzzer do as it likes with the bytes.
#pragma once

#include <cphost/columns/type.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fuzz {

using Random = std::minstd_rand;

struct TypedInput {
  std::vector<std::string> words;  // of the line, without the blanks around them
  std::string_view data;
};

TypedInput split(std::string_view input);

// The type, or nothing where the text is none, or one so wide that a few rows of it fill the
// memory.
std::optional<cphost::columns::Type> parse_type(const std::string& text);

// The text of some type.
std::string random_type(Random& random, unsigned depth);

// Each program has its own: a word for its line.
std::string random_word(Random& random);

// Each program has its own: bytes that go well with these words, for mutations to begin with; may
// be empty.
std::string bytes_for(const std::vector<std::string>& words, Random& random);

// Prints the sentence and ends the process, which libFuzzer takes for a finding.
[[noreturn]] inline void finding(const std::string& sentence) {
  std::fprintf(stderr, "finding: %s\n", sentence.c_str());
  std::abort();
}

inline void require(bool holds, const std::string& sentence) {
  if (!holds) finding(sentence);
}

}  // namespace fuzz
