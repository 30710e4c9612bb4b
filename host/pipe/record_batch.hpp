// SPDX-License-Identifier: Apache-2.0
// A record batch and the rows that its records became, side by side, and the runs of its records
// ("spans") that are resolved as one. A batch lives until its last span is resolved: a rejected
// record goes to the error table whole, and a changed table means decoding again. Used by the
// worker's thread; writers read `columns()` of batches whose blocks they hold.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <cphost/abi.h>

#include "host/pipe/gather.hpp"
#include "host/pipe/memory_budget.hpp"

namespace cphost::host {

class Binding;

/// Why a record was refused.
struct Rejection {
  enum class Stage : uint8_t { kSource = 1, kFormat = 2, kSink = 3 };
  Stage stage = Stage::kFormat;
  std::string code;
  std::string column;
  std::string text;
  int64_t byte_offset = -1;

  bool operator==(const Rejection&) const = default;

  /// As a plugin told it, cut to a sane length.
  static Rejection told(Stage stage, const char* code, cphost_str column, cphost_str text,
                        int64_t byte_offset = -1);
};

class RecordBatch {
 public:
  /// Takes `records`; charges them to `budget`, which outlives the batch.
  RecordBatch(const Binding& binding, ArrowArray* records, MemoryBudget& budget);
  ~RecordBatch();
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;

  /// What decoding gave: called by the worker through the format's `rows` table, once a decoding.
  void take_rows(ArrowArray* rows, const uint32_t* record_of_row);

  /// Puts rows and the source's own columns side by side. After decoding, before any span is added
  /// to a block. Throws std::runtime_error when the rows are not what a format may give.
  void join(const Binding& binding);

  /// Forgets rows and columns, to be decoded again by another binding. Excluded records stay
  /// excluded.
  void forget_rows();

  const ArrowArray& records() const { return records_; }
  int64_t record_count() const { return records_.length; }
  int64_t row_count() const { return columns_.length; }

  /// The columns of the sink's rows schema; what slices point to.
  const ArrowArray& columns() const { return columns_; }

  /// Position of a record, as text.
  std::string position(int64_t record) const;

  /// Rows of records [begin, end) are [first_row(begin), first_row(end)).
  int64_t first_row(int64_t record) const;
  int64_t record_of(int64_t row) const;

  /// Records in [begin, end) that have at least one row and are not excluded.
  int64_t records_with_rows(int64_t begin, int64_t end) const;

  /// Marks a record whose rows go into no block any more: it was refused, or they are written.
  /// False if it was marked already.
  bool exclude(int64_t record);
  bool excluded(int64_t record) const {
    return !excluded_.empty() && excluded_[static_cast<size_t>(record)];
  }
  int64_t excluded_count(int64_t begin, int64_t end) const;

  /// When it was decoded last, in the time of monotonic_ms().
  int64_t decoded_ms = 0;

  /// Bytes of rows and records, as charged.
  int64_t bytes() const { return charged_; }

 private:
  void charge(int64_t bytes);
  void check_rows(const Binding& binding) const;

  ArrowArray records_{};
  ArrowArray rows_{};
  ArrowArray columns_{};
  std::vector<ArrowArray*> column_pointers_;
  std::vector<std::unique_ptr<GatheredArray>> gathered_;
  std::vector<uint32_t> record_of_row_;  // empty: one to one
  std::vector<bool> excluded_;           // empty: none
  bool one_to_one_ = true;
  int position_column_;
  bool position_is_integer_;
  MemoryBudget& budget_;
  int64_t charged_ = 0;
  int64_t charged_for_records_ = 0;
  const void* no_buffer_ = nullptr;
};

/// Records [begin, end) of one batch, all of one stream, that the stream's watermark passes at
/// once; or only a position. A batch is one span.
struct Span {
  std::shared_ptr<RecordBatch> batch;  // null: only a position, or a record that the source refused
  uint64_t stream = 0;
  uint64_t range = 0;  // of its stream, that it belongs to; 0: none
  int64_t begin = 0;
  int64_t end = 0;
  std::string last;       // position of the last record
  int64_t with_rows = 0;  // records whose rows wait in a block
  int64_t filtered = 0;   // records that became zero rows and were not refused
  int64_t unsettled = 0;  // records neither inserted nor in the error table; 0: resolved
  bool has(int64_t record) const { return record >= begin && record < end; }

  // Its stream is gone: what is still done for it counts no more, and writers leave it out.
  std::atomic<bool> dropped{false};
};

}  // namespace cphost::host
