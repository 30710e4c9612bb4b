// SPDX-License-Identifier: Apache-2.0
#include "json_encoder.hpp"

#include <cphost/columns/date_time_input.hpp>
#include <cphost/columns/type_parser.hpp>

#include <algorithm>

#include "json_values.hpp"
#include "sql_text.hpp"

namespace clickhouse {
namespace {

constexpr size_t kFaultsMax = 10'000;
constexpr size_t kShownMax = 100;  // bytes of a value in a message

RowFault fault_of(Unwritable why, int64_t row, const std::string& column, const std::string& type,
                  std::string_view value) {
  size_t end = std::min(value.size(), kShownMax);
  while (end < value.size() && end > 0 && (value[end] & 0xc0) == 0x80) --end;  // whole characters
  const std::string shown = std::string(value.substr(0, end)) + (end < value.size() ? "..." : "");
  switch (why) {
    case Unwritable::kNotJson:
      return {row, column, "the text is no JSON value for " + type + ": " + shown, "NOT_JSON"};
    case Unwritable::kKeyIsNoText:
      return {row, column, "the key of " + type + " is no JSON string: " + shown, "KEY_IS_NO_TEXT"};
    case Unwritable::kTimeHasNoText:
      return {row, column,
              "the server would read the text of this time as another value in " + type +
                  "; its number: " + shown,
              "TIME_HAS_NO_TEXT"};
    default:
      return {row, column, "the number does not fit into " + type + ": " + shown,
              "VALUE_OUT_OF_RANGE"};
  }
}

bool bit(const void* bits, size_t i) {
  return static_cast<const uint8_t*>(bits)[i >> 3] >> (i & 7) & 1;
}

}  // namespace

JsonEncoder::JsonEncoder(const ArrowSchema& rows, const std::vector<TargetColumn>& target) {
  using cphost::columns::DateTimeInput;
  const bool basic = date_time_input_of(rows) == setting_of(DateTimeInput::kBasic);
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
    const Written written = append_json(column.plan, array, i, text_);
    if (!written && faults_.size() < kFaultsMax) {
      const std::string_view value = std::string_view(text_).substr(written.culprit);
      faults_.push_back(fault_of(written.why, row, column.name, column.type, value));
    }
    text_ += ',';
  }
  if (text_.back() == ',') text_.pop_back();
  text_ += "}\n";
}

}  // namespace clickhouse
