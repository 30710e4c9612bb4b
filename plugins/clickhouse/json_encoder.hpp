// SPDX-License-Identifier: Apache-2.0
// Turns a block of rows into JSONEachRow, for what Native can't say: see json_plan.hpp. Column by
// column it is planned at open. One thread at a time.
//
// What is absent is left out of its row, so that the server puts the DEFAULT in its place; a null
// of a Nullable column is written as null, any other null is absent too.
#pragma once

#include <cphost/sink.h>

#include <cstdint>
#include <string>
#include <vector>

#include "json_plan.hpp"
#include "segment.hpp"
#include "target_column.hpp"

namespace clickhouse {

class JsonEncoder {
 public:
  /// Each column of the rows must be one of the target's. Throws what date_time_input_of() throws.
  JsonEncoder(const ArrowSchema& rows, const std::vector<TargetColumn>& target);

  /// Why no block can be written like this, or "".
  const std::string& why_not() const { return why_not_; }

  /// When faults() is not empty afterwards, the segments are of no use. They live until the next
  /// encode().
  const Segments& encode(const cphost_block& block);
  const std::vector<RowFault>& faults() const { return faults_; }

 private:
  struct Column {
    std::string name, key;  // `"name":`
    std::string type;
    JsonPlan plan;
    size_t index;         // In the rows.
    int64_t absent = -1;  // Index of the column that marks absent values, or -1.
    bool nullable = false;
  };

  void append_row(const ArrowArray& rows, size_t i, int64_t row);

  std::vector<Column> columns_;
  std::string why_not_;
  std::string text_;
  Segments segments_;
  std::vector<RowFault> faults_;
};

}  // namespace clickhouse
