// SPDX-License-Identifier: Apache-2.0
#include "typed_input.hpp"

#include <cphost/columns/type_parser.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace fuzz {
namespace {

using cphost::columns::Type;

constexpr size_t kWordsMax = 8;
constexpr uint32_t kWidthMax = 1000;

// '?' is any type, '!' one without children. What the type parser does not know travels as text,
// so a type may stand here before it is built.
constexpr const char* kNesting[] = {
    "Array(?)",
    "Map(!, ?)",
    "Tuple(?, ?)",
    "Tuple(a ?, b ?)",
    "Tuple(`x y` ?)",
    "Nested(a ?, b ?)",
    "SimpleAggregateFunction(any, ?)",
    "Nullable(!)",
    "LowCardinality(!)",
    "LowCardinality(Nullable(!))",
    "Variant(!, ?)",
};
constexpr const char* kPlain[] = {
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "Int128",
    "Int256",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "UInt128",
    "UInt256",
    "Float32",
    "Float64",
    "BFloat16",
    "Decimal(9, 2)",
    "Decimal(18, 18)",
    "Decimal(38, 10)",
    "Decimal(76, 0)",
    "Decimal32(0)",
    "Bool",
    "String",
    "FixedString(3)",
    "FixedString(16)",
    "Date",
    "Date32",
    "DateTime",
    "DateTime('Europe/Berlin')",
    "DateTime64(0)",
    "DateTime64(3, 'America/New_York')",
    "DateTime64(5)",
    "DateTime64(6, 'UTC')",
    "DateTime64(9)",
    "Time",
    "Time64(3)",
    "Enum8('a' = 1, 'b' = -2)",
    "Enum16('zero' = 0, '1' = 1000)",
    "UUID",
    "IPv4",
    "IPv6",
    "Tuple()",
    "Point",
    "Ring",
    "Polygon",
    "JSON",
    "JSON(a.b UInt32)",
    "Dynamic",
    "IntervalDay",
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool is_narrow(const Type& type) {
  return type.width <= kWidthMax &&
         std::all_of(type.children.begin(), type.children.end(), is_narrow);
}

std::string joined(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " | ") + word;
  return line + '\n';
}

void change_words(std::vector<std::string>& words, Random& random) {
  const size_t at = words.empty() ? 0 : random() % words.size();
  switch (words.empty() ? 0 : random() % 4) {
    case 0:
      if (words.size() < kWordsMax) {
        words.insert(words.begin() + static_cast<long>(at), random_word(random));
        break;
      }
      [[fallthrough]];
    case 1:
      if (words.size() > 1) words.erase(words.begin() + static_cast<long>(at));
      break;
    default:
      words[at] = random_word(random);
  }
}

}  // namespace

TypedInput split(std::string_view input) {
  TypedInput out;
  const size_t line_end = std::min(input.find('\n'), input.size());
  if (line_end < input.size()) out.data = input.substr(line_end + 1);
  for (std::string_view line = input.substr(0, line_end); !line.empty();) {
    const size_t end = std::min(line.find('|'), line.size());
    const std::string_view word = trimmed(line.substr(0, end));
    if (!word.empty() && out.words.size() < kWordsMax) out.words.emplace_back(word);
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return out;
}

std::optional<Type> parse_type(const std::string& text) {
  try {
    Type type = cphost::columns::TypeParser::parse(text);
    if (is_narrow(type)) return type;
  } catch (const cphost::columns::TypeError&) {
  }
  return std::nullopt;
}

std::string random_type(Random& random, unsigned depth) {
  const bool nest = depth < 4 && random() % 3 == 0;
  const char* pattern =
      nest ? kNesting[random() % std::size(kNesting)] : kPlain[random() % std::size(kPlain)];
  if (!nest) return pattern;
  std::string out;
  for (const char* p = pattern; *p != '\0'; ++p) {
    if (*p == '?') {
      out += random_type(random, depth + 1);
    } else if (*p == '!') {
      out += kPlain[random() % std::size(kPlain)];
    } else {
      out += *p;
    }
  }
  return out;
}

}  // namespace fuzz

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max,
                                          unsigned seed) {
  using namespace fuzz;
  Random random(seed);
  // The line's own bytes are changed too: the type parser reads what users write.
  if (random() % 40 == 0) return LLVMFuzzerMutate(data, size, size_max);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  TypedInput parts = split(input);
  const bool new_line = parts.words.empty() || random() % 12 == 0;
  if (!new_line) {
    const size_t head = size - parts.data.size();
    return head + LLVMFuzzerMutate(data + head, size - head, size_max - head);
  }
  change_words(parts.words, random);
  std::string made = joined(parts.words);
  const std::string example = random() % 2 == 0 ? bytes_for(parts.words, random) : std::string();
  if (example.empty()) {
    made += parts.data;
  } else {
    made += example;
  }
  made.resize(std::min(made.size(), size_max));
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
