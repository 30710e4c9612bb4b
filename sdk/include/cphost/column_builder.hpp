// SPDX-License-Identifier: Apache-2.0
// cphost/column_builder.hpp: one column of a batch under construction; a part of batch.hpp.
//
// The type is known at run time, from the schema. add() takes what fits the type; push() and
// append() skip the dispatch where the author knows the width. Nothing is allocated a value:
// buffers double, and come back from the pool. Valid values cost nothing in the validity bitmap,
// which exists from the first null on.
#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "arrow.hpp"
#include "buffer.hpp"

namespace cphost {

class ColumnBuilder {
 public:
  // Throws Error(config, "COLUMN_TYPE") for a type outside of cph-arrow/1.
  explicit ColumnBuilder(const ArrowSchema& field)
      : name_(name_of(field)), kind_(kind_of(field.format)), width_(width_of(field)) {
    for (int64_t i = 0; i < field.n_children; ++i) children_.emplace_back(*field.children[i]);
    begin();
  }

  int64_t length() const { return length_; }
  int64_t nulls() const { return nulls_; }
  const std::string& name() const { return name_; }

  // Bytes that the batch would have now; walks over nested columns.
  size_t bytes() const {
    size_t n = values_.size() + data_.size() + valid_.size();
    for (const ColumnBuilder& child : children_) n += child.bytes();
    return n;
  }

  // Integers, floats, bool: converted to the column's width, without a check of the range.
  template <std::integral T>
  void add(T value) {
    if (kind_ == Kind::kFloat) return add_real(static_cast<double>(value));
    if (kind_ == Kind::kBool) return add_bit(value != 0);
    add_integer(static_cast<int64_t>(value));
  }
  template <std::floating_point T>
  void add(T value) {
    kind_ == Kind::kFloat ? add_real(static_cast<double>(value))
                          : add_integer(static_cast<int64_t>(value));
  }
  // Bytes of any length, or exactly width() of them where the type has a fixed width.
  void add(std::string_view value) { append(value.data(), value.size()); }
  void add_null() {
    switch (kind_) {
      case Kind::kBytes:
      case Kind::kList:
        return note_null(), end();
      case Kind::kBool:
        return note_null(), add_bit(false);
      case Kind::kStruct:
        for (ColumnBuilder& child : children_) child.add_null();
        return note_null(), end();
      default:
        note_null();
        values_.ensure(width_);
        std::memset(values_.end(), 0, width_);
        values_.set_size(values_.size() + width_);
        ++length_;
    }
  }

  // For columns whose width is sizeof(T): the fastest way.
  template <class T>
  void push(T value) {
    assert(sizeof value == width_);
    values_.push(value);
    ++length_;
  }
  void append(const void* bytes, size_t n) {
    if (kind_ == Kind::kBytes) {
      data_.append(bytes, n);
      values_.push(static_cast<int32_t>(data_.size()));
    } else {
      if (n != width_ || kind_ == Kind::kBool) wrong_size(n);
      values_.append(bytes, n);
    }
    ++length_;
  }

  // The elements of a list (child 0), the entries of a map (child 0: a struct of key and value),
  // the members of a struct.
  ColumnBuilder& child(size_t i) { return children_[i]; }
  size_t width() const { return width_; }

  // Closes the row whose elements or members were added to the children.
  void end() {
    if (kind_ == Kind::kBytes) values_.push(static_cast<int32_t>(data_.size()));
    if (kind_ == Kind::kList) values_.push(static_cast<int32_t>(children_[0].length_));
    ++length_;
  }

  // One entry of the map that end() closes.
  void add_entry(std::string_view key, std::string_view value) {
    ColumnBuilder& entries = children_[0];
    entries.children_[0].add(key);
    entries.children_[1].add(value);
    entries.end();
  }
  void add_entry(std::string_view key, std::nullptr_t) {
    ColumnBuilder& entries = children_[0];
    entries.children_[0].add(key);
    entries.children_[1].add_null();
    entries.end();
  }

  void reserve(int64_t rows, size_t payload = 0) {
    const auto n = static_cast<size_t>(rows);
    values_.reserve(kind_ == Kind::kBool ? n / 8 + 1 : (n + 1) * slot());
    if (payload != 0) data_.reserve(payload);
  }

  // Takes back all from value `length` on, to any depth, and what was begun behind it.
  void truncate(int64_t length) {
    for (int64_t i = length; i < length_ && nulls_ != 0; ++i) {
      if (bit_at_or_valid(i)) continue;
      --nulls_;
      valid_.data()[i >> 3] |= static_cast<uint8_t>(1u << (i & 7));
    }
    const auto n = static_cast<size_t>(length);
    if (kind_ == Kind::kBytes || kind_ == Kind::kList) {
      int32_t kept;
      std::memcpy(&kept, values_.data() + n * sizeof kept, sizeof kept);
      if (kind_ == Kind::kBytes) data_.set_size(static_cast<size_t>(kept));
      if (kind_ == Kind::kList) children_[0].truncate(kept);
      values_.set_size((n + 1) * sizeof kept);
    } else if (kind_ == Kind::kBool) {
      values_.set_size((n + 7) / 8);
      if (n % 8 != 0) values_.end()[-1] &= static_cast<uint8_t>((1u << (n % 8)) - 1);
    } else {
      values_.set_size(n * width_);
      for (ColumnBuilder& child : children_) child.truncate(length);
    }
    length_ = length;
  }

