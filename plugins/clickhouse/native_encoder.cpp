// SPDX-License-Identifier: Apache-2.0
#include "native_encoder.hpp"

#include <cphost/columns/carrier.hpp>
#include <cphost/columns/type_parser.hpp>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "native_kernels.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

using Shape = ColumnPlan::Shape;

constexpr size_t kFaultsMax = 10'000;
constexpr size_t kUnpackSlack = 8;

const uint8_t* bytes_of(const ArrowArray& array, int64_t buffer) {
  return static_cast<const uint8_t*>(array.buffers[buffer]);
}

const int32_t* offsets_of(const ArrowArray& array) {
  return static_cast<const int32_t*>(array.buffers[1]);
}

// The validity bitmap, or nullptr where nothing can be null.
const uint8_t* validity_of(const ArrowArray& array) {
  return array.null_count == 0 || array.n_buffers == 0 ? nullptr : bytes_of(array, 0);
}

size_t nulls_in(const ArrowArray& array, size_t begin, size_t count) {
  const uint8_t* validity = validity_of(array);
  return validity && count ? count_zeros(validity, begin, count) : 0;
}

bool is_null(const uint8_t* validity, size_t i) {
  return !(validity[i >> 3] >> (i & 7) & 1);
}

}  // namespace

NativeEncoder::NativeEncoder(const ArrowSchema& rows, const std::vector<TargetColumn>& target) {
  std::string faults;
  for (int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *rows.children[i];
    if (marks_absent(field)) continue;
    try {
      const TargetColumn* column = find_column(target, field.name);
      if (!column)
        throw std::invalid_argument("the target has no column " + quote_identifier(field.name) +
                                    " that can be filled");
      add_column(rows, i, *column);
    } catch (const std::exception& e) {
      faults += faults.empty() ? "" : "; ";
      faults += e.what();
    }
  }
  if (!faults.empty()) throw std::invalid_argument(faults);
  if (columns_.empty()) throw std::invalid_argument("no column of the rows is one of the target's");
}

NativeEncoder::~NativeEncoder() = default;

void NativeEncoder::add_column(const ArrowSchema& rows, int64_t index, const TargetColumn& target) {
  const ArrowSchema& field = *rows.children[index];
  const Type type = cphost::columns::TypeParser::parse(target.type);
  Column column{target.name, plan_column(field, type, target.name), static_cast<size_t>(index),
                absent_column(rows, target.name), !target.default_kind.empty()};
  holds_ = holds_ && !is_beyond_native(column.plan);
  column_list_ += columns_.empty() ? "" : ", ";
  column_list_ += quote_identifier(target.name);
  columns_.push_back(std::move(column));
}

bool NativeEncoder::exact() const {
  return std::all_of(columns_.begin(), columns_.end(),
                     [](const Column& c) { return c.plan.exact; });
}

const Segments& NativeEncoder::encode(const cphost_block& block) {
  arena_.reset();
  segments_.clear();
  faults_.clear();
  masked_.clear();
  std::vector<Parts> parts(columns_.size());
  std::vector<Send> send(columns_.size());
  size_t sent = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    parts[i] = parts_of(block, columns_[i].index);
    send[i] = decide(columns_[i], block);
    sent += send[i] != Send::kNot;
  }
  if (sent == 0) {  // A block without columns has no rows: nulls say the same.
    const auto column = std::find_if(columns_.begin(), columns_.end(), is_masked);
    const auto i = column == columns_.end() ? 0 : static_cast<size_t>(column - columns_.begin());
    send[i] =
        columns_[i].plan.maskable || columns_[i].plan.nullable ? Send::kNullable : Send::kPlain;
    sent = 1;
  }
  std::string head;
  append_varuint(head, sent);
  append_varuint(head, static_cast<uint64_t>(block.rows));
  put_text(head);
  for (size_t i = 0; i < columns_.size(); ++i) {
    if (send[i] == Send::kNot) continue;
    current_ = &columns_[i];
    put_header(columns_[i], send[i]);
    put_prefixes(columns_[i].plan);
    if (send[i] == Send::kNullable) put_mask(parts[i]);
    put_values(columns_[i].plan, parts[i]);
  }
  return segments_;
}

