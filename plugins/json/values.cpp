// SPDX-License-Identifier: Apache-2.0
// The hot half of the decoder: keys, and the values below them.
#include <cphost/columns/values.hpp>

#include "decoder.hpp"

namespace json {

namespace columns = cphost::columns;
using columns::Kind;
using columns::Reason;

namespace {

template <class T>
[[gnu::always_inline]] inline const Byte* integer(columns::Column& column, const Byte* p) {
  T number;
  Reason reason;
  p = columns::parse_integer(p, number, reason);
  if (p == nullptr || columns::continues_number(p)) [[unlikely]]
    return nullptr;
  column.push(number);
  return p;
}

template <class T>
[[gnu::always_inline]] inline const Byte* real(columns::Column& column, const Byte* p,
                                               const Byte* end) {
  T number;
  Reason reason;
  p = columns::parse_float(p, end, number, reason);
  if (p != nullptr) [[likely]]
    column.push(number);
  return p;
}

}  // namespace

// The usual spelling of a value at p; what is spelled in any other way, or is wrong, is pushed or
// refused by other_value.
[[gnu::always_inline]] inline const Byte* Decoder::value(Column& column, const Byte* p,
                                                         unsigned depth) {
  const Byte* q = nullptr;
  switch (column.kind()) {
    case Kind::kInt8:
      q = integer<int8_t>(column, p);
      break;
    case Kind::kInt16:
      q = integer<int16_t>(column, p);
      break;
    case Kind::kInt32:
      q = integer<int32_t>(column, p);
      break;
    case Kind::kInt64:
      q = integer<int64_t>(column, p);
      break;
    case Kind::kUInt8:
      q = integer<uint8_t>(column, p);
      break;
    case Kind::kUInt16:
      q = integer<uint16_t>(column, p);
      break;
    case Kind::kUInt32:
      q = integer<uint32_t>(column, p);
      break;
    case Kind::kUInt64:
      q = integer<uint64_t>(column, p);
      break;
    case Kind::kFloat32:
      q = real<float>(column, p, end_);
      break;
    case Kind::kFloat64:
      q = real<double>(column, p, end_);
      break;
    case Kind::kDecimal: {
      Reason reason;
      q = columns::put_number(column, p, end_, reason);
      break;
    }
    case Kind::kBool:
      if (const unsigned size = literal_size(p, end_); size != 0 && *p != 'n') {
        column.push(static_cast<uint8_t>(*p == 't'));
        q = p + size;
      }
      break;
    case Kind::kText: {
      const size_t room = static_cast<size_t>(end_ - p);
      if (*p != '"' || !column.has_text_room(room)) [[unlikely]]
        break;
      size_t size;
      q = copy_string(p + 1, end_, column.text_room(room), size, failure_);
      if (q != nullptr) column.push_text(size);
      return q;
    }
    case Kind::kDateTime:
    case Kind::kDateTime64:
      if (*p != '"') break;
      q = columns::put_delimited_moment(column, p + 1, end_, '"');
      if (q != nullptr) ++q;
      break;
    case Kind::kDate:
    case Kind::kDate32:
    case Kind::kUuid:
    case Kind::kIpv4:
      if (*p != '"') break;
      q = columns::put_delimited(column, p + 1, end_, '"');
      if (q != nullptr) ++q;
      break;
    default:
      break;
  }
  return q != nullptr ? q : other_value(column, p, depth);
}

// The key at p that was not the expected one, and its colon. `key` becomes nullptr where nobody
// wants it.
[[gnu::noinline]] const Byte* Decoder::find_key(const Byte* p, Node& node, Key*& key) {
  if (p >= end_) return failure_.set(Fault::kTruncated, end_);
  if (*p != '"') return failure_.set(Fault::kUnexpected, p);
  const Byte* name = p + 1;
  const Byte* q = skip_string(name, end_, failure_);
  if (q == nullptr) return nullptr;
  size_t size = static_cast<size_t>(q - 1 - name);
  if (std::memchr(name, '\\', size) != nullptr) {
    Byte* plain = scratch(size);
    copy_string(name, end_, plain, size, failure_);
    name = plain;
  }
  key = node.find(name, size);
  if (key == nullptr && settings_.reject_unknown) return failure_.set(Fault::kUnknownField, p);
  return skip_colon(q, end_, failure_);
}

// The members of the object at p. Of columns of rows (kTop) `filled` counts those that got a value;
// members of a tuple stand in its children.
template <bool kTop>
const Byte* Decoder::members(const Byte* p, Node& node, uint32_t base, unsigned depth,
                             size_t& filled) {
  const Byte* const end = end_;
  if (depth > settings_.max_depth) return failure_.set(Fault::kDepth, p);
  p = skip_space(p + 1, end);
  if (p < end && *p == '}') return p + 1;
  Key** expected = &node.first;
  for (;;) {
    Key* key = *expected;
    if (key != nullptr && key->stands_at(p)) [[likely]] {
      p += key->literal_size();
      expected = &key->next;
    } else {
      p = find_key(p, node, key);
      if (p == nullptr) return nullptr;
      if (key != nullptr) {
        *expected = key;
        expected = &key->next;
      }
    }
    if (*p <= ' ') p = skip_space(p, end);
    if (p >= end) [[unlikely]]
      return failure_.set(Fault::kTruncated, end);
    if (key == nullptr) {
      p = skip_value(p, end, settings_.max_depth - depth, failure_);
    } else if (!kTop || key->plain) [[likely]] {
      Column& column = *key->column;
      if (column.size() != base) [[unlikely]] {
        return failure_.set(Fault::kDuplicateKey, p, &column);
      }
      p = value(column, p, depth + 1);
      ++filled;
    } else {
      p = branch(*key, p, depth, filled);
    }
    if (p == nullptr) [[unlikely]]
      return nullptr;
    if (p < end && *p != ',') p = skip_space(p, end);
    if (p >= end) [[unlikely]]
      return failure_.set(Fault::kTruncated, end);
    if (*p == '}') return p + 1;
    if (*p != ',') [[unlikely]]
      return failure_.set(Fault::kUnexpected, p);
    ++p;
    if (*p <= ' ') p = skip_space(p, end);
  }
}

template const Byte* Decoder::members<true>(const Byte*, Node&, uint32_t, unsigned, size_t&);
template const Byte* Decoder::members<false>(const Byte*, Node&, uint32_t, unsigned, size_t&);

// A key with something below it, or with several columns: the value is read once for each.
const Byte* Decoder::branch(Key& key, const Byte* p, unsigned depth, size_t& filled) {
  const Byte* q = nullptr;
  for (size_t i = 0; key.column != nullptr && i <= key.also.size(); ++i) {
    Column& column = i == 0 ? *key.column : *key.also[i - 1];
    if (column.size() != builder_.rows()) return failure_.set(Fault::kDuplicateKey, p, &column);
    q = element(column, p, depth + 1);
    if (q == nullptr) return nullptr;
    ++filled;
  }
  if (key.below == nullptr) return q;
  if (key.below->seen == serial_) return failure_.set(Fault::kDuplicateKey, p);
  key.below->seen = serial_;
  if (*p == '{') return members<true>(p, *key.below, builder_.rows(), depth + 1, filled);
  // Where no object is, nothing is below: that is fine for null, and for what has a column of its
  // own.
  if (q != nullptr) return q;
  if (*p == 'n' && literal_size(p, end_) != 0) return p + 4;
  return failure_.set(Fault::kNotAnObject, p);
}

[[gnu::noinline]] const Byte* Decoder::element(Column& column, const Byte* p, unsigned depth) {
  return value(column, p, depth);
}

}  // namespace json
