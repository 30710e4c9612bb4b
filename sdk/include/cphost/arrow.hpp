// SPDX-License-Identifier: Apache-2.0
// cphost/arrow.hpp: reads Arrow structs as the profile cph-arrow/1 has them (sdk/ABI.md), and owns
// them.
//
// Free functions for a value here and there; the column views, which keep their pointers in
// registers, for loops over a batch. Views own nothing: they are valid as long as their array. None
// of them checks an index or a type.
#pragma once

#include <charconv>
#include <cstring>
#include <string_view>
#include <utility>

#include "abi.h"

namespace cphost {

inline constexpr std::string_view kExtensionName = "ARROW:extension:name";
inline constexpr std::string_view kExtensionMetadata = "ARROW:extension:metadata";
inline constexpr std::string_view kClickHouseType = "clickhouse.type";
inline constexpr std::string_view kRole = "cphost.role";

// Owns a C struct of Arrow: releases it unless it was moved on.
template <class T>
class Unique {
 public:
  Unique() = default;
  // Takes over what `raw` points to, as Arrow moves: the source counts as released afterwards.
  explicit Unique(T* raw) : raw_(*raw) { raw->release = nullptr; }
  Unique(Unique&& other) noexcept : Unique(&other.raw_) {}
  Unique& operator=(Unique&& other) noexcept {
    if (this != &other) {
      reset();
      raw_ = other.raw_;
      other.raw_.release = nullptr;
    }
    return *this;
  }
  ~Unique() { reset(); }

  explicit operator bool() const { return raw_.release != nullptr; }
  const T& operator*() const { return raw_; }
  const T* operator->() const { return &raw_; }
  const T* get() const { return &raw_; }

  // For a function that fills it: releases what was there.
  T* out() {
    reset();
    return &raw_;
  }
  // Gives the struct away.
  T move_out() {
    T moved = raw_;
    raw_.release = nullptr;
    return moved;
  }
  void reset() {
    if (raw_.release != nullptr) raw_.release(&raw_);
    raw_ = T{};
  }

 private:
  T raw_{};
};

using UniqueSchema = Unique<ArrowSchema>;
using UniqueArray = Unique<ArrowArray>;

// Calls f(key, value) for each metadata entry of a field; stops where f returns true. Arrow's
// encoding: int32 entries, then for each one int32 size, key, int32 size, value; native byte order.
template <class F>
void for_each_metadata(const ArrowSchema& field, F&& f) {
  const char* p = field.metadata;
  if (p == nullptr) return;
  const auto number = [&p] {
    int32_t n;
    std::memcpy(&n, p, sizeof n);
    p += sizeof n;
    return n;
  };
  const auto text = [&] {
    const auto size = static_cast<size_t>(number());
    const std::string_view t(p, size);
    p += size;
    return t;
  };
  for (int32_t n = number(); n > 0; --n) {
    const std::string_view key = text();
    if (f(key, text())) return;
  }
}

// The value of a metadata key of a field, or "".
inline std::string_view metadata(const ArrowSchema& field, std::string_view key) {
  std::string_view found;
  for_each_metadata(field, [&](std::string_view k, std::string_view value) {
    if (k != key) return false;
    found = value;
    return true;
  });
  return found;
}
inline std::string_view metadata(const ArrowSchema* field, std::string_view key) {
  return metadata(*field, key);
}

// The full ClickHouse type that a field carries ("Nullable(Decimal(9, 2))"), or "".
inline std::string_view clickhouse_type(const ArrowSchema& field) {
  return metadata(field, kExtensionName) == kClickHouseType ? metadata(field, kExtensionMetadata)
                                                            : std::string_view();
}

// Arrow allows a name to be absent.
inline std::string_view name_of(const ArrowSchema& field) {
  return field.name == nullptr ? std::string_view() : std::string_view(field.name);
}

// The number of the child with that name, or -1.
inline int find(const ArrowSchema& schema, std::string_view name) {
  for (int64_t i = 0; i < schema.n_children; ++i) {
    if (name == name_of(*schema.children[i])) return static_cast<int>(i);
  }
  return -1;
}

// The number of the child with `cphost.role = role`, or -1.
inline int find_role(const ArrowSchema& schema, std::string_view role) {
  for (int64_t i = 0; i < schema.n_children; ++i) {
    if (metadata(*schema.children[i], kRole) == role) return static_cast<int>(i);
  }
  return -1;
}

inline bool is_nullable(const ArrowSchema& field) {
  return (field.flags & ARROW_FLAG_NULLABLE) != 0;
}

inline bool bit_at(const void* bits, int64_t i) {
  return (static_cast<const uint8_t*>(bits)[i >> 3] >> (i & 7) & 1) != 0;
}

inline bool is_null(const ArrowArray& a, int64_t i) {
  return a.buffers[0] != nullptr && !bit_at(a.buffers[0], a.offset + i);
}

namespace detail {

inline int64_t number_after(std::string_view format, size_t at) {
  int64_t value = 0;
  std::from_chars(format.data() + at, format.data() + format.size(), value);
  return value;
}

inline int64_t decimal_width(std::string_view format) {  // "d:18,4" (128 bits) or "d:18,4,64"
  const size_t first = format.find(',');
  const size_t second = first == format.npos ? format.npos : format.find(',', first + 1);
  return second == format.npos ? 16 : number_after(format, second + 1) / 8;
}

}  // namespace detail

// Bytes of one value of a fixed-width type ("w:16", "d:18,4,64", "tsm:UTC", "l"); 0 when it is not
// one ("b", "z", "+l").
inline int64_t fixed_width(std::string_view format) {
  if (format.empty()) return 0;
  switch (format[0]) {
    case 'c':
    case 'C':
      return 1;
    case 's':
    case 'S':
    case 'e':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'l':
    case 'L':
    case 'g':
      return 8;
    case 'd':
      return detail::decimal_width(format);
    case 'w':
      return format.size() > 2 ? detail::number_after(format, 2) : 0;
    case 't':  // dates in days and times in (milli)seconds are 32 bits, the others 64
      return format.starts_with("tdD") || format == "tts" || format == "ttm" ? 4 : 8;
    default:
      return 0;
  }
}

// Of a column of type `z` or `u`.
inline std::string_view bytes_at(const ArrowArray& a, int64_t i) {
  const auto* offsets = static_cast<const int32_t*>(a.buffers[1]) + a.offset;
  return {static_cast<const char*>(a.buffers[2]) + offsets[i],
          static_cast<size_t>(offsets[i + 1] - offsets[i])};
}

// Of a column of fixed width: sizeof(T) is that width.
template <class T>
T value_at(const ArrowArray& a, int64_t i) {
  return static_cast<const T*>(a.buffers[1])[a.offset + i];
}

inline bool bool_at(const ArrowArray& a, int64_t i) {
  return bit_at(a.buffers[1], a.offset + i);
}

// What the column views share: their length and nulls.
class ColumnView {
 public:
  explicit ColumnView(const ArrowArray& a)
      : length_(a.length), offset_(a.offset), valid_(a.buffers[0]) {}

