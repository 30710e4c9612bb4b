// SPDX-License-Identifier: Apache-2.0
// cphost/testing/out_logs.hpp: `out` tables that remember what a component told through them.
//
//     EventLog log;
//     reader.poll({100, 1 << 20, 0}, log.out());
//     ASSERT_EQ(log[0].kind, EventLog::Kind::kAssigned);
//
// Strings are copied and arrays moved, as the host does. One thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../format.hpp"
#include "../sink.hpp"
#include "../source.hpp"

namespace cphost::testing {

// Out of poll.
class EventLog {
 public:
  enum class Kind { kAssigned, kRecords, kReached, kReject, kEnded, kRevoking, kLost };

  struct Event {
    Kind kind;
    uint64_t stream;
    std::string name = {};
    std::string position = {};
    std::string note = {};
    std::string code = {};
    std::string text = {};
    std::string head = {};
    uint64_t size = 0;  // of what was rejected
    uint32_t deadline_ms = 0;
    UniqueArray records = {};
  };

  EventLog() {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    table_.assigned = [](void* ctx, uint64_t stream, cphost_str name, cphost_str position,
                         cphost_str note) {
      Event& event = self(ctx).add(Kind::kAssigned, stream);
      event.name = view(name);
      event.position = view(position);
      event.note = view(note);
    };
    table_.records = [](void* ctx, uint64_t stream, ArrowArray* records) {
      self(ctx).add(Kind::kRecords, stream).records = UniqueArray(records);
    };
    table_.reached = [](void* ctx, uint64_t stream, cphost_str position) {
      self(ctx).add(Kind::kReached, stream).position = view(position);
    };
    table_.reject = [](void* ctx, uint64_t stream, cphost_str position, const char* code,
                       cphost_str text, cphost_str head, uint64_t size) {
      Event& event = self(ctx).add(Kind::kReject, stream);
      event.position = view(position);
      event.code = code;
      event.text = view(text);
      event.head = view(head);
      event.size = size;
    };
    table_.ended = [](void* ctx, uint64_t stream) { self(ctx).add(Kind::kEnded, stream); };
    table_.revoking = [](void* ctx, uint64_t stream, uint32_t deadline_ms) {
      self(ctx).add(Kind::kRevoking, stream).deadline_ms = deadline_ms;
    };
    table_.lost = [](void* ctx, uint64_t stream) { self(ctx).add(Kind::kLost, stream); };
  }
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  // The wrapper that poll is given; valid as long as the log.
  Events& out() { return out_; }
  const cphost_events* raw() const { return &table_; }

  const std::vector<Event>& events() const { return events_; }
  size_t size() const { return events_.size(); }
  const Event& operator[](size_t i) const { return events_[i]; }
  void clear() { events_.clear(); }

  // The first event of a kind, or null.
  const Event* find(Kind kind) const {
    for (const Event& event : events_) {
      if (event.kind == kind) return &event;
    }
    return nullptr;
  }
  int64_t record_count() const {
    int64_t n = 0;
    for (const Event& event : events_) n += event.records->length;
    return n;
  }

 private:
  static EventLog& self(void* ctx) { return *static_cast<EventLog*>(ctx); }
  Event& add(Kind kind, uint64_t stream) {
    return events_.emplace_back(Event{.kind = kind, .stream = stream});
  }

  cphost_events table_{};
  Events out_{&table_};
  std::vector<Event> events_;
};

// Out of decode.
class RowsLog {
 public:
  struct Reject {
    uint32_t record;
    std::string code;
    std::string column;
    std::string text;
    int64_t byte_offset;
  };

  RowsLog() {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    table_.rows = [](void* ctx, ArrowArray* rows, const uint32_t* record_of_row) {
      RowsLog& log = self(ctx);
      ++log.calls_;
      log.rows_ = UniqueArray(rows);
      log.record_of_row_.clear();
      for (int64_t i = 0; i < log.rows_->length; ++i) {
        log.record_of_row_.push_back(record_of_row != nullptr ? record_of_row[i]
                                                              : static_cast<uint32_t>(i));
      }
    };
    table_.reject = [](void* ctx, uint32_t record, const char* code, cphost_str column,
                       cphost_str text, int64_t byte_offset) {
      self(ctx).rejects_.push_back(
          {record, code, std::string(view(column)), std::string(view(text)), byte_offset});
    };
  }
  RowsLog(const RowsLog&) = delete;
  RowsLog& operator=(const RowsLog&) = delete;

  Rows& out() { return out_; }
  const cphost_rows* raw() const { return &table_; }

  // How often rows() was called; a second time in one decode is a mistake.
  int calls() const { return calls_; }
  int64_t row_count() const { return rows_->length; }
  const ArrowArray& rows() const { return *rows_; }
  const ArrowArray& column(int64_t i) const { return *rows_->children[i]; }
  const std::vector<uint32_t>& record_of_row() const { return record_of_row_; }
  const std::vector<Reject>& rejects() const { return rejects_; }
  void clear() {
    calls_ = 0;
    rows_.reset();
    record_of_row_.clear();
    rejects_.clear();
  }

 private:
  static RowsLog& self(void* ctx) { return *static_cast<RowsLog*>(ctx); }

  cphost_rows table_{};
  Rows out_{&table_};
  int calls_ = 0;
  UniqueArray rows_;
  std::vector<uint32_t> record_of_row_;
  std::vector<Reject> rejects_;
};

// Out of write.
class ResultLog {
 public:
  struct Reject {
    int64_t row;
    std::string code;
    std::string column;
    std::string text;
  };

  ResultLog() {
    table_.struct_size = sizeof table_;
    table_.ctx = this;
    table_.reject = [](void* ctx, int64_t row, const char* code, cphost_str column,
                       cphost_str text) {
      self(ctx).rejects_.push_back({row, code, std::string(view(column)), std::string(view(text))});
    };
    table_.retry_after = [](void* ctx, uint32_t ms) { self(ctx).retry_after_ms_ = ms; };
  }
  ResultLog(const ResultLog&) = delete;
  ResultLog& operator=(const ResultLog&) = delete;

  Result& out() { return out_; }
  const cphost_result* raw() const { return &table_; }

  const std::vector<Reject>& rejects() const { return rejects_; }
  std::optional<uint32_t> retry_after_ms() const { return retry_after_ms_; }
  void clear() {
    rejects_.clear();
    retry_after_ms_.reset();
  }

 private:
  static ResultLog& self(void* ctx) { return *static_cast<ResultLog*>(ctx); }

  cphost_result table_{};
  Result out_{&table_};
  std::vector<Reject> rejects_;
  std::optional<uint32_t> retry_after_ms_;
};

// A block of all rows of one array, for write.
class TestBlock {
 public:
  explicit TestBlock(const ArrowArray& rows, std::string token = "token", uint32_t attempt = 0)
      : token_(std::move(token)), slice_{&rows, 0, rows.length} {
    block_.struct_size = sizeof block_;
    block_.attempt = attempt;
    block_.token = str(token_);
    block_.rows = rows.length;
    block_.slices = &slice_;
    block_.slice_count = 1;
  }
  TestBlock(const TestBlock&) = delete;
  TestBlock& operator=(const TestBlock&) = delete;

  const cphost_block& operator*() const { return block_; }
  const cphost_block* raw() const { return &block_; }

 private:
  std::string token_;
  cphost_slice slice_;
  cphost_block block_{};
};

}  // namespace cphost::testing
