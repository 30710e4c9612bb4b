// SPDX-License-Identifier: Apache-2.0
// One stream as the host sees it: which spans are open, the contiguous watermark behind them and,
// with exactly-once delivery, the ranges that they belong to. Worker's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "host/pipe/range.hpp"
#include "host/pipe/record_batch.hpp"

namespace cphost::host {

struct Stream {
  uint64_t id = 0;
  std::string name;
  /// Every record up to here is inserted, in the error table, or has no rows.
  std::string watermark;
  /// What the source (or the journal) has of it.
  std::string committed;
  /// Kept beside the committed position; at-least-once delivery leaves it as it was found.
  std::string note;
  bool note_is_old = false;  ///< The ranges have changed since it was made durable.
  /// In order; the watermark passes settled ones at the front only.
  std::deque<std::shared_ptr<Span>> open;
  /// In order, each behind the one before; only the last one may be filling. Empty with
  /// at-least-once delivery.
  std::deque<std::unique_ptr<Range>> ranges;
  uint64_t last_range = 0;  ///< Number of the range made last.

  /// Its start was resolved by the source just now. Until it is committed nothing of it is written:
  /// a crash in between would move the start and skip what was read but not written.
  bool start_pending = false;
  bool ending = false;  ///< Delivers no more; released when all of it is settled.
  bool paused = false;  ///< The source was asked to hold it.
  /// A stream that is revoked is let go then, whatever is open. -1: none.
  int64_t deadline_ms = -1;

  bool settled() const;
  bool has_news() const { return committed != watermark || note_is_old; }
  bool overdue(int64_t now_ms) const { return deadline_ms >= 0 && now_ms >= deadline_ms; }

  /// Watermark and note are durable; so what is sealed may be sent.
  void mark_committed();

  /// Nothing more comes up to `position`.
  void reach(std::string_view position);

  /// Moves the watermark over settled spans; returns how many filtered records it passed.
  int64_t advance();

  // Ranges

  /// Begins one behind all others.
  Range& add_range(Range::State state);
  /// The rest of `range`, right behind it: what was cut off before and is not sent yet, or a new
  /// one.
  Range& rest_of(const Range& range);
  Range* find_range(uint64_t number);
  /// The one of the note that has the record at `position`, or null: none has.
  Range* noted_range(std::string_view position);
  /// The note has room for one more.
  bool can_seal() const;
  /// And for one that is a part of another.
  bool can_cut() const;
  /// Some range may yet change without more records.
  bool has_work() const;
  /// The note that tells of the ranges as they are.
  Note pending(uint32_t recipe) const;
  /// No more comes here. What came of ranges that are being replayed comes again elsewhere; returns
  /// how many records.
  int64_t forget_replays();
};

}  // namespace cphost::host
