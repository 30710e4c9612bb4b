// SPDX-License-Identifier: Apache-2.0
// cphost/columns/column.hpp: the builder of one column: typed values go in, Arrow buffers come out.
//
// A value is written behind the last one and counts once size() has grown, so taking back the
// values of a row that failed is setting sizes back: truncate(n), which the offsets of lists carry
// down to any depth. Nulls and booleans are byte flags while a batch is built and become bits at
// its end. What parsers find goes through values.hpp; the typed push functions here are for those
// that have the value in its final form. One thread; belongs to a Builder.
#pragma once

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

#include "../buffer.hpp"
#include "bytes.hpp"
#include "date_time_input.hpp"
#include "time_zone.hpp"
#include "type.hpp"

namespace cphost::columns {

// A record that would make one column of a batch larger than its offsets can say; that record is
// refused.
class ColumnTooLarge : public std::length_error {
 public:
  ColumnTooLarge() : std::length_error("a column of one batch would exceed 1 GiB") {}
};

inline constexpr size_t kColumnBytesMax = size_t{1} << 30;
inline constexpr size_t kReservedBytesMax = size_t{64} << 20;  // for values that are yet to come

// Room for `bytes` in all; the first `keep` stay. What is built is measured by the column, not by
// the buffer.
inline void make_room(Buffer& buffer, size_t bytes, size_t keep) {
  static_assert(Buffer::kSlack >= kPadding);
  if (bytes <= buffer.capacity()) return;
  if (bytes > kColumnBytesMax) throw ColumnTooLarge();
  buffer.set_size(keep);
  buffer.reserve(bytes);
}

class Column {
 public:
  // Columns of rows are nullable whatever their type: the sink knows what a null becomes. Throws
  // Error where the time zone cannot be had.
  Column(const Type& type, bool nullable, Column* parent, std::string name)
      : kind_(type.kind),
        scale_(type.scale),
        precision_(type.precision),
        nullable_(nullable),
        width_(type.width),
        parent_(parent),
        name_(std::move(name)),
        type_(&type),
        enumeration_(type.items),
        zone_(TimeZone::load(type.zone)) {
    for (size_t i = 0; i < type.children.size(); ++i) {
      const bool key = kind_ == Kind::kMap && i == 0;
      children_.push_back(
          std::make_unique<Column>(type.children[i], type.children[i].nullable && !key, this,
                                   kind_ == Kind::kTuple ? element_name(type, i) : ""));
    }
    slot_ = has_offsets() ? 4 : width_;
    keeps_null_ = nullable_;
    takes_null_ = nullable_ || can_be_default();
  }
  Column(const Column&) = delete;
  Column& operator=(const Column&) = delete;

  Kind kind() const { return kind_; }
  uint32_t size() const { return size_; }
  uint32_t nulls() const { return nulls_; }
  uint32_t width() const { return width_; }
  uint8_t scale() const { return scale_; }
  uint8_t precision() const { return precision_; }
  bool nullable() const { return nullable_; }
  bool takes_null() const { return takes_null_; }
  // Whether a null of the document stays one; otherwise it is the type's default.
  bool keeps_null() const { return keeps_null_; }
  // For a column of rows whose target has neither nulls nor a DEFAULT. Where it has enums, a null
  // is their 0 and an absent value their least label, so only the latter can stay a null.
  void take_nulls_as_defaults() {
    if (!has_enum()) return;
    keeps_null_ = false;
    takes_null_ = can_be_default();
  }
  const Type& type() const { return *type_; }
  const EnumTable& enumeration() const { return enumeration_; }
  TimeZone* zone() const { return zone_.get(); }
  DateTimeInput date_time_input() const { return date_time_input_; }
  // For all below it too.
  void set_date_time_input(DateTimeInput input) {
    date_time_input_ = input;
    for (auto& child : children_) child->set_date_time_input(input);
  }
  const Column* parent() const { return parent_; }
  const std::string& name() const { return name_; }
  size_t child_count() const { return children_.size(); }
  Column& child(size_t i) const { return *children_[i]; }

