// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/error_batch.hpp"

namespace cphost::host {

void ErrorBatch::add(const ErrorRow& row, const std::shared_ptr<Span>& span, int64_t now_ms) {
  if (rows_.count() == 0) oldest_ms_ = now_ms;
  const int64_t before = rows_.bytes();
  rows_.add(row);
  budget_.charge(rows_.bytes() - before);
  if (!shares_.empty() && shares_.back().span == span) {
    ++shares_.back().records;
  } else {
    shares_.push_back({span, 1});
  }
}

std::unique_ptr<Block> ErrorBatch::seal(std::string token, bool whole) {
  auto block = std::make_unique<Block>();
  block->rows = rows_.count();
  block->bytes = rows_.bytes();
  block->error_rows = rows_.finish();
  block->shares = std::exchange(shares_, {});
  int64_t at = 0;
  for (const Block::Share& share : block->shares) {
    block->parts.push_back({block->error_rows.get(), nullptr, at, share.records, share.span.get()});
    at += share.records;
  }
  block->seal(std::move(token), whole);
  return block;
}

}  // namespace cphost::host
