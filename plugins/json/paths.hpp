// SPDX-License-Identifier: Apache-2.0
// paths.hpp: the wanted keys of a document, as a tree: "user.address.city" is the key "user", below
// it "address", below it "city". Named tuples have such a node too.
//
// Keys mostly come in the order of the last document. So each key remembers which one followed it,
// and the scanner first compares the bytes at hand with that one's, quotes and colon included; only
// where they differ is the key read, unescaped and looked up.
#pragma once

#include <cphost/columns/builder.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace json {

using cphost::columns::Byte;
using cphost::columns::Column;

class Node;

class Key {
 public:
  explicit Key(std::string_view name);

  // Whether the document says `"name":` at p. Reads 32 bytes.
  bool stands_at(const Byte* p) const {
#if defined(__SSE2__)
    const auto differs = [this, p](unsigned at) {
      const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + at));
      const __m128i b = _mm_load_si128(reinterpret_cast<const __m128i*>(literal_ + at));
      return ~static_cast<uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)));
    };
    if ((differs(0) & (mask_ & 0xffff)) != 0) return false;
    return mask_ <= 0xffff || (differs(16) & (mask_ >> 16)) == 0;
#else
    return std::memcmp(p, literal_, literal_size_) == 0;
#endif
  }
  unsigned literal_size() const {
    return literal_size_;
  }
  const std::string& name() const {
    return name_;
  }

  Column* column = nullptr;     // what takes the value
  std::unique_ptr<Node> below;  // what takes the members of the value
  std::vector<Column*> also;    // more columns with the same path
  Key* next = nullptr;          // the key that came after this one the last time
  bool plain = true;            // one column and nothing below

 private:
  static constexpr unsigned kLiteralMax = 32;

  alignas(16) Byte literal_[kLiteralMax] = {};
  uint32_t mask_ = 0;
  unsigned literal_size_ = 0;
  std::string name_;
};

class Node {
 public:
  // The key of that name, made if it is not there yet; call seal(), which seals what is below too,
  // before lookups.
  Key& add(std::string_view name);
  void seal();

  // nullptr for a key that nobody wants. Reads 8 bytes behind the name.
  Key* find(const Byte* name, size_t size) const;

  Key* first = nullptr;  // the key that the last document began with
  uint64_t seen = 0;     // the row whose object was here last: a second one is a duplicate

 private:
  static uint64_t hash(const Byte* name, size_t size);

  std::vector<std::unique_ptr<Key>> keys_;
  std::vector<Key*> table_;  // open addressing, at most half full
  unsigned shift_ = 63;
};

// The keys that lead to the columns of a builder, and below them the names of tuples. Throws Error
// (config) for a path that has an empty part or is too deep.
class Paths {
 public:
  explicit Paths(cphost::columns::Builder& builder);

  Node& root() { return root_; }
  // The names of a tuple column, or nullptr where its elements have none.
  Node* names(const Column& tuple) const {
    return tuple.tag() == 0 ? nullptr : tuples_[tuple.tag() - 1].get();
  }

 private:
  void add_tuples(Column& column);

  Node root_;
  std::vector<std::unique_ptr<Node>> tuples_;
};

// "a.b\.c" is "a", "b.c".
std::vector<std::string> split_path(std::string_view path);

}  // namespace json