  // A number for the format's own use, 0 at first.
  uint32_t tag() const { return tag_; }
  void set_tag(uint32_t tag) { tag_ = tag; }

  // A value of fixed width in its final form: sizeof(T) is width().
  template <class T>
  void push(T value) {
    if (size_ >= capacity_) [[unlikely]]
      grow();
    std::memcpy(values_ + size_t{size_} * sizeof(T), &value, sizeof value);
    ++size_;
  }

  // Where the next value of width() bytes is to be written; count it with push_slot().
  Byte* slot() {
    if (size_ >= capacity_) [[unlikely]]
      grow();
    return values_ + size_t{size_} * width_;
  }
  void push_slot() { ++size_; }

  // Room for a text of at most n bytes (and kPadding more); count what was written with
  // push_text().
  Byte* text_room(size_t n) {
    if (text_.capacity() - text_end_ < n) [[unlikely]]
      make_room(text_, text_end_ + n, text_end_);
    return text_.data() + text_end_;
  }
  bool has_text_room(size_t n) const { return text_.capacity() - text_end_ >= n; }
  void push_text(size_t n) {
    text_end_ += static_cast<uint32_t>(n);
    push_offset(text_end_);
  }

  // Closes the list or map, or the tuple, whose elements were pushed to the children.
  void push_list() { push_offset(children_[0]->size_); }
  void push_tuple() {
    if (size_ >= capacity_) [[unlikely]]
      grow();
    ++size_;
  }
  // How many elements stand in the open list.
  uint32_t open_elements() const { return children_[0]->size_ - offset(size_); }

  // The type's default: zero, "", an empty list.
  void push_default() {
    switch (kind_) {
      case Kind::kText:
      case Kind::kAny:
        return push_text(0);
      case Kind::kJson:
        std::memcpy(text_room(2), "{}", 2);
        return push_text(2);
      case Kind::kArray:
      case Kind::kMap:
        return push_list();
      case Kind::kTuple:
        for (auto& child : children_) child->push_null();
        return push_tuple();
      default:
        std::memset(slot(), 0, width_);
        ++size_;
    }
  }

  // A null, or the default where the column has no nulls.
  void push_null() {
    push_default();
    if (nullable_) mark_null();
  }

  // What stands where a row says nothing: as push_null, but enums inside of a tuple are their
  // least.
  void push_absent() {
    if (kind_ == Kind::kTuple) {
      for (auto& child : children_) child->push_absent();
      push_tuple();
    } else {
      push_default();
    }
    if (!enumeration_.empty()) {
      const int16_t least = enumeration_.least();
      std::memcpy(values_ + size_t{size_ - 1} * width_, &least, width_);
    }
    if (nullable_) mark_null();
  }

  // Takes back all values from number n on, and what was begun behind them.
  void truncate(uint32_t n) {
    for (uint32_t i = n; i < size_ && nulls_ != 0; ++i) {
      nulls_ -= valid_.data()[i] == 0;
      valid_.data()[i] = 1;
    }
    if (n < size_) size_ = n;
    if (is_text(kind_)) {
      text_end_ = offset(n);
    } else if (kind_ == Kind::kTuple) {
      for (auto& child : children_) child->truncate(n);
    } else {
      for (auto& child : children_) child->truncate(offset(n));
    }
  }

  size_t bytes() const {
    size_t sum = size_t{size_} * slot_ + text_end_;
    for (const auto& child : children_) sum += child->bytes();
    return sum;
  }

 private:
  friend class Builder;

  static std::string element_name(const Type& type, size_t i) {
    return type.names.empty() ? std::to_string(i + 1) : type.names[i];
  }

  bool has_offsets() const {
    return is_text(kind_) || kind_ == Kind::kArray || kind_ == Kind::kMap;
  }