  int64_t size() const { return length_; }
  // False: no row is null, for sure.
  bool has_nulls() const { return valid_ != nullptr; }
  bool is_null(int64_t i) const { return valid_ != nullptr && !bit_at(valid_, offset_ + i); }

 private:
  int64_t length_;

 protected:
  int64_t offset_;

 private:
  const void* valid_;
};

class BytesColumn : public ColumnView {
 public:
  explicit BytesColumn(const ArrowArray& a)
      : ColumnView(a),
        offsets_(static_cast<const int32_t*>(a.buffers[1]) + a.offset),
        data_(static_cast<const char*>(a.buffers[2])) {}

  std::string_view operator[](int64_t i) const {
    return {data_ + offsets_[i], static_cast<size_t>(offsets_[i + 1] - offsets_[i])};
  }
  // size() + 1 of them.
  const int32_t* offsets() const { return offsets_; }
  const char* data() const { return data_; }

 private:
  const int32_t* offsets_;
  const char* data_;
};

template <class T>
class FixedColumn : public ColumnView {
 public:
  explicit FixedColumn(const ArrowArray& a)
      : ColumnView(a), values_(static_cast<const T*>(a.buffers[1]) + a.offset) {}

  T operator[](int64_t i) const { return values_[i]; }
  const T* data() const { return values_; }

 private:
  const T* values_;
};

// Of type `w:N`.
class FixedBytesColumn : public ColumnView {
 public:
  FixedBytesColumn(const ArrowArray& a, size_t width)
      : ColumnView(a),
        width_(width),
        data_(static_cast<const char*>(a.buffers[1]) + static_cast<size_t>(a.offset) * width) {}

  std::string_view operator[](int64_t i) const {
    return {data_ + static_cast<size_t>(i) * width_, width_};
  }

 private:
  size_t width_;
  const char* data_;
};

class BoolColumn : public ColumnView {
 public:
  explicit BoolColumn(const ArrowArray& a) : ColumnView(a), bits_(a.buffers[1]) {}

  bool operator[](int64_t i) const { return bit_at(bits_, offset_ + i); }

 private:
  const void* bits_;
};

// Of type `+l` or `+m`: row i is the elements [begin(i), end(i)) of elements(). Those of a map are
// structs of a key and a value: elements().children[0] and [1].
class ListColumn : public ColumnView {
 public:
  explicit ListColumn(const ArrowArray& a)
      : ColumnView(a),
        offsets_(static_cast<const int32_t*>(a.buffers[1]) + a.offset),
        elements_(a.children[0]) {}

  int64_t begin(int64_t i) const { return offsets_[i]; }
  int64_t end(int64_t i) const { return offsets_[i + 1]; }
  const ArrowArray& elements() const { return *elements_; }

 private:
  const int32_t* offsets_;
  const ArrowArray* elements_;
};

}  // namespace cphost
