// SPDX-License-Identifier: Apache-2.0
// Record batches with rows, made without a format or a source.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <cphost/schema.hpp>

#include "host/pipe/binding.hpp"
#include "host/pipe/memory_budget.hpp"
#include "host/pipe/record_batch.hpp"
#include "host/pipe/testing/arrays.hpp"

namespace cphost::host::testing {

/// Records have _value and _offset (100, 101, ... through all batches); rows have row (l) and, for
/// a sink that takes any rows, _offset.
class BatchMaker {
 public:
  BatchMaker() {
    config_.format.emplace();
    records_ = Schema{{"_value", "z"}, {"_offset", "l", {{"cphost.role", "position"}}}}.to_arrow();
    binding_ = bound();
  }

  Binding& binding() { return *binding_; }
  MemoryBudget& budget() { return budget_; }
  const ArrowSchema& records_schema() const { return *records_.get(); }

  std::unique_ptr<Binding> bound() const {
    auto binding = std::make_unique<Binding>(config_, *records_.get(), nullptr);
    binding->complete(Schema{{"row", "l"}}.to_arrow());
    return binding;
  }

  std::shared_ptr<RecordBatch> batch(size_t records) {
    std::vector<std::optional<std::string>> values(records, "0123456789");
    std::vector<int64_t> positions(records);
    for (int64_t& position : positions) position = next_position_++;
    UniqueArray array = struct_array({bytes_column(values), fixed_column(positions)});
    ArrowArray moved = array.move_out();
    return std::make_shared<RecordBatch>(*binding_, &moved, budget_);
  }

  /// Gives the batch rows[i] rows for record i; without a map where each has one and `map` is
  /// false.
  void give_rows(RecordBatch& batch, const std::vector<int>& rows, bool map = true) {
    std::vector<uint32_t> records;
    std::vector<int64_t> numbers;
    for (size_t record = 0; record < rows.size(); ++record) {
      for (int i = 0; i < rows[record]; ++i) {
        numbers.push_back(static_cast<int64_t>(records.size()));
        records.push_back(static_cast<uint32_t>(record));
      }
    }
    UniqueArray array = struct_array({fixed_column(numbers)});
    ArrowArray moved = array.move_out();
    batch.take_rows(&moved, map ? records.data() : nullptr);
    batch.join(*binding_);
  }

  std::shared_ptr<Span> span(uint64_t stream, const std::vector<int>& rows) {
    auto span = std::make_shared<Span>();
    span->batch = batch(rows.size());
    give_rows(*span->batch, rows);
    span->stream = stream;
    span->end = static_cast<int64_t>(rows.size());
    span->with_rows = span->batch->records_with_rows(0, span->end);
    span->unsettled = span->with_rows;
    return span;
  }

  std::atomic<int64_t> memory{0};

 private:
  PipeConfig config_;
  UniqueSchema records_;
  std::unique_ptr<Binding> binding_;
  MemoryBudget budget_{1 << 30, memory};
  int64_t next_position_ = 100;
};

}  // namespace cphost::host::testing
