// SPDX-License-Identifier: Apache-2.0
// Rows for tests: Arrow arrays written down value by value. One thread.
#pragma once

#include <cphost/sink.h>
#include <cphost/columns/carrier.hpp>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clickhouse {

/// One column. Its ArrowArray points into itself: it lives on the heap and never moves.
class TestArray {
 public:
  using Pointer = std::shared_ptr<TestArray>;
  static constexpr std::nullopt_t kNull = std::nullopt;

  template <class T>
  static Pointer fixed(const std::vector<std::optional<T>>& values) {
    auto a = std::make_shared<TestArray>();
    a->values_.assign(values.size() * sizeof(T), 0xee);  // What a null holds is anything.
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i]) std::memcpy(a->values_.data() + i * sizeof(T), &*values[i], sizeof(T));
      a->set_valid(i, values[i].has_value());
    }
    a->finish(values.size(), {a->values_.data()});
    return a;
  }

  static Pointer bits(const std::vector<std::optional<bool>>& values) {
    auto a = std::make_shared<TestArray>();
    a->values_.assign(values.size() / 8 + 1, 0);
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i].value_or(true)) a->values_[i / 8] |= static_cast<uint8_t>(1 << (i % 8));
      a->set_valid(i, values[i].has_value());
    }
    a->finish(values.size(), {a->values_.data()});
    return a;
  }

  static Pointer strings(const std::vector<std::optional<std::string>>& values) {
    auto a = std::make_shared<TestArray>();
    a->offsets_.push_back(0);
    for (size_t i = 0; i < values.size(); ++i) {
      a->text_ += values[i].value_or("");
      a->offsets_.push_back(static_cast<int32_t>(a->text_.size()));
      a->set_valid(i, values[i].has_value());
    }
    a->finish(values.size(), {a->offsets_.data(), a->text_.data()});
    return a;
  }

  /// Lists of these lengths over `items`; nothing is a null that spans `null_length` items.
  static Pointer lists(const std::vector<std::optional<int32_t>>& lengths, Pointer items,
                       int32_t null_length = 0) {
    auto a = std::make_shared<TestArray>();
    a->offsets_.push_back(0);
    for (size_t i = 0; i < lengths.size(); ++i) {
      a->offsets_.push_back(a->offsets_.back() + lengths[i].value_or(null_length));
      a->set_valid(i, lengths[i].has_value());
    }
    a->children_ = {std::move(items)};
    a->finish(lengths.size(), {a->offsets_.data()});
    return a;
  }

  static Pointer tuples(size_t size, std::vector<Pointer> elements) {
    auto a = std::make_shared<TestArray>();
    a->children_ = std::move(elements);
    a->finish(size, {});
    return a;
  }

  static Pointer maps(const std::vector<std::optional<int32_t>>& lengths, Pointer keys,
                      Pointer values) {
    const auto size = static_cast<size_t>(keys->array.length);
    return lists(lengths, tuples(size, {std::move(keys), std::move(values)}));
  }

  ArrowArray array{};

 private:
  void set_valid(size_t i, bool valid) {
    if (i % 8 == 0) validity_.push_back(0);
    if (valid) {
      validity_[i / 8] |= static_cast<uint8_t>(1 << (i % 8));
    } else {
      ++array.null_count;
    }
  }

  void finish(size_t size, std::vector<const void*> buffers) {
    buffers_ = {array.null_count ? validity_.data() : nullptr};
    buffers_.insert(buffers_.end(), buffers.begin(), buffers.end());
    for (const Pointer& child : children_) pointers_.push_back(&child->array);
    array.length = static_cast<int64_t>(size);
    array.n_buffers = static_cast<int64_t>(buffers_.size());
    array.buffers = buffers_.data();
    array.n_children = static_cast<int64_t>(pointers_.size());
    array.children = pointers_.data();
  }

  std::vector<uint8_t> validity_, values_;
  std::vector<int32_t> offsets_;
  std::string text_;
  std::vector<const void*> buffers_;
  std::vector<Pointer> children_;
  std::vector<ArrowArray*> pointers_;
};

/// A struct of named columns, its schema, and blocks of slices of it.
class TestRows {
 public:
  /// `type` is a ClickHouse type; the field says so unless it is the natural one of `format`.
  void add(const std::string& name, const std::string& type, TestArray::Pointer column,
           const cphost::Metadata& metadata = {}) {
    const cphost::columns::Type parsed = cphost::columns::TypeParser::parse(type);
    cphost::Field field = cphost::columns::carrier(parsed, name, parsed.nullable);
    for (const auto& entry : metadata) field.set(entry.first, entry.second);
    schema_.add(std::move(field));
    columns_.push_back(std::move(column));
  }

  /// Call once, after the last add.
  void finish() {
    arrow_schema_ = schema_.to_arrow();
    rows_ = TestArray::tuples(columns_.empty() ? 0 : static_cast<size_t>(columns_[0]->array.length),
                              columns_);
  }

  const ArrowSchema& schema() const { return *arrow_schema_; }
  const ArrowArray& array() const { return rows_->array; }

  /// A block of slices {begin, count}; all rows without any.
  cphost_block block(std::vector<std::pair<int64_t, int64_t>> slices = {},
                     const char* token = "token") {
    if (slices.empty()) slices = {{0, array().length}};
    slices_.clear();
    cphost_block block{};
    block.struct_size = sizeof block;
    block.token = {token, std::strlen(token)};
    for (const auto& slice : slices) {
      slices_.push_back({&array(), slice.first, slice.second});
      block.rows += slice.second;
    }
    block.slices = slices_.data();
    block.slice_count = static_cast<uint32_t>(slices_.size());
    return block;
  }

  TestRows() = default;
  TestRows(const TestRows&) = delete;
  TestRows& operator=(const TestRows&) = delete;

 private:
  cphost::Schema schema_;
  cphost::UniqueSchema arrow_schema_;
  std::vector<TestArray::Pointer> columns_;
  TestArray::Pointer rows_;
  std::vector<cphost_slice> slices_;
};

}  // namespace clickhouse
