// SPDX-License-Identifier: Apache-2.0
#include "paths.hpp"

#include <algorithm>

namespace json {

using cphost::columns::Kind;

namespace {

constexpr size_t kPathPartsMax = 100;

// Whether the name stands in every document as it is. (An encoder may always choose escapes; then
// it is looked up.)
bool needs_no_escape(std::string_view name) {
  return std::all_of(name.begin(), name.end(), [](char c) {
    return static_cast<Byte>(c) >= 0x20 && static_cast<Byte>(c) < 0x80 && c != '"' && c != '\\';
  });
}

}  // namespace

Key::Key(std::string_view name) : name_(name) {
  if (name.size() + 3 > kLiteralMax || !needs_no_escape(name)) {
    // Never found by comparison: the first byte of a key is a quote.
    literal_[0] = 0xff;
    literal_size_ = 1;
    mask_ = 1;
    return;
  }
  const std::string text = '"' + name_ + "\":";
  std::memcpy(literal_, text.data(), text.size());
  literal_size_ = static_cast<unsigned>(text.size());
  mask_ = static_cast<uint32_t>((uint64_t{1} << literal_size_) - 1);
}

Key& Node::add(std::string_view name) {
  const auto it = std::find_if(keys_.begin(), keys_.end(),
                               [name](const auto& key) { return key->name() == name; });
  if (it != keys_.end()) return **it;
  keys_.push_back(std::make_unique<Key>(name));
  return *keys_.back();
}

void Node::seal() {
  unsigned bits = 1;
  while ((size_t{1} << bits) < keys_.size() * 2) ++bits;
  table_.assign(size_t{1} << bits, nullptr);
  shift_ = 64 - bits;
  for (const auto& key : keys_) {
    // The padding that hash() may read is not part of a string.
    std::vector<Byte> name(key->name().begin(), key->name().end());
    name.resize(name.size() + cphost::columns::kPadding);
    size_t slot = hash(name.data(), key->name().size()) >> shift_;
    while (table_[slot] != nullptr) slot = (slot + 1) & (table_.size() - 1);
    table_[slot] = key.get();
  }
  for (size_t i = 0; i < keys_.size(); ++i) keys_[i]->next = keys_[(i + 1) % keys_.size()].get();
  for (const auto& key : keys_) {
    if (key->below != nullptr) key->below->seal();
  }
  first = keys_.empty() ? nullptr : keys_[0].get();
}

// From the size and up to sixteen bytes: the first eight and the last eight.
uint64_t Node::hash(const Byte* name, size_t size) {
  uint64_t head = cphost::columns::load8(name), tail = 0;
  if (size < 8) {
    head = size == 0 ? 0 : head << (64 - 8 * size);
  } else {
    tail = cphost::columns::load8(name + size - 8);
  }
  uint64_t h = (head ^ size) * 0x9e3779b97f4a7c15ull;
  h = (h ^ (h >> 29) ^ tail) * 0xbf58476d1ce4e5b9ull;
  return h ^ h << 32;
}

Key* Node::find(const Byte* name, size_t size) const {
  if (table_.empty()) return nullptr;
  size_t slot = hash(name, size) >> shift_;
  for (; table_[slot] != nullptr; slot = (slot + 1) & (table_.size() - 1)) {
    Key* key = table_[slot];
    if (key->name().size() == size && std::memcmp(key->name().data(), name, size) == 0) return key;
  }
  return nullptr;
}

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '\\' && i + 1 < path.size() && (path[i + 1] == '.' || path[i + 1] == '\\')) {
      parts.back() += path[++i];
    } else if (path[i] == '.') {
      parts.emplace_back();
    } else {
      parts.back() += path[i];
    }
  }
  return parts;
}

Paths::Paths(cphost::columns::Builder& builder) {
  for (size_t i = 0; i < builder.size(); ++i) {
    const std::vector<std::string> parts = split_path(builder.path(i));
    if (parts.size() > kPathPartsMax ||
        (parts.size() > 1 && std::find(parts.begin(), parts.end(), "") != parts.end())) {
      throw cphost::Error(
          cphost::config, "COLUMN_PATH",
          "path '" + builder.path(i) + "' of column '" + builder.column(i).name() +
              "' has an empty part or more than 100 parts (a literal dot is '\\.')");
    }
    Node* node = &root_;
    for (size_t k = 0; k + 1 < parts.size(); ++k) {
      Key& key = node->add(parts[k]);
      key.plain = false;
      if (key.below == nullptr) key.below = std::make_unique<Node>();
      node = key.below.get();
    }
    Key& key = node->add(parts.back());
    if (key.column == nullptr) {
      key.column = &builder.column(i);
    } else {
      key.plain = false;
      key.also.push_back(&builder.column(i));
    }
    add_tuples(builder.column(i));
  }
  root_.seal();
}

void Paths::add_tuples(Column& column) {
  for (size_t i = 0; i < column.child_count(); ++i) add_tuples(column.child(i));
  if (column.kind() != Kind::kTuple || column.type().names.empty()) return;
  auto names = std::make_unique<Node>();
  for (size_t i = 0; i < column.child_count(); ++i) {
    names->add(column.child(i).name()).column = &column.child(i);
  }
  names->seal();
  tuples_.push_back(std::move(names));
  column.set_tag(static_cast<uint32_t>(tuples_.size()));
}

}  // namespace json
