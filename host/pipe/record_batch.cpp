// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/record_batch.hpp"

#include <algorithm>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <cphost/arrow.hpp>

#include "host/pipe/arrow_size.hpp"
#include "host/pipe/binding.hpp"

namespace cphost::host {
namespace {

// What a batch costs besides its buffers: the structs, the map, the bookkeeping of spans.
constexpr int64_t kOverheadBytes = 4096;

constexpr size_t kReasonBytesMax = 8192;

std::string cut(std::string_view text) {
  return std::string(text.substr(0, kReasonBytesMax));
}

}  // namespace

Rejection Rejection::told(Stage stage, const char* code, cphost_str column, cphost_str text,
                          int64_t byte_offset) {
  const auto view = [](cphost_str s) {
    return s.data ? std::string_view(s.data, static_cast<size_t>(s.size)) : std::string_view();
  };
  return {stage, cut(code ? code : "NOT_TOLD"), cut(view(column)), cut(view(text)), byte_offset};
}

RecordBatch::RecordBatch(const Binding& binding, ArrowArray* records, MemoryBudget& budget)
    : records_(std::exchange(*records, {})),
      position_column_(binding.position_column()),
      position_is_integer_(binding.position_is_integer()),
      budget_(budget) {
  charge(kOverheadBytes + array_bytes(binding.records_schema(), records_));
  charged_for_records_ = charged_;
}

RecordBatch::~RecordBatch() {
  gathered_.clear();
  if (rows_.release) rows_.release(&rows_);  // before the records: rows may point into them
  if (records_.release) records_.release(&records_);
  budget_.release(charged_);
}

void RecordBatch::charge(int64_t bytes) {
  budget_.charge(bytes);
  charged_ += bytes;
}

void RecordBatch::take_rows(ArrowArray* rows, const uint32_t* record_of_row) {
  if (rows_.release) rows_.release(&rows_);
  rows_ = std::exchange(*rows, {});
  one_to_one_ = record_of_row == nullptr;
  record_of_row_.clear();
  if (record_of_row) record_of_row_.assign(record_of_row, record_of_row + rows_.length);
}

// What would make us read beyond a buffer, or count a record as written that has no row. Once a
// batch, and a comparison a row where rows are not records.
void RecordBatch::check_rows(const Binding& binding) const {
  const auto fail = [](const std::string& what) {
    throw std::runtime_error("the format misbehaves: " + what);
  };
  if (rows_.n_children != binding.format_schema().n_children) {
    fail("its rows have " + std::to_string(rows_.n_children) + " columns, its schema has " +
         std::to_string(binding.format_schema().n_children));
  }
  if (one_to_one_ && rows_.length != records_.length) {
    fail(std::to_string(rows_.length) + " rows of " + std::to_string(records_.length) +
         " records, and not said which row is of which record");
  }
  uint32_t last = 0;
  for (const uint32_t record : record_of_row_) {
    if (record < last || record >= records_.length) {
      fail("a row of record " + std::to_string(record) + " behind one of record " +
           std::to_string(last) + ", in a batch of " + std::to_string(records_.length));
    }
    last = record;
  }
}

void RecordBatch::join(const Binding& binding) {
  if (binding.has_format()) {
    if (rows_.length == 0) one_to_one_ = false;  // no record became a row
    if (rows_.release) {
      check_rows(binding);
      charge(array_bytes(binding.format_schema(), rows_));
    }
    for (int64_t i = 0; i < rows_.n_children; ++i) column_pointers_.push_back(rows_.children[i]);
  }
  const int64_t count = binding.has_format() ? rows_.length : records_.length;
  if (count > 0 || column_pointers_.empty()) {
    for (const int column : binding.record_columns()) {
      ArrowArray* from = records_.children[column];
      if (!one_to_one_) {
        const ArrowSchema& schema = *binding.records_schema().children[column];
        gathered_.push_back(std::make_unique<GatheredArray>(schema, *from, record_of_row_));
        from = gathered_.back()->array();
        charge(array_bytes(schema, *from));
      }
      column_pointers_.push_back(from);
    }
  }
  columns_ = {};
  columns_.length = count;
  columns_.n_buffers = 1;
  columns_.buffers = &no_buffer_;
  columns_.n_children = static_cast<int64_t>(column_pointers_.size());
  columns_.children = column_pointers_.data();
}

void RecordBatch::forget_rows() {
  gathered_.clear();
  column_pointers_.clear();
  if (rows_.release) rows_.release(&rows_);
  rows_ = {};
  columns_ = {};
  record_of_row_.clear();
  one_to_one_ = true;
  charge(charged_for_records_ - charged_);
}

std::string RecordBatch::position(int64_t record) const {
  const ArrowArray& column = *records_.children[position_column_];
  return position_is_integer_ ? std::to_string(value_at<int64_t>(column, record))
                              : std::string(bytes_at(column, record));
}

int64_t RecordBatch::first_row(int64_t record) const {
  if (one_to_one_) return record;
  const auto at = std::lower_bound(record_of_row_.begin(), record_of_row_.end(), record,
                                   [](uint32_t a, int64_t b) { return a < b; });
  return at - record_of_row_.begin();
}

int64_t RecordBatch::record_of(int64_t row) const {
  return one_to_one_ ? row : record_of_row_[static_cast<size_t>(row)];
}

int64_t RecordBatch::records_with_rows(int64_t begin, int64_t end) const {
  if (one_to_one_) return end - begin - excluded_count(begin, end);
  int64_t count = 0;
  int64_t last = -1;
  for (int64_t row = first_row(begin), stop = first_row(end); row < stop; ++row) {
    const int64_t record = record_of(row);
    count += record != last && !excluded(record);
    last = record;
  }
  return count;
}

bool RecordBatch::exclude(int64_t record) {
  if (excluded_.empty()) excluded_.resize(static_cast<size_t>(records_.length));
  if (excluded_[static_cast<size_t>(record)]) return false;
  excluded_[static_cast<size_t>(record)] = true;
  return true;
}

int64_t RecordBatch::excluded_count(int64_t begin, int64_t end) const {
  if (excluded_.empty()) return 0;
  return std::count(excluded_.begin() + begin, excluded_.begin() + end, true);
}

}  // namespace cphost::host
