// SPDX-License-Identifier: Apache-2.0
// One stream as the host sees it: which spans are open, and the contiguous watermark behind them.
// Worker's thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

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
  /// In order; the watermark passes settled ones at the front only.
  std::deque<std::shared_ptr<Span>> open;

  /// Its start was resolved by the source just now. Until it is committed nothing of it is written:
  /// a crash in between would move the start and skip what was read but not written.
  bool start_pending = false;
  bool ending = false;  ///< Delivers no more; released when all of it is settled.
  bool paused = false;  ///< The source was asked to hold it.
  /// A stream that is revoked is let go then, whatever is open. -1: none.
  int64_t deadline_ms = -1;

  bool settled() const { return open.empty(); }
  bool has_news() const { return committed != watermark; }
  bool overdue(int64_t now_ms) const { return deadline_ms >= 0 && now_ms >= deadline_ms; }

  /// The watermark is durable.
  void mark_committed() {
    committed = watermark;
    start_pending = false;
  }

  /// Nothing more comes up to `position`.
  void reach(std::string_view position);

  /// Moves the watermark over settled spans; returns how many filtered records it passed.
  int64_t advance();
};

}  // namespace cphost::host
