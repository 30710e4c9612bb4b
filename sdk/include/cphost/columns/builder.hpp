// SPDX-License-Identifier: Apache-2.0
// cphost/columns/builder.hpp: the rows of one decoder: its columns, their schema, and a struct
// array a batch.
//
//     Builder builder(wanted);                 once, from the wanted schema
//     builder.schema()                         what the batches will be
//
//     builder.reserve(records);                a batch
//       put_...(builder.column(i), ...)        a row: its columns, in any order, each at most once
//       builder.commit_row(filled);            columns not filled become null
//       builder.roll_back(rows);               or: takes back all rows from this number on
//     UniqueArray batch = builder.finish();    the next batch begins
//
// A column that already holds this row's value has size() > rows(): a duplicate. roll_back also
// takes back a row that was begun, at any depth. One thread; what finish() returned may be released
// on any, also after the builder is gone. In steady state nothing is allocated.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "bits.hpp"
#include "block.hpp"
#include "carrier.hpp"
#include "column.hpp"

namespace cphost::columns {

class Builder {
 public:
  // Throws Error (config) with a sentence that names the column.
  explicit Builder(const ArrowSchema& wanted, DateTimeInput input = DateTimeInput::kBestEffort)
      : pool_(std::make_shared<Pool<Block>>(kPoolBytes)) {
    for (int64_t i = 0; i < wanted.n_children; ++i) add(*wanted.children[i]);
    if (input != DateTimeInput::kBestEffort) {
      for (auto& column : columns_) column->set_date_time_input(input);
      for (Field& field : fields_) field.set(kDateTimeInputKey, setting_of(input));
    }
    for (size_t i = 0; i < wanted_; ++i) {
      if (metadata(*wanted.children[i], "cphost.absent").empty()) continue;
      absent_.push_back({i, columns_.size()});
      static const Type kFlag = TypeParser::parse("Bool");
      const std::string name = wanted.children[i]->name;
      fields_.push_back(carrier(kFlag, name + ".absent", false));
      fields_.back().set("cphost.absent", name);
      columns_.push_back(std::make_unique<Column>(kFlag, false, nullptr, name + ".absent"));
    }
  }

  // The columns of the wanted schema, in its order.
  size_t size() const { return wanted_; }
  Column& column(size_t i) { return *columns_[i]; }
  const std::string& path(size_t i) const { return paths_[i]; }
  uint32_t rows() const { return rows_; }

  Schema schema() const { return Schema(fields_); }

  // Room for so many rows more, as far as their values are not too wide.
  void reserve(uint32_t rows) {
    for (auto& column : columns_) {
      const size_t wanted = std::min<size_t>(rows_ + rows, column->reserved_max());
      if (column->capacity_ < wanted) column->reserve(static_cast<uint32_t>(wanted));
    }
  }

  // `filled`: how many of the wanted columns hold a value of this row.
  void commit_row(size_t filled) {
    if (!absent_.empty()) [[unlikely]]
      note_absent();
    if (filled != wanted_) {
      for (size_t i = 0; i < wanted_; ++i) {
        if (columns_[i]->size() == rows_) columns_[i]->push_absent();
      }
    }
    ++rows_;
  }

  void roll_back(uint32_t rows) {
    for (auto& column : columns_) column->truncate(rows);
    rows_ = rows;
  }

  UniqueArray finish() {
    std::unique_ptr<Block> block = pool_->take();
    if (block == nullptr) block = lay_out();
    block->home = pool_;
    block->alive.store(block->nodes.size(), std::memory_order_relaxed);
    size_t node = 0;
    begin_node(*block, node++, rows_, 0);
    block->pointer(0, 0) = nullptr;
    for (auto& column : columns_) hand_over(*column, *block, node);
    rows_ = 0;
    return UniqueArray(&block.release()->nodes[0]);  // its release gives the block back
  }

 private:
  static constexpr size_t kPoolBytes = size_t{256} << 20;  // that may wait for later batches

  struct Absent {
    size_t column, flag;
  };

  void add(const ArrowSchema& field) {
    const std::string name(name_of(field));
    const std::string_view path = metadata(field, "cphost.path");
    paths_.emplace_back(path.empty() ? std::string_view(name) : path);
    try {
      types_.push_back(std::make_unique<Type>(type_of_field(field)));
      columns_.push_back(std::make_unique<Column>(*types_.back(), true, nullptr, name));
      if (!types_.back()->nullable && metadata(field, "cphost.default").empty()) {
        columns_.back()->take_nulls_as_defaults();
      }
    } catch (const Error& error) {
      throw Error(error.status(), error.code(), "column '" + name + "': " + error.text());
    }
    fields_.push_back(carrier(*types_.back(), name, true));
    ++wanted_;
  }

