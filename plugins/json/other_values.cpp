// SPDX-License-Identifier: Apache-2.0
// The general half of the decoder: containers, values in unusual spelling, and why a value is
// refused.
#include <cphost/columns/values.hpp>

#include <cstring>

#include "decoder.hpp"

namespace json {

namespace columns = cphost::columns;
using columns::Kind;
using columns::Reason;

namespace {

// ClickHouse takes a boolean for a day, but not for the bytes of a FixedString.
Reason boolean(columns::Column& column, bool value) {
  switch (column.kind()) {
    case Kind::kDate:
    case Kind::kDate32:
      return put_int64(column, value);
    case Kind::kFixedString:
      return Reason::kWrongKind;
    default:
      return put_bool(column, value);
  }
}

// Types whose texts may have escapes: the others are read where they stand, as ClickHouse does.
bool is_unescaped(Kind kind) {
  return kind == Kind::kFixedString || kind == Kind::kEnum8 || kind == Kind::kEnum16;
}

}  // namespace

const Byte* Decoder::other_value(Column& column, const Byte* p, unsigned depth) {
  Reason reason = Reason::kNone;
  switch (*p) {
    case '"':
      if (column.kind() == Kind::kText) return long_text(column, p);
      // Where JSON itself is kept, text stays in its quotes.
      if (is_text(column.kind())) return source_text(column, p, depth);
      return text_value(column, p);
    case '{':
      if (column.kind() == Kind::kMap) return map(column, p, depth);
      if (column.kind() == Kind::kTuple) return tuple(column, p, depth);
      return source_text(column, p, depth);
    case '[':
      if (column.kind() == Kind::kArray) return list(column, p, depth);
      if (column.kind() == Kind::kTuple) return tuple_of_array(column, p, depth);
      return source_text(column, p, depth);
    case 'n':
    case 't':
    case 'f': {
      const unsigned size = literal_size(p, end_);
      if (size == 0) return failure_.set(Fault::kNumber, p);
      reason = *p == 'n' ? put_null(column) : boolean(column, *p == 't');
      return reason == Reason::kNone ? p + size : failure_.value(p, column, reason);
    }
    default:
      break;
  }
  const Byte* stop = columns::scan_number(p, end_);
  if (stop == nullptr) return no_number(p, end_, failure_);
  // What put_number says of a number that is cut off depends on the next record.
  if (stop == end_) return failure_.set(Fault::kTruncated, end_);
  if (column.kind() == Kind::kFixedString) reason = Reason::kWrongKind;
  if (reason != Reason::kNone || columns::put_number(column, p, end_, reason) == nullptr) {
    return failure_.value(p, column, reason);
  }
  return stop;
}

// A text for whose longest possible size there was no room: its size is found first.
const Byte* Decoder::long_text(Column& column, const Byte* p) {
  const Byte* stop = skip_string(p + 1, end_, failure_);
  if (stop == nullptr) return nullptr;
  size_t size = 0;
  copy_string(p + 1, stop, column.text_room(static_cast<size_t>(stop - p)), size, failure_);
  column.push_text(size);
  return stop;
}

// A text for a column of some other type.
const Byte* Decoder::text_value(Column& column, const Byte* p) {
  const Byte* stop = skip_string(p + 1, end_, failure_);
  if (stop == nullptr) return nullptr;
  size_t size = static_cast<size_t>(stop - p) - 2;
  const bool escaped = std::memchr(p + 1, '\\', size) != nullptr;
  if (column.kind() == Kind::kBool || (escaped && !is_unescaped(column.kind()))) {
    return failure_.value(p, column, columns::no_value_of(column.kind()));
  }
  Byte* text = scratch(size + 2);
  copy_string(p + 1, stop, text, size, failure_);
  const Reason reason = columns::put_text(column, {reinterpret_cast<const char*>(text), size});
  return reason == Reason::kNone ? stop : failure_.value(p, column, reason);
}

// A value for a column that may take its source.
const Byte* Decoder::source_text(Column& column, const Byte* p, unsigned depth) {
  const Byte* stop = skip_value(p, end_, settings_.max_depth - (depth - 1), failure_);
  if (stop == nullptr) return nullptr;
  Reason reason = Reason::kWrongKind;
  const bool object_only = column.kind() == Kind::kJson;
  if (object_only ? *p == '{' : is_text(column.kind())) {
    reason = columns::put_source(column,
                                 {reinterpret_cast<const char*>(p), static_cast<size_t>(stop - p)});
  }
  return reason == Reason::kNone ? stop : failure_.value(p, column, reason);
}

const Byte* Decoder::list(Column& column, const Byte* p, unsigned depth) {
  if (depth > settings_.max_depth) return failure_.set(Fault::kDepth, p);
  Column& child = column.child(0);
  p = skip_space(p + 1, end_);
  if (p < end_ && *p == ']') {
    column.push_list();
    return p + 1;
  }
  for (;;) {
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    p = element(child, p, depth + 1);
    if (p == nullptr) return nullptr;
    p = skip_space(p, end_);
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    if (*p == ']') {
      column.push_list();
      return p + 1;
    }
    if (*p != ',') return failure_.set(Fault::kUnexpected, p);
    p = skip_space(p + 1, end_);
  }
}

const Byte* Decoder::map(Column& column, const Byte* p, unsigned depth) {
  if (depth > settings_.max_depth) return failure_.set(Fault::kDepth, p);
  p = skip_space(p + 1, end_);
  if (p < end_ && *p == '}') {
    column.push_list();
    return p + 1;
  }
  for (;;) {
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    if (*p != '"') return failure_.set(Fault::kUnexpected, p);
    p = element(column.child(0), p, depth + 1);
    if (p != nullptr) p = skip_colon(p, end_, failure_);
    if (p == nullptr) return nullptr;
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    p = element(column.child(1), p, depth + 1);
    if (p == nullptr) return nullptr;
    p = skip_space(p, end_);
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    if (*p == '}') {
      column.push_list();
      return p + 1;
    }
    if (*p != ',') return failure_.set(Fault::kUnexpected, p);
    p = skip_space(p + 1, end_);
  }
}

// An object for a named tuple; absent members are null, or the default where they have no nulls.
const Byte* Decoder::tuple(Column& column, const Byte* p, unsigned depth) {
  Node* names = paths_.names(column);
  if (names == nullptr) return source_text(column, p, depth);
  size_t filled = 0;
  const Byte* stop = members<false>(p, *names, column.size(), depth, filled);
  if (stop == nullptr) return nullptr;
  for (size_t i = 0; filled < column.child_count() && i < column.child_count(); ++i) {
    Column& child = column.child(i);
    if (child.size() != column.size()) continue;
    const Reason reason = columns::put_null(child);
    if (reason != Reason::kNone) return failure_.value(p, child, reason);
  }
  column.push_tuple();
  return stop;
}

const Byte* Decoder::tuple_of_array(Column& column, const Byte* p, unsigned depth) {
  if (paths_.names(column) != nullptr) return source_text(column, p, depth);
  if (depth > settings_.max_depth) return failure_.set(Fault::kDepth, p);
  const Byte* const begin = p;
  p = skip_space(p + 1, end_);
  for (size_t i = 0; i < column.child_count(); ++i) {
    if (p < end_ && *p == ']') return failure_.value(begin, column, Reason::kTupleSize);
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    p = element(column.child(i), p, depth + 1);
    if (p == nullptr) return nullptr;
    p = skip_space(p, end_);
    if (p >= end_) return failure_.set(Fault::kTruncated, end_);
    if (i + 1 == column.child_count()) break;
    if (*p == ']') return failure_.value(begin, column, Reason::kTupleSize);
    if (*p != ',') return failure_.set(Fault::kUnexpected, p);
    p = skip_space(p + 1, end_);
  }
  if (p >= end_) return failure_.set(Fault::kTruncated, end_);
  const bool any_is_too_many = column.child_count() == 0 && *p != ']';
  if (*p == ',' || any_is_too_many) return failure_.value(begin, column, Reason::kTupleSize);
  if (*p != ']') return failure_.set(Fault::kUnexpected, p);
  column.push_tuple();
  return p + 1;
}

}  // namespace json
