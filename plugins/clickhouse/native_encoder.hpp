// SPDX-License-Identifier: Apache-2.0
// Turns a block of rows (slices of Arrow arrays) into one block of ClickHouse's format Native:
//
//     columns varuint | rows varuint | for each column: name, type, data
//
// How is planned at open. The segments that encode() returns point into the slices' buffers and
// into scratch memory of the encoder: they live until the next encode() or the end of the slices.
// One thread at a time.
//
// Nulls of a target that is not Nullable: with a DEFAULT they are sent as Nullable(T) all the same,
// and the server puts the DEFAULT in their place; without one they become the type's default value
// here. Array, Map and Tuple can't be Nullable, and a Nullable can't tell an absent value from a
// null: their DEFAULT counts only in a block in which all are absent, because then the column is
// left out. The same holds for text that the server casts, whose nulls are sent as the text of the
// type's default value. says() tells which blocks ask for more: JsonEncoder takes those.
#pragma once

#include <cphost/sink.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "arena.hpp"
#include "native_plan.hpp"
#include "segment.hpp"
#include "target_column.hpp"

namespace clickhouse {

class NativeEncoder {
 public:
  /// Throws std::invalid_argument that names every column that cannot be filled.
  NativeEncoder(const ArrowSchema& rows, const std::vector<TargetColumn>& target);
  ~NativeEncoder();

  /// When faults() is not empty afterwards, the segments are of no use.
  const Segments& encode(const cphost_block& block);
  const std::vector<RowFault>& faults() const { return faults_; }

  /// "`a`, `b`": the columns that blocks hold. Columns that encode() leaves out are among them.
  const std::string& column_list() const { return column_list_; }

  /// All columns travel as the target's own types, so that the server need not cast.
  bool exact() const;

  /// Whether Native can say which values of the block are absent. Where it can't and encode() is
  /// called all the same, absent values become NULL or empty.
  bool says(const cphost_block& block) const;
  /// Whether it can hold the values of all columns; else encode() must not be called.
  bool holds() const { return holds_; }

 private:
  /// Rows of one array; `begin` counts from the start of its buffers.
  struct Part {
    const ArrowArray* array;
    size_t begin;
    size_t count;
  };
  using Parts = std::vector<Part>;
  /// An array with another validity bitmap.
  struct Masked {
    ArrowArray array;
    const void* buffers[3];
  };
  struct Column {
    std::string name;
    ColumnPlan plan;
    size_t index;         // In the rows.
    int64_t absent = -1;  // Index of the column that marks absent values, or -1.
    bool has_default = false;
  };
  enum class Send { kPlain, kNullable, kNot };

  // Its nulls travel as such, although the target has none, and become the DEFAULT.
  static bool is_masked(const Column& column) {
    return column.plan.maskable && !column.plan.nullable;
  }

  void add_column(const ArrowSchema& rows, int64_t index, const TargetColumn& target);
  Parts parts_of(const cphost_block& block, size_t index) const;
  size_t nulls_of(size_t index, const cphost_block& block) const;
  size_t absent_of(const Column& column, const cphost_block& block) const;
  Send decide(const Column& column, const cphost_block& block) const;
  void put_header(const Column& column, Send send);
  void put_prefixes(const ColumnPlan& plan);
  void put_text(const std::string& text);
  void put_mask(const Parts& parts);
  void put_values(const ColumnPlan& plan, const Parts& parts);
  void put_fixed(const ColumnPlan& plan, const Parts& parts);
  void put_bits(const Parts& parts);
  void put_uuids(const Parts& parts);
  void put_strings(const ColumnPlan& plan, const Parts& parts);
  void put_list(const ColumnPlan& plan, const Parts& parts);
  void put_tuple(const ColumnPlan& plan, const Parts& parts);
  Part element_of(const Part& tuple, const ArrowArray& child);
  void put_converted(const ColumnPlan& plan, const Parts& parts);
  void find_faults(const ColumnPlan& plan, const Part& part, int64_t first_row);
  void add(const uint8_t* data, size_t size);

  std::vector<Column> columns_;
  std::string column_list_;
  Arena arena_;
  Segments segments_;
  std::vector<RowFault> faults_;
  std::deque<Masked> masked_;        // Of the last block.
  const Column* current_ = nullptr;  // The column that is being encoded, for faults.
  bool holds_ = true;
};

}  // namespace clickhouse
