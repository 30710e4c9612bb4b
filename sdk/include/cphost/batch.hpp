// SPDX-License-Identifier: Apache-2.0
// cphost/batch.hpp: builds record batches, one after the other, in memory that comes back.
//
//     BatchBuilder batch(schema);            columns as the schema has them, in its order
//     batch[0].add(payload); batch[1].add(offset);
//     events.records(stream, batch.finish());                    and the next one begins
//
// One thread builds; what finish() gave away may be released from any thread, also after the
// builder is gone. Its memory then waits in the pool for a later batch: in a steady state nothing
// is allocated. A row that fails half-way is taken back: mark() before it, roll_back() after.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "column_builder.hpp"
#include "schema.hpp"

namespace cphost {

// What stands behind the arrays of one batch. `alive` counts the nodes that are not released: a
// consumer may move a column out of its batch, and that column keeps the memory.
struct BatchMemory {
  explicit BatchMemory(const std::vector<ColumnBuilder>& columns) {
    size_t n = 0;
    for (const ColumnBuilder& column : columns) n += count(column);
    buffers.resize(3 * n);
    pointers.resize(3 * n + 1);
    nodes.resize(n);
    children.resize(n);
    size_t next = 0;
    top.children = children.data();
    place(columns, top, next);
  }

  static size_t count(const ColumnBuilder& column) {
    size_t n = 1;
    for (const ColumnBuilder& child : column.children_) n += count(child);
    return n;
  }

  // Siblings lie next to each other, so that a parent's child pointers are a part of `children`.
  void place(const std::vector<ColumnBuilder>& columns, ArrowArray& parent, size_t& next) {
    const size_t first = next;
    next += columns.size();
    parent.n_children = static_cast<int64_t>(columns.size());
    parent.children = columns.empty() ? nullptr : &children[first];
    for (size_t i = 0; i < columns.size(); ++i) {
      children[first + i] = &nodes[first + i];
      place(columns[i].children_, nodes[first + i], next);
    }
  }

  size_t bytes() const {
    size_t n = 0;
    for (const Buffer& buffer : buffers) n += buffer.capacity();
    return n;
  }

  // Arrow's release, of the batch and of columns that were moved out of it.
  static void release(ArrowArray* array) {
    std::unique_ptr<BatchMemory> memory(static_cast<BatchMemory*>(array->private_data));
    const int64_t n = count_released(array);
    if (memory->alive.fetch_sub(n, std::memory_order_acq_rel) != n) {
      static_cast<void>(memory.release());
      return;
    }
    const std::shared_ptr<Pool<BatchMemory>> home = std::move(memory->home);
    home->give(std::move(memory));
  }

  static int64_t count_released(ArrowArray* array) {
    int64_t n = 1;
    for (int64_t i = 0; i < array->n_children; ++i) {
      ArrowArray* child = array->children[i];
      if (child->release == release) {
        n += count_released(child);
      } else if (child->release != nullptr) {
        child->release(child);
      }
    }
    array->release = nullptr;
    return n;
  }

  std::vector<Buffer> buffers;        // three a node
  std::vector<const void*> pointers;  // likewise, and one for the top
  std::vector<ArrowArray> nodes;
  std::vector<ArrowArray*> children;
  ArrowArray top{};  // where the children of the batch are
  std::atomic<int64_t> alive{0};
  std::shared_ptr<Pool<BatchMemory>> home;
};

class BatchBuilder {
 public:
  static constexpr size_t kPoolBytes = size_t{64} << 20;

  // `pool_bytes`: how much memory may wait for later batches.
  explicit BatchBuilder(const ArrowSchema& schema, size_t pool_bytes = kPoolBytes)
      : pool_(std::make_shared<Pool<BatchMemory>>(pool_bytes)) {
    columns_.reserve(static_cast<size_t>(schema.n_children));
    for (int64_t i = 0; i < schema.n_children; ++i) columns_.emplace_back(*schema.children[i]);
  }
  explicit BatchBuilder(const Schema& schema, size_t pool_bytes = kPoolBytes)
      : BatchBuilder(*schema.to_arrow(), pool_bytes) {}