 private:
  friend class BatchBuilder;
  friend struct BatchMemory;

  enum class Kind : uint8_t { kBool, kInteger, kFloat, kFixed, kBytes, kList, kStruct };

  static Kind kind_of(std::string_view format) {
    if (format == "b") return Kind::kBool;
    if (format == "f" || format == "g") return Kind::kFloat;
    if (format == "z" || format == "u") return Kind::kBytes;
    if (format == "+l" || format == "+m") return Kind::kList;
    if (format == "+s") return Kind::kStruct;
    if (format.starts_with("w:") || format.starts_with("d:")) return Kind::kFixed;
    return Kind::kInteger;
  }

  static size_t width_of(const ArrowSchema& field) {
    const std::string_view format(field.format);
    switch (kind_of(format)) {
      case Kind::kBool:
      case Kind::kBytes:
      case Kind::kList:
      case Kind::kStruct:
        return 0;
      case Kind::kFloat:
        return format == "f" ? 4 : 8;
      case Kind::kFixed:
        if (const int64_t width = fixed_width(format)) return static_cast<size_t>(width);
        wrong_type(field);
      case Kind::kInteger:
        break;
    }
    constexpr std::string_view kKinds = "cCsSiIlL";
    if (format.size() == 1 && kKinds.find(format[0]) != kKinds.npos) {
      return size_t{1} << kKinds.find(format[0]) / 2;
    }
    if (format == "tdD" || format == "tts" || format == "ttm") return 4;
    if (format == "tdm" || format == "ttu" || format == "ttn" || format.starts_with("ts") ||
        format.starts_with("tD")) {
      return 8;
    }
    wrong_type(field);
  }

  [[noreturn]] static void wrong_type(const ArrowSchema& field) {
    throw Error(config, "COLUMN_TYPE",
                "column " + std::string(name_of(field)) + " has the Arrow type \"" + field.format +
                    "\", which cph-arrow/1 does not have; see sdk/ABI.md for its types");
  }
  [[noreturn]] void wrong_size(size_t n) const {
    throw Error(fatal, "VALUE_SIZE",
                "column " + name_ + " takes values of " + std::to_string(width_) +
                    " bytes and was given " + std::to_string(n));
  }

  [[noreturn]] void wrong_kind() const {
    throw Error(fatal, "VALUE_TYPE",
                "column " + name_ + " was given a number, which its type is not");
  }

  // Bytes in `values_` for each value.
  size_t slot() const { return kind_ == Kind::kBytes || kind_ == Kind::kList ? 4 : width_; }

  void add_integer(int64_t value) {
    if (kind_ != Kind::kInteger) wrong_kind();
    values_.ensure(sizeof value);
    std::memcpy(values_.end(), &value, sizeof value);  // little-endian: the low bytes come first
    values_.set_size(values_.size() + width_);
    ++length_;
  }
  void add_real(double value) {
    if (width_ == sizeof value) return push(value);
    push(static_cast<float>(value));
  }
  void add_bit(bool value) {
    if (length_ % 8 == 0) values_.push(uint8_t{0});
    values_.end()[-1] |= static_cast<uint8_t>(uint8_t{value} << (length_ & 7));
    ++length_;
  }

  // The value at length_ is about to be added, and is null.
  void note_null() {
    fill_valid(length_ + 1);
    valid_.data()[length_ >> 3] &= static_cast<uint8_t>(~(1u << (length_ & 7)));
    ++nulls_;
  }
  // Ones up to bit `n` and to the end of its byte.
  void fill_valid(int64_t n) {
    const size_t have = valid_.size(), want = static_cast<size_t>(n + 7) / 8;
    if (have >= want) return;
    valid_.ensure(want - have);
    std::memset(valid_.end(), 0xff, want - have);
    valid_.set_size(want);
  }
  bool bit_at_or_valid(int64_t i) const {
    return static_cast<size_t>(i >> 3) >= valid_.size() || bit_at(valid_.data(), i);
  }

  // Ready for the first value, in whatever memory is there. Buffers of a batch are never null.
  void begin() {
    valid_.clear();
    values_.clear();
    data_.clear();
    values_.reserve(64);
    if (kind_ == Kind::kBytes) data_.reserve(64);
    if (kind_ == Kind::kBytes || kind_ == Kind::kList) values_.push(int32_t{0});
    length_ = nulls_ = 0;
  }

  Buffer values_;  // values, bits, or offsets
  Buffer data_;
  Buffer valid_;
  int64_t length_ = 0;
  int64_t nulls_ = 0;
  std::string name_;
  Kind kind_;
  size_t width_;
  std::vector<ColumnBuilder> children_;
};

}  // namespace cphost