  void note_absent() {
    for (const Absent& absent : absent_) {
      const bool is_absent = columns_[absent.column]->size() == rows_;
      columns_[absent.flag]->push(static_cast<uint8_t>(is_absent));
    }
  }

  // ---- batches ----

  static size_t count_nodes(const Column& column) {
    size_t n = column.kind() == Kind::kMap ? 2 : 1;
    for (size_t i = 0; i < column.child_count(); ++i) n += count_nodes(column.child(i));
    return n;
  }

  std::unique_ptr<Block> lay_out() const {
    auto block = std::make_unique<Block>();
    size_t count = 1;
    for (const auto& column : columns_) count += count_nodes(*column);
    block->nodes.resize(count);
    block->pointers.resize(count * Block::kBuffers);
    block->memory.resize(count * Block::kBuffers);
    block->children.resize(count);  // each node but the root is one node's child
    size_t node = 1, next_child = columns_.size();
    set_up(*block, 0, 1, columns_.size(), 0);
    for (size_t i = 0; i < columns_.size(); ++i) {
      block->children[i] = &block->nodes[node];
      lay_out(*columns_[i], *block, node, next_child);
    }
    return block;
  }

  static void lay_out(const Column& column, Block& block, size_t& node, size_t& next_child) {
    const Kind kind = column.kind();
    const int64_t buffers = is_text(kind) ? 3 : kind == Kind::kTuple ? 1 : 2;
    size_t self = node++;
    if (kind == Kind::kMap) {
      set_up(block, self, 2, 1, next_child);
      block.children[next_child++] = &block.nodes[node];
      self = node++;
      set_up(block, self, 1, 2, next_child);
    } else {
      set_up(block, self, buffers, column.child_count(), next_child);
    }
    size_t slot = next_child;
    next_child += column.child_count();
    for (size_t i = 0; i < column.child_count(); ++i) {
      block.children[slot++] = &block.nodes[node];
      lay_out(column.child(i), block, node, next_child);
    }
  }

  static void set_up(Block& block, size_t node, int64_t buffers, size_t children, size_t first) {
    ArrowArray& array = block.nodes[node];
    array = ArrowArray();
    array.n_buffers = buffers;
    array.n_children = static_cast<int64_t>(children);
    array.buffers = &block.pointers[node * Block::kBuffers];
    array.children = children == 0 ? nullptr : &block.children[first];
    array.private_data = &block;
  }

  static void begin_node(Block& block, size_t node, uint32_t length, uint32_t nulls) {
    ArrowArray& array = block.nodes[node];
    array.length = length;
    array.null_count = nulls;
    array.release = &Block::release;
  }

  // The column's memory goes to the block, and the block's old memory to the column.
  static void hand_over(Column& column, Block& block, size_t& node) {
    const size_t self = node++;
    const uint32_t n = column.size_;
    begin_node(block, self, n, column.nulls_);
    block.pointer(self, 0) =
        column.nulls_ == 0 ? nullptr : pack(column.valid_, n, block.buffer(self, 0));
    if (column.kind_ == Kind::kBool) {
      block.pointer(self, 1) = pack(column.fixed_, n, block.buffer(self, 1));
    } else if (column.slot_ != 0) {
      if (column.values_ == nullptr) column.reserve(1);  // offsets need their first
      block.pointer(self, 1) = column.values_;
      column.fixed_.swap(block.buffer(self, 1));
    }
    if (is_text(column.kind_)) {
      const size_t used = column.text_end_;
      column.text_room(1);  // no null pointer, even for empty texts alone
      block.pointer(self, 2) = column.text_.data();
      column.text_.swap(block.buffer(self, 2));
      make_room(column.text_, std::min(used + used / 8, kColumnBytesMax),
                0);  // the next batch is likely of this size
    }
    if (column.kind_ == Kind::kMap) {
      begin_node(block, node, column.children_[0]->size_, 0);
      block.pointer(node++, 0) = nullptr;
    }
    for (auto& child : column.children_) hand_over(*child, block, node);
    column.restart();
  }

  static const void* pack(const Buffer& flags, uint32_t n, Buffer& bits) {
    make_room(bits, n / 8 + 1, 0);
    if (n != 0) pack_bits(flags.data(), n, bits.data());
    return bits.data();
  }

  std::shared_ptr<Pool<Block>> pool_;
  std::vector<std::unique_ptr<Type>> types_;
  std::vector<std::unique_ptr<Column>> columns_;  // wanted, then flags
  std::vector<std::string> paths_;
  std::vector<Field> fields_;
  std::vector<Absent> absent_;
  size_t wanted_ = 0;
  uint32_t rows_ = 0;
};

}  // namespace cphost::columns
