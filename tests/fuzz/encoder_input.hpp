// SPDX-License-Identifier: Apache-2.0
// encoder_input.hpp: what the fuzzers of the encoders make of an input. A word of the first line is
// a column: `Type`, or `Type -> Target` where the rows have another type than the target;
// `DEFAULT ` before it gives the target's column a DEFAULT, and `ABSENT ` also marks in which rows
// it was absent. The bytes make the arrays.
#pragma once

#include <cphost/sink.h>
#include <cphost/arrow.hpp>
#include <cphost/schema.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "random_arrays.hpp"
#include "target_column.hpp"

namespace fuzz {

struct Column {
  std::string name;
  cphost::columns::Type source, target;
  bool has_default = false;
  bool has_marks = false;  // of the rows in which it is absent
};

// The schema of the rows, marks behind the columns in their order, and the table's columns.
struct Rows {
  std::vector<cphost::columns::Type> types;
  cphost::UniqueSchema schema;
  std::vector<clickhouse::TargetColumn> target;
};

Rows rows_of(const std::vector<Column>& columns);

// Those that `is_filled` says of that they can be filled.
std::vector<Column> columns_of(const std::vector<std::string>& words,
                               const std::function<bool(const Rows&)>& is_filled);

// A block of slices of a few batches.
class RandomBlock {
 public:
  RandomBlock(const Rows& rows, ByteSource& in);

  const cphost_block& block() const { return block_; }

  // f(array of the column, its row) for each row of the block.
  template <class F>
  void for_each(size_t column, F&& f) const {
    for (const cphost_slice& slice : slices_) {
      const ArrowArray& array = *slice.rows->children[column];
      for (int64_t i = 0; i < slice.count; ++i) f(array, slice.begin + i);
    }
  }

  // Whether the table's DEFAULT may stand in all rows.
  bool all_absent(const std::vector<Column>& columns, size_t column) const;

 private:
  std::vector<std::unique_ptr<RandomArray>> batches_;
  std::vector<cphost_slice> slices_;
  cphost_block block_ = {};
};

// A value's bytes: text, or little-endian.
std::string raw(const cphost::columns::Type& type, const ArrowArray& array, int64_t i);

// The bytes of a value of `from` in an integer, or of a time in a time that is another or finer;
// nothing where it does not fit.
std::optional<std::string> converted(const cphost::columns::Type& from,
                                     const cphost::columns::Type& to, const std::string& bytes);

}  // namespace fuzz