NativeEncoder::Parts NativeEncoder::parts_of(const cphost_block& block, size_t index) const {
  Parts parts;
  parts.reserve(block.slice_count);
  for (uint32_t i = 0; i < block.slice_count; ++i) {
    const cphost_slice& slice = block.slices[i];
    if (slice.count == 0) continue;
    const ArrowArray& array = *slice.rows->children[index];
    parts.push_back({&array, static_cast<size_t>(slice.begin + array.offset),
                     static_cast<size_t>(slice.count)});
  }
  return parts;
}

size_t NativeEncoder::nulls_of(size_t index, const cphost_block& block) const {
  size_t nulls = 0;
  for (const Part& part : parts_of(block, index)) {
    nulls += nulls_in(*part.array, part.begin, part.count);
  }
  return nulls;
}

size_t NativeEncoder::absent_of(const Column& column, const cphost_block& block) const {
  if (!column.plan.nullable) return column.has_default ? nulls_of(column.index, block) : 0;
  size_t absent = 0;
  if (column.absent < 0) return absent;
  for (const Part& part : parts_of(block, static_cast<size_t>(column.absent))) {
    absent += part.count - count_zeros(bytes_of(*part.array, 1), part.begin, part.count);
  }
  return absent;
}

bool NativeEncoder::says(const cphost_block& block) const {
  size_t sent = 0;
  for (const Column& column : columns_) {
    const size_t absent = absent_of(column, block);
    const bool all = absent == static_cast<size_t>(block.rows);
    if (absent != 0 && !all && !is_masked(column)) return false;
    sent += !all || is_masked(column);
  }
  return sent != 0;  // A block without columns would have no rows.
}

NativeEncoder::Send NativeEncoder::decide(const Column& column, const cphost_block& block) const {
  const auto rows = static_cast<size_t>(block.rows);
  if (absent_of(column, block) == rows) return Send::kNot;
  if (column.plan.nullable) return Send::kNullable;
  if (nulls_of(column.index, block) == 0) return Send::kPlain;
  // Without a DEFAULT the server would write zeros, which for an enum is a value that no SELECT can
  // read.
  return column.plan.maskable && column.has_default ? Send::kNullable : Send::kPlain;
}

void NativeEncoder::put_header(const Column& column, Send send) {
  std::string head;
  append_string(head, column.name);
  append_string(head,
                send == Send::kNullable ? "Nullable(" + column.plan.type + ")" : column.plan.type);
  put_text(head);
}

// What says how JSON is written goes before all data of the column, also of those around it.
void NativeEncoder::put_prefixes(const ColumnPlan& plan) {
  constexpr uint64_t kAsText = 1;
  if (plan.shape == Shape::kJson) {
    uint8_t* out = arena_.take(sizeof kAsText);
    std::memcpy(out, &kAsText, sizeof kAsText);
    add(out, sizeof kAsText);
  }
  for (const ColumnPlan& child : plan.children) put_prefixes(child);
}

void NativeEncoder::put_text(const std::string& text) {
  uint8_t* out = arena_.take(text.size());
  std::memcpy(out, text.data(), text.size());
  add(out, text.size());
}

void NativeEncoder::put_mask(const Parts& parts) {
  size_t rows = 0;
  for (const Part& part : parts) rows += part.count;
  uint8_t* const mask = arena_.take(rows, kUnpackSlack);
  uint8_t* out = mask;
  for (const Part& part : parts) {
    if (const uint8_t* validity = validity_of(*part.array)) {
      unpack_bits(validity, part.begin, part.count, 1, out);
    } else {
      std::memset(out, 0, part.count);
    }
    out += part.count;
  }
  add(mask, rows);
}

