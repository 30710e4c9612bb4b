// SPDX-License-Identifier: Apache-2.0
// Rows of the error table that are gathered for one block, and the records that they stand for.
// Charged to the budget of its worker while it lives.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "host/pipe/block.hpp"
#include "host/pipe/error_rows.hpp"
#include "host/pipe/memory_budget.hpp"

namespace cphost::host {

class ErrorBatch {
 public:
  explicit ErrorBatch(MemoryBudget& budget) : budget_(budget) {}
  ErrorBatch(const ErrorBatch&) = delete;
  ErrorBatch& operator=(const ErrorBatch&) = delete;
  ~ErrorBatch() { budget_.release(rows_.bytes()); }

  /// The row stands for one record of `span`.
  void add(const ErrorRow& row, const std::shared_ptr<Span>& span, int64_t now_ms);

  /// All of it as a block, whose bytes stay charged until its owner releases them.
  std::unique_ptr<Block> seal(std::string token, bool whole);

  int64_t count() const { return rows_.count(); }
  int64_t bytes() const { return rows_.bytes(); }
  int64_t oldest_ms() const { return oldest_ms_; }

 private:
  MemoryBudget& budget_;
  ErrorRows rows_;
  std::vector<Block::Share> shares_;
  int64_t oldest_ms_ = 0;
};

}  // namespace cphost::host
