// SPDX-License-Identifier: Apache-2.0
#include "random_arrays.hpp"

#include <cphost/columns/carrier.hpp>
#include <cphost/testing/array_faults.hpp>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>

namespace fuzz {
namespace {

using cphost::columns::Kind;
using cphost::columns::Type;

constexpr size_t kChildrenMax = 2000;  // Elements of one list column: nesting multiplies them.

// A JSON value for the most part, and sometimes pieces of some.
void append_json(std::string& out, unsigned depth, ByteSource& in) {
  static constexpr const char* kWords[] = {"null", "true", "-1.5e300",      "18446744073709551616",
                                           "0",    "\"\"", "\"2026-01-31\""};
  static constexpr const char* kPieces[] = {" ", ",", "}", "]", "1,\"x\":2", "\"", "\\", "[", "{"};
  const size_t way = in.below(32);
  if (way == 0) out += kPieces[in.below(std::size(kPieces))];
  if (way < 12 || depth > 3) {
    out += kWords[in.below(std::size(kWords))];
  } else if (way < 20) {
    static constexpr const char* kEscapes[] = {"\\n", "\\u0041", "\\\"", "a"};
    out += '"';
    for (size_t n = in.below(6); n > 0; --n) out += kEscapes[in.below(std::size(kEscapes))];
    out += '"';
  } else {
    const bool object = way < 26;
    out += object ? "{" : "[ ";
    for (size_t n = in.below(3); n > 0; --n) {
      if (object) out += "\"k\" :";
      append_json(out, depth + 1, in);
      if (n > 1) out += ",\n";
    }
    out += object ? '}' : ']';
  }
  if (way == 1) out += kPieces[in.below(std::size(kPieces))];
}

}  // namespace

uint8_t* RandomArray::take(size_t bytes) {
  memory_.emplace_back(new uint8_t[bytes]);
  buffers_.push_back(memory_.back().get());
  return memory_.back().get();
}

void RandomArray::make_validity(size_t slots, bool may_be_null, ByteSource& in) {
  const size_t way = in.below(4);
  if (way == 0) {
    buffers_.push_back(nullptr);
    return;
  }
  uint8_t* bits = take((slots + 7) / 8);
  for (size_t i = 0; i < (slots + 7) / 8; ++i) {
    bits[i] = !may_be_null || way == 1 ? 0xff : way == 2 ? in.byte() : 0;
  }
  array_.null_count = -1;
}

void RandomArray::make_values(const Type& type, size_t slots, ByteSource& in) {
  const std::string format = cphost::columns::arrow_format(type);
  const size_t width = static_cast<size_t>(cphost::fixed_width(format));
  uint8_t* values = take(format == "b" ? (slots + 7) / 8 : slots * width);
  if (type.items.empty()) {
    std::generate_n(values, format == "b" ? (slots + 7) / 8 : slots * width,
                    [&in] { return in.byte(); });
    return;
  }
  for (size_t i = 0; i < slots; ++i) {
    const int16_t value = type.items[in.below(type.items.size())].value;
    std::memcpy(values + i * width, &value, width);
  }
}

// The offsets of lists or texts: returns where the last one ends.
size_t RandomArray::make_offsets(size_t slots, size_t length_max, ByteSource& in) {
  uint8_t* offsets = take(4 * (slots + 1));
  size_t end = in.below(3);
  for (size_t i = 0; i <= slots; ++i) {
    const auto number = static_cast<int32_t>(end);
    std::memcpy(offsets + 4 * i, &number, 4);
    if (i < slots && end < kChildrenMax) end += in.below(length_max);
  }
  return end;
}

// Lengths on both sides of 128, from where on a length has two bytes.
void RandomArray::make_text(size_t slots, ByteSource& in) {
  static constexpr size_t kLengths[] = {1, 4, 40, 140, 300};
  const size_t size = make_offsets(slots, kLengths[in.below(5)], in);
  uint8_t* text = take(size);
  std::generate_n(text, size, [&in] { return in.byte(); });
}

void RandomArray::make_json(size_t slots, ByteSource& in) {
  std::string text;
  uint8_t* offsets = take(4 * (slots + 1));
  for (size_t i = 0; i <= slots; ++i) {
    const auto end = static_cast<int32_t>(text.size());
    std::memcpy(offsets + 4 * i, &end, 4);
    if (i < slots && text.size() < kChildrenMax && in.below(8) != 0) append_json(text, 0, in);
  }
  std::memcpy(take(text.size()), text.data(), text.size());
}

void RandomArray::add_child(std::unique_ptr<RandomArray> child) {
  children_.push_back(std::move(child));
  pointers_.push_back(&children_.back()->array_);
}

void RandomArray::finish(size_t length, size_t offset) {
  array_.length = static_cast<int64_t>(length);
  array_.offset = static_cast<int64_t>(offset);
  array_.n_buffers = static_cast<int64_t>(buffers_.size());
  array_.buffers = buffers_.data();
  array_.n_children = static_cast<int64_t>(pointers_.size());
  array_.children = pointers_.data();
  if (array_.null_count != 0 && length % 2 == 0) {  // or it stays unknown
    array_.null_count = 0;
    for (size_t i = 0; i < length; ++i) {
      array_.null_count += cphost::is_null(array_, static_cast<int64_t>(i));
    }
  }
}

RandomArray::RandomArray(const Type& type, size_t length, bool may_be_null, ByteSource& in) {
  const size_t offset = in.below(2) == 0 ? 0 : in.below(20);
  const size_t slots = offset + length;
  make_validity(slots, may_be_null, in);
  switch (type.kind) {
    case Kind::kArray:
      add_child(std::make_unique<RandomArray>(type.children[0],
                                              make_offsets(slots, 4, in) + in.below(3), true, in));
      break;
    case Kind::kMap: {
      Type entries;
      entries.kind = Kind::kTuple;
      entries.children = type.children;
      entries.precision = 1;  // of a map: neither the entries nor their keys are null
      add_child(std::make_unique<RandomArray>(entries, make_offsets(slots, 4, in) + in.below(3),
                                              false, in));
      break;
    }
    case Kind::kTuple:
      for (size_t i = 0; i < type.children.size(); ++i) {
        const bool key = type.precision == 1 && i == 0;
        add_child(std::make_unique<RandomArray>(type.children[i], slots + in.below(3), !key, in));
      }
      break;
    default:
      if (type.kind == Kind::kJson || type.kind == Kind::kAny) {
        make_json(slots, in);
      } else if (type.kind == Kind::kText) {
        make_text(slots, in);
      } else {
        make_values(type, slots, in);
      }
  }
  finish(length, offset);
}

RandomArray::RandomArray(const std::vector<Type>& columns, size_t length, ByteSource& in) {
  buffers_.push_back(nullptr);
  for (const Type& type : columns) {
    add_child(std::make_unique<RandomArray>(type, length, true, in));
  }
  finish(length, 0);
}

}  // namespace fuzz