void NativeEncoder::put_values(const ColumnPlan& plan, const Parts& parts) {
  switch (plan.shape) {
    case Shape::kFixed:
      return put_fixed(plan, parts);
    case Shape::kBits:
      return put_bits(parts);
    case Shape::kUuid:
      return put_uuids(parts);
    case Shape::kString:
    case Shape::kJson:
      return put_strings(plan, parts);
    case Shape::kConverted:
      return put_converted(plan, parts);
    case Shape::kList:
      return put_list(plan, parts);
    case Shape::kTuple:
      return put_tuple(plan, parts);
    case Shape::kBeyond:
      return;
  }
}

// Where a value is null its bytes may be anything, which a reader of the table must not see even
// behind a mask: an enum would have no name for them.
void NativeEncoder::put_fixed(const ColumnPlan& plan, const Parts& parts) {
  for (const Part& part : parts) {
    const uint8_t* values = bytes_of(*part.array, 1);
    if (nulls_in(*part.array, part.begin, part.count) == 0) {
      add(values + part.begin * plan.width, part.count * plan.width);
      continue;
    }
    uint8_t* out = arena_.take(part.count * plan.width);
    std::memcpy(out, values + part.begin * plan.width, part.count * plan.width);
    fill_nulls(out, bytes_of(*part.array, 0), part.begin, part.count, plan.width, plan.fill.data());
    add(out, part.count * plan.width);
  }
}

void NativeEncoder::put_bits(const Parts& parts) {
  constexpr uint8_t kNo = 0;
  for (const Part& part : parts) {
    uint8_t* out = arena_.take(part.count, kUnpackSlack);
    unpack_bits(bytes_of(*part.array, 1), part.begin, part.count, 0, out);
    if (nulls_in(*part.array, part.begin, part.count)) {
      fill_nulls(out, bytes_of(*part.array, 0), part.begin, part.count, 1, &kNo);
    }
    add(out, part.count);
  }
}

void NativeEncoder::put_uuids(const Parts& parts) {
  constexpr size_t kWidth = 16;
  constexpr uint8_t kNil[kWidth] = {};
  for (const Part& part : parts) {
    const uint8_t* values = bytes_of(*part.array, 1);
    uint8_t* out = arena_.take(part.count * kWidth);
    write_uuids(values + part.begin * kWidth, part.count, out);
    if (nulls_in(*part.array, part.begin, part.count)) {
      fill_nulls(out, bytes_of(*part.array, 0), part.begin, part.count, kWidth, kNil);
    }
    add(out, part.count * kWidth);
  }
}

void NativeEncoder::put_strings(const ColumnPlan& plan, const Parts& parts) {
  for (const Part& part : parts) {
    const int32_t* offsets = offsets_of(*part.array);
    const uint8_t* data = bytes_of(*part.array, 2);
    const size_t nulls = nulls_in(*part.array, part.begin, part.count);
    const size_t room =
        strings_size_max(offsets + part.begin, part.count) + nulls * plan.null_text.size();
    uint8_t* const out = arena_.take(room, kStringSlack);
    const uint8_t* const end = nulls ? write_strings(data, offsets, bytes_of(*part.array, 0),
                                                     part.begin, part.count, plan.null_text, out)
                                     : write_strings(data, offsets + part.begin, part.count, out);
    const auto size = static_cast<size_t>(end - out);
    arena_.shrink_last(out, size);
    add(out, size);
  }
}

void NativeEncoder::put_list(const ColumnPlan& plan, const Parts& parts) {
  Parts inner;
  uint64_t total = 0;
  for (const Part& part : parts) {
    const int32_t* offsets = offsets_of(*part.array) + part.begin;
    const ArrowArray& child = *part.array->children[0];
    const auto take = [&](size_t from, size_t to) {
      const auto begin = static_cast<size_t>(offsets[from]),
                 count = static_cast<size_t>(offsets[to]) - begin;
      if (count) inner.push_back({&child, begin + static_cast<size_t>(child.offset), count});
      total += count;
    };
    uint8_t* out = arena_.take(8 * part.count);
    if (nulls_in(*part.array, part.begin, part.count) == 0) {
      write_offsets(offsets, part.count, total, out);
      take(0, part.count);
    } else {  // What a null spans is not sent.
      const uint8_t* validity = bytes_of(*part.array, 0);
      for (size_t i = 0; i < part.count; ++i) {
        if (!is_null(validity, part.begin + i)) take(i, i + 1);
        std::memcpy(out + 8 * i, &total, 8);
      }
    }
    add(out, 8 * part.count);
  }
  const ColumnPlan& child = plan.children[0];
  if (child.nullable) put_mask(inner);
  put_values(child, inner);
}

