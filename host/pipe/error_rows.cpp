// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/error_rows.hpp"

#include <memory>
#include <utility>

#include "host/pipe/error_schema.hpp"

namespace cphost::host {
namespace {

constexpr size_t kColumns = static_cast<size_t>(ErrorColumn::kReplayedAt) + 1;

constexpr size_t index(ErrorColumn column) {
  return static_cast<size_t>(column);
}

template <class T>
void append(std::vector<uint8_t>& to, T value) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof value);
}

}  // namespace

// Owns the buffers of the arrays that were given away.
struct ErrorRows::Arrays {
  std::vector<Column> columns;
  Column keys, values;
  std::vector<ArrowArray> arrays = std::vector<ArrowArray>(kColumns);
  std::vector<ArrowArray*> children;
  std::vector<const void*> buffers = std::vector<const void*>(3 * (kColumns + 3) + 1);
  ArrowArray entries{}, key_array{}, value_array{};
  ArrowArray* entry_children[2] = {&key_array, &value_array};
  ArrowArray* map_child[1] = {&entries};
  size_t used_buffers = 1;

  static void keep(ArrowArray* array) { array->release = nullptr; }

  ArrowArray array(const Column& column) {
    ArrowArray a{};
    a.length = column.length;
    a.null_count = column.valid.empty() ? 0 : -1;
    const void** b = &buffers[used_buffers];
    used_buffers += 3;
    b[0] = column.valid.empty() ? nullptr : column.valid.data();
    if (column.offsets.empty()) {
      b[1] = column.values.data();
      a.n_buffers = 2;
    } else {
      b[1] = column.offsets.data();
      b[2] = column.data.data();
      a.n_buffers = 3;
    }
    a.buffers = b;
    a.release = keep;
    return a;
  }
};

ErrorRows::Column& ErrorRows::at(size_t i) {
  if (columns_.empty()) columns_.resize(kColumns);
  return columns_[i];
}

void ErrorRows::mark(Column& column, bool valid) {
  const auto row = static_cast<size_t>(column.length);
  if (row % 8 == 0) column.valid.push_back(0);
  if (valid) column.valid[row / 8] |= static_cast<uint8_t>(1u << (row % 8));
}

template <class T>
void ErrorRows::fixed(size_t i, T value) {
  Column& column = at(i);
  append(column.values, value);
  ++column.length;
}

template <class T>
void ErrorRows::nullable(size_t i, bool present, T value) {
  mark(at(i), present);
  fixed(i, present ? value : T{});
}

void ErrorRows::text(size_t i, std::string_view value) {
  Column& column = at(i);
  if (column.offsets.empty()) column.offsets.push_back(0);
  column.data.insert(column.data.end(), value.begin(), value.end());
  column.offsets.push_back(static_cast<int32_t>(column.data.size()));
  ++column.length;
}

void ErrorRows::nullable_text(size_t i, bool present, std::string_view value) {
  mark(at(i), present);
  text(i, present ? value : std::string_view());
}

void ErrorRows::add(const ErrorRow& row) {
  using C = ErrorColumn;
  fixed(index(C::kTs), row.ts_us);
  text(index(C::kPipe), row.pipe);
  text(index(C::kHost), row.host);
  fixed(index(C::kStage), static_cast<int8_t>(row.why->stage));
  text(index(C::kCode), row.why->code);
  text(index(C::kMessage), row.why->text);
  text(index(C::kHint), row.hint);
  text(index(C::kPlugin), row.plugin);
  text(index(C::kStream), row.stream);
  text(index(C::kPosition), row.position);
  text(index(C::kTopic), row.topic);
  nullable(index(C::kPartition), row.partition >= 0, static_cast<int32_t>(row.partition));
  nullable(index(C::kOffset), row.offset >= 0, row.offset);
  nullable(index(C::kRecordTs), row.record_ts_ms >= 0, row.record_ts_ms);
  nullable_text(index(C::kKey), row.has_key, row.key);
  Column& map = at(index(C::kHeaders));
  if (map.offsets.empty()) map.offsets.push_back(0);
  for (const auto& [key, value] : row.headers) {
    for (auto [part, content] :
         {std::pair{&header_keys_, key}, std::pair{&header_values_, value}}) {
      if (part->offsets.empty()) part->offsets.push_back(0);
      part->data.insert(part->data.end(), content.begin(), content.end());
      part->offsets.push_back(static_cast<int32_t>(part->data.size()));
      ++part->length;
    }
    bytes_ += 8 + static_cast<int64_t>(key.size() + value.size());
  }
  map.offsets.push_back(static_cast<int32_t>(header_keys_.length));
  ++map.length;
  text(index(C::kColumn), row.why->column);
  nullable(index(C::kByteOffset), row.why->byte_offset >= 0,
           static_cast<uint64_t>(row.why->byte_offset));
  text(index(C::kRaw), row.raw);
  fixed(index(C::kRawSize), static_cast<uint64_t>(row.raw_size));
  fixed(index(C::kRawTruncated),
        static_cast<uint8_t>(row.raw_size > static_cast<int64_t>(row.raw.size())));
  nullable(index(C::kReplayedAt), false, int64_t{0});
  ++count_;
  bytes_ += 512 + static_cast<int64_t>(row.raw.size() + row.key.size() + row.why->text.size());
}

UniqueArray ErrorRows::finish() {
  auto own = std::make_unique<Arrays>();
  own->columns = std::exchange(columns_, {});
  own->keys = std::exchange(header_keys_, {});
  own->values = std::exchange(header_values_, {});
  for (Column* part : {&own->keys, &own->values}) {
    if (part->offsets.empty()) part->offsets.push_back(0);
  }
  for (size_t i = 0; i < kColumns; ++i) {
    own->arrays[i] = own->array(own->columns[i]);
    own->children.push_back(&own->arrays[i]);
  }
  own->key_array = own->array(own->keys);
  own->value_array = own->array(own->values);
  own->entries.length = own->keys.length;
  own->entries.n_buffers = 1;
  own->entries.buffers = &own->buffers[0];
  own->entries.n_children = 2;
  own->entries.children = own->entry_children;
  own->entries.release = Arrays::keep;
  ArrowArray& map = own->arrays[index(ErrorColumn::kHeaders)];
  map.n_buffers = 2;
  map.n_children = 1;
  map.children = own->map_child;

  UniqueArray out;
  ArrowArray& array = *out.out();
  array.length = std::exchange(count_, 0);
  array.n_buffers = 1;
  array.buffers = &own->buffers[0];
  array.n_children = kColumns;
  array.children = own->children.data();
  array.release = [](ArrowArray* a) {
    delete static_cast<Arrays*>(a->private_data);
    a->release = nullptr;
  };
  array.private_data = own.release();
  bytes_ = 0;
  return out;
}

}  // namespace cphost::host