  bool has_enum() const {
    if (kind_ != Kind::kTuple) return !enumeration_.empty();
    return std::any_of(children_.begin(), children_.end(),
                       [](const auto& child) { return child->has_enum(); });
  }

  void mark_null() {
    valid_.data()[size_ - 1] = 0;
    ++nulls_;
  }

  // The engine stores an enum number that it has no label for, and then cannot read the table.
  bool can_be_default() const {
    if (kind_ == Kind::kEnum8 || kind_ == Kind::kEnum16) return enumeration_.has(0);
    return kind_ != Kind::kTuple ||
           std::all_of(children_.begin(), children_.end(),
                       [](const auto& child) { return child->takes_null_; });
  }

  uint32_t offset(uint32_t i) const {
    return values_ == nullptr ? 0 : load4(values_ + size_t{i} * 4);
  }

  void push_offset(uint32_t end) {
    if (size_ >= capacity_) [[unlikely]]
      grow();
    std::memcpy(values_ + size_t{size_} * 4 + 4, &end, sizeof end);
    ++size_;
  }

  // Offsets are one more than values; their first is 0.
  // Wide values get room for fewer at a time; only the one that goes beyond the limit is too large.
  [[gnu::noinline]] void grow() {
    const size_t twice = size_t{capacity_} * 2, most = kColumnBytesMax / slot_bytes() - 1;
    const size_t wanted = std::max(twice, std::min<size_t>(1024, reserved_max()));
    reserve(static_cast<uint32_t>(std::max<size_t>(std::min(wanted, most), size_t{size_} + 1)));
  }
  size_t slot_bytes() const { return slot_ == 0 ? 1 : slot_; }
  size_t reserved_max() const { return kReservedBytesMax / slot_bytes(); }

  void reserve(uint32_t rows) {
    const bool offsets = has_offsets();
    if (rows * slot_bytes() > kColumnBytesMax) throw ColumnTooLarge();
    if (slot_ != 0) {
      const size_t extra = offsets ? 4 : 0;
      const bool first = values_ == nullptr;
      make_room(fixed_, size_t{rows} * slot_ + extra, first ? 0 : size_t{size_} * slot_ + extra);
      values_ = fixed_.data();
      if (offsets && first) std::memset(values_, 0, 4);
    }
    if (nullable_) {
      make_room(valid_, rows, size_);
      std::memset(valid_.data() + size_, 1, valid_.capacity() - size_);
    }
    capacity_ = rows;
  }

  // The memory that was just swapped in may be of any size.
  void restart() {
    values_ = fixed_.data();
    const bool offsets = has_offsets();
    size_t room = slot_ == 0 ? capacity_ : fixed_.capacity() / slot_;
    if (offsets && room > 0) {
      std::memset(values_, 0, 4);
      --room;
    }
    if (nullable_) {
      room = std::min(room, valid_.capacity());
      if (nulls_ != 0) std::memset(valid_.data(), 1, size_);
    }
    capacity_ = static_cast<uint32_t>(room);
    size_ = nulls_ = text_end_ = 0;
  }

  Byte* values_ = nullptr;  // fixed_.data(): values, or offsets
  uint32_t size_ = 0, capacity_ = 0;
  Buffer text_;
  uint32_t text_end_ = 0;
  Kind kind_;
  DateTimeInput date_time_input_ = DateTimeInput::kBestEffort;
  uint8_t scale_, precision_;
  bool nullable_, keeps_null_ = true, takes_null_ = true;
  uint32_t width_, slot_ = 0, nulls_ = 0, tag_ = 0;
  Buffer fixed_, valid_;
  std::vector<std::unique_ptr<Column>> children_;
  Column* parent_;
  std::string name_;
  const Type* type_;
  EnumTable enumeration_;
  std::unique_ptr<TimeZone> zone_;
};

}  // namespace cphost::columns