// A struct's own offset counts for its children too, and is in `begin` already. Where a struct is
// null, its children may hold anything: they get a bitmap that says null there.
NativeEncoder::Part NativeEncoder::element_of(const Part& tuple, const ArrowArray& child) {
  const size_t begin = tuple.begin + static_cast<size_t>(child.offset);
  if (nulls_in(*tuple.array, tuple.begin, tuple.count) == 0) return {&child, begin, tuple.count};
  const size_t end = begin + tuple.count;
  uint8_t* bits = arena_.take((end + 7) / 8);
  std::memset(bits + begin / 8, 0, (end + 7) / 8 - begin / 8);
  const uint8_t *outer = bytes_of(*tuple.array, 0), *own = validity_of(child);
  for (size_t i = 0; i < tuple.count; ++i) {
    const bool null = is_null(outer, tuple.begin + i) || (own && is_null(own, begin + i));
    bits[(begin + i) >> 3] |= static_cast<uint8_t>(!null << ((begin + i) & 7));
  }
  Masked& masked = masked_.emplace_back(Masked{child, {}});
  std::copy_n(child.buffers, child.n_buffers, masked.buffers);
  masked.buffers[0] = bits;
  masked.array.buffers = masked.buffers;
  masked.array.null_count = -1;
  return {&masked.array, begin, tuple.count};
}

void NativeEncoder::put_tuple(const ColumnPlan& plan, const Parts& parts) {
  if (plan.children.empty()) {  // A row of nothing is the digit 0.
    size_t rows = 0;
    for (const Part& part : parts) rows += part.count;
    uint8_t* out = arena_.take(rows);
    std::memset(out, '0', rows);
    return add(out, rows);
  }
  Parts inner(parts.size());
  for (size_t element = 0; element < plan.children.size(); ++element) {
    for (size_t i = 0; i < parts.size(); ++i) {
      inner[i] = element_of(parts[i], *parts[i].array->children[element]);
    }
    if (plan.children[element].nullable) put_mask(inner);
    put_values(plan.children[element], inner);
  }
}

void NativeEncoder::put_converted(const ColumnPlan& plan, const Parts& parts) {
  int64_t row = 0;
  for (const Part& part : parts) {
    uint8_t* out = arena_.take(part.count * plan.width);
    const auto& conversion = plan.conversion;
    if (!conversion.run(part.array->buffers[1], part.begin, part.count, conversion.factor, out)) {
      find_faults(plan, part, row);
    }
    if (nulls_in(*part.array, part.begin, part.count)) {
      fill_nulls(out, bytes_of(*part.array, 0), part.begin, part.count, plan.width,
                 plan.fill.data());
    }
    add(out, part.count * plan.width);
    row += static_cast<int64_t>(part.count);
  }
}

// What is null may be out of range.
void NativeEncoder::find_faults(const ColumnPlan& plan, const Part& part, int64_t first_row) {
  const uint8_t* validity = validity_of(*part.array);
  uint8_t scratch[8];
  for (size_t i = 0; i < part.count && faults_.size() < kFaultsMax; ++i) {
    if (validity && is_null(validity, part.begin + i)) continue;
    const auto& conversion = plan.conversion;
    if (conversion.run(part.array->buffers[1], part.begin + i, 1, conversion.factor, scratch))
      continue;
    faults_.push_back({first_row + static_cast<int64_t>(i), current_->name,
                       "the value does not fit into " + plan.type});
  }
}

void NativeEncoder::add(const uint8_t* data, size_t size) {
  if (!size) return;
  if (!segments_.empty() && segments_.back().data + segments_.back().size == data) {
    segments_.back().size += size;
  } else {
    segments_.push_back({data, size});
  }
}

}  // namespace clickhouse