  ColumnBuilder& operator[](size_t i) { return columns_[i]; }
  size_t width() const { return columns_.size(); }
  int64_t rows() const { return columns_.empty() ? 0 : columns_[0].length(); }
  bool empty() const { return rows() == 0; }
  // Looks at every column.
  size_t bytes() const {
    size_t n = 0;
    for (const ColumnBuilder& column : columns_) n += column.bytes();
    return n;
  }

  // For all columns; `payload` bytes for each column of bytes.
  void reserve(int64_t rows, size_t payload = 0) {
    for (ColumnBuilder& column : columns_) column.reserve(rows, payload);
  }

  // Between two rows: what roll_back needs to take back everything that is added from here on.
  int64_t mark() const { return rows(); }
  void roll_back(int64_t mark) {
    for (ColumnBuilder& column : columns_) column.truncate(mark);
  }

  // Gives the rows away and begins the next batch.
  UniqueArray finish() {
    const int64_t rows = this->rows();
    for (const ColumnBuilder& column : columns_) check_length(column, rows);
    std::unique_ptr<BatchMemory> memory = pool_->take();
    if (!memory) memory = std::make_unique<BatchMemory>(columns_);
    fill(columns_, memory->top, *memory);
    memory->alive.store(static_cast<int64_t>(memory->nodes.size()) + 1, std::memory_order_relaxed);
    memory->home = pool_;
    ArrowArray batch = memory->top;
    batch.length = rows;
    batch.n_buffers = 1;
    batch.buffers = &memory->pointers.back();
    batch.release = BatchMemory::release;
    batch.private_data = memory.release();
    return UniqueArray(&batch);
  }

 private:
  static void check_length(const ColumnBuilder& column, int64_t rows) {
    if (column.length() != rows) {
      throw Error(fatal, "COLUMN_LENGTH",
                  "column " + column.name() + " has " + std::to_string(column.length()) +
                      " values in a batch of " + std::to_string(rows) + " rows");
    }
    if (column.kind_ != ColumnBuilder::Kind::kStruct) return;
    for (const ColumnBuilder& child : column.children_) check_length(child, rows);
  }

  // Moves the columns' buffers into the nodes below `parent`, and takes the memory that was there.
  static void fill(std::vector<ColumnBuilder>& columns, const ArrowArray& parent,
                   BatchMemory& memory) {
    for (size_t i = 0; i < columns.size(); ++i) {
      ColumnBuilder& column = columns[i];
      ArrowArray& node =
          memory.nodes[static_cast<size_t>(parent.children - memory.children.data()) + i];
      const size_t number = static_cast<size_t>(&node - memory.nodes.data());
      fill(column.children_, node, memory);
      column.fill_valid(column.nulls_ == 0 ? 0 : column.length_);
      const void** pointers = &memory.pointers[3 * number];
      pointers[0] = column.nulls_ == 0 ? nullptr : column.valid_.data();
      pointers[1] = column.values_.data();
      pointers[2] = column.data_.data();
      node.length = column.length_;
      node.offset = 0;
      node.null_count = column.nulls_;
      node.n_buffers = column.kind_ == ColumnBuilder::Kind::kStruct  ? 1
                       : column.kind_ == ColumnBuilder::Kind::kBytes ? 3
                                                                     : 2;
      node.buffers = pointers;
      node.release = BatchMemory::release;
      node.private_data = &memory;
      exchange(column, &memory.buffers[3 * number]);
    }
  }

  static void exchange(ColumnBuilder& column, Buffer* waiting) {
    const size_t values = column.values_.size(), data = column.data_.size();
    const bool fresh = waiting[0].capacity() == 0;
    column.values_.swap(waiting[0]);
    column.data_.swap(waiting[1]);
    column.valid_.swap(waiting[2]);
    // The next batch is likely of the size of this one: spare it the doubling.
    if (fresh) {
      column.values_.reserve(values);
      column.data_.reserve(data);
    }
    column.begin();
  }

  std::vector<ColumnBuilder> columns_;
  std::shared_ptr<Pool<BatchMemory>> pool_;
};

}  // namespace cphost
