// SPDX-License-Identifier: Apache-2.0
#include "json_encoder.hpp"

#include <cphost/columns/type_parser.hpp>

#include "json_values.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

constexpr size_t kFaultsMax = 10'000;

bool bit(const void* bits, size_t i) {
  return static_cast<const uint8_t*>(bits)[i >> 3] >> (i & 7) & 1;
}

}  // namespace

JsonEncoder::JsonEncoder(const ArrowSchema& rows, const std::vector<TargetColumn>& target) {
  const bool basic = date_time_input_of(rows) == "basic";
  for (int64_t i = 0; i < rows.n_children; ++i) {
    const ArrowSchema& field = *rows.children[i];
    const TargetColumn* column = find_column(target, field.name);
    if (marks_absent(field) || !column) continue;
    try {
      const auto type = cphost::columns::TypeParser::parse(column->type);
      columns_.push_back({column->name, json_string(column->name) + ":", type.text,
                          plan_json(field, type, basic), static_cast<size_t>(i),
                          absent_column(rows, column->name), type.nullable});
    } catch (const std::exception& e) {
      why_not_ += why_not_.empty() ? "" : "; ";
      why_not_ += "column " + quote_identifier(column->name) + ": " + e.what();
    }
  }
}

const Segments& JsonEncoder::encode(const cphost_block& block) {
  text_.clear();
  segments_.clear();
  faults_.clear();
  int64_t row = 0;
  for (uint32_t s = 0; s < block.slice_count; ++s) {
    const cphost_slice& slice = block.slices[s];
    for (int64_t i = 0; i < slice.count; ++i) {
      append_row(*slice.rows, static_cast<size_t>(slice.begin + i), row++);
    }
  }
  segments_.push_back({reinterpret_cast<const uint8_t*>(text_.data()), text_.size()});
  return segments_;
}

void JsonEncoder::append_row(const ArrowArray& rows, size_t i, int64_t row) {
  text_ += '{';
  for (const Column& column : columns_) {
    const ArrowArray& array = *rows.children[column.index];
    if (column.absent >= 0) {
      const ArrowArray& marks = *rows.children[column.absent];
      if (bit(marks.buffers[1], i + static_cast<size_t>(marks.offset))) continue;
    }
    if (!column.nullable && array.null_count != 0 && array.n_buffers != 0 && array.buffers[0] &&
        !bit(array.buffers[0], i + static_cast<size_t>(array.offset))) {
      continue;
    }
    text_ += column.key;
    if (!append_json(column.plan, array, i, text_) && faults_.size() < kFaultsMax) {
      const char* what = column.plan.conversion
                             ? "the value does not fit into "
                             : "the value holds text that is not JSON, or a date or time beyond "
                               "those that the server reads, for ";
      faults_.push_back({row, column.name, what + column.type});
    }
    text_ += ',';
  }
  if (text_.back() == ',') text_.pop_back();
  text_ += "}\n";
}

}  // namespace clickhouse
