// SPDX-License-Identifier: Apache-2.0
// What a writer does with a block: open the sink, write piece by piece, wait outages out, take
// refused records out.
#include <algorithm>
#include <chrono>
#include <utility>

#include "host/pipe/safeguard.hpp"
#include "host/pipe/writer.hpp"

namespace cphost::host {

// Writes the pieces of a block one after the other. A block that comes back unwritten holds what is
// left of it, under the tokens under which it was tried: it must neither be written twice nor be
// taken for other rows. False when the thread was left behind: then this object may be gone.
bool Writers::write_block(Writer& writer, Block& block) {
  block.status = CPHOST_OK;
  while (block.status == CPHOST_OK && !block.pieces.empty()) {
    BlockPiece& piece = block.pieces.front();
    if (!open(writer, block)) return false;
    if (block.status != CPHOST_OK) return true;
    if (in_force(Safeguard::kEpoch)) piece.leave_out_dropped();
    const int64_t rows = row_count(piece.parts);
    if (rows == 0) {
      block.pieces.pop_front();
      continue;
    }
    if (forgotten(piece)) {
      block.status = CPHOST_HALT;
      block.failure = {CPHOST_HALT, "DEDUP_WINDOW",
                       "for longer than dedup_window it is not known whether a block was written, "
                       "and the target may have forgotten it (" +
                           piece.token + ")"};
      return true;
    }
    switch (const int32_t status = write_once(writer, block, piece)) {
      case CPHOST_OK:
        block.rows_written += rows;
        ++block.inserts;
        block.pieces.pop_front();
        writer.outage.recovered();
        writer.backoff.reset();
        break;
      case CPHOST_RETRY:
        if (!piece.unknown) piece.unknown_since_ms = monotonic_ms();
        piece.unknown = true;
        wait_out(writer, block);
        break;
      case CPHOST_AGAIN:
        wait_out(writer, block);
        break;
      case CPHOST_REJECT:
        piece.unknown = false;
        reject(writer, block);
        break;
      default:
        block.status = status < 0 ? status : CPHOST_FATAL;
        if (status == CPHOST_HALT) stop_ = true;  // not one more block
        close(writer);
    }
  }
  return true;
}

// The target may not know the token any more, if it ever did.
bool Writers::forgotten(const BlockPiece& piece) const {
  return piece.whole && piece.unknown &&
         monotonic_ms() - piece.unknown_since_ms >= settings_.dedup_window_ms;
}

// Opens the sink's writer unless it is open, waiting out an outage. On failure, and when the
// writers are to stop, the block has the reason. False when the thread was left behind.
bool Writers::open(Writer& writer, Block& block) {
  for (;;) {
    if (stopping()) {
      block.status = CPHOST_AGAIN;
      return true;
    }
    if (writer.object) return true;
    int32_t status = CPHOST_OK;
    Failure failure;
    if (!open_once(writer, status, failure)) return false;
    if (writer.object) return true;
    if (status != CPHOST_RETRY) {
      block.status = status < 0 ? status : CPHOST_FATAL;
      block.failure = failure;
      return true;
    }
    ++retries_;
    writer.outage.failed(failure);
    wait_before_retry(writer.backoff.next_ms());
  }
}

// After the sink's call only the writer is touched, until it is clear that it was not left behind.
bool Writers::open_once(Writer& writer, int32_t& status, Failure& failure) {
  {
    const std::lock_guard lock(writer.object_mutex);
    writer.opening = true;
  }
  void* object = nullptr;
  status = writer.sink.sink.open(writer.sink_object, writer.env.raw(), writer.rows->get(), &object);
  if (status != CPHOST_OK || !object) {
    object = nullptr;
    failure = writer.env.take_failure(status);
  }
  const std::lock_guard lock(writer.object_mutex);
  writer.opening = false;
  if (writer.left_behind) {
    if (object) writer.sink.sink.close(object);
    return false;
  }
  writer.object = object;
  return true;
}

int32_t Writers::write_once(Writer& writer, Block& block, BlockPiece& piece) {
  writer.named.clear();
  writer.retry_after_ms = 0;
  writer.slices.clear();
  for (const BlockPart& part : piece.parts) {
    writer.slices.push_back({part.rows, part.begin, part.count});
  }
  const cphost_block sent = {sizeof sent,
                             piece.attempt++,
                             {piece.token.data(), piece.token.size()},
                             row_count(piece.parts),
                             writer.slices.data(),
                             static_cast<uint32_t>(writer.slices.size()),
                             0};
  // noexcept: nothing may be thrown through the sink.
  const cphost_result result = {
      sizeof result, 0, &writer,
      [](void* ctx, int64_t row, const char* code, cphost_str column, cphost_str text) noexcept {
        static_cast<Writer*>(ctx)->named.push_back(
            {row, Rejection::told(Rejection::Stage::kSink, code, column, text)});
      },
      [](void* ctx, uint32_t ms) noexcept { static_cast<Writer*>(ctx)->retry_after_ms = ms; }};
  const int32_t status = sink_.sink.write(writer.object, &sent, &result);
  if (status != CPHOST_OK) block.failure = writer.env.take_failure(status);
  return status;
}

// Waits until the block may be tried again, under the same token; unchanged if nobody knows whether
// it was taken.
void Writers::wait_out(Writer& writer, Block& block) {
  if (stopping()) return;
  ++retries_;
  writer.outage.failed(block.failure);
  wait_before_retry(writer.backoff.next_ms(writer.retry_after_ms));
}

// The first piece was refused, and nothing of it was taken.
void Writers::reject(Writer& writer, Block& block) {
  if (writer.named.empty()) return halve(block);
  const int64_t before = row_count(block.pieces.front().parts);
  refuse_named(writer, block);
  if (row_count(block.pieces.front().parts) < before) return;
  block.status = CPHOST_FATAL;
  block.failure = {CPHOST_FATAL, "MISBEHAVING",
                   "the sink refused rows that the block does not have"};
}

// Takes out the records of the rows that the sink named; the rest keeps its token.
void Writers::refuse_named(Writer& writer, Block& block) {
  std::stable_sort(writer.named.begin(), writer.named.end(),
                   [](const auto& a, const auto& b) { return a.row < b.row; });
  std::vector<int64_t> rows;
  for (const Writer::NamedRow& named : writer.named) rows.push_back(named.row);
  for (BlockRecord& taken : take_records(block.pieces.front().parts, rows)) {
    Rejection& why = writer.named[taken.row].why;
    block.refuse(std::move(taken), std::move(why));
  }
}

// The sink can't name the record that it refuses. The whole has failed for certain, so each half
// may go under a token of its own; a record that is refused alone is the one.
void Writers::halve(Block& block) {
  BlockPiece whole = std::move(block.pieces.front());
  block.pieces.pop_front();
  auto [first, second] = halves(whole.parts);
  if (second.empty()) {
    const BlockPart& part = first.front();
    const int64_t record = part.batch ? part.batch->record_of(part.begin) : part.begin;
    block.refuse({part.batch, record, 0, part.span},
                 {Rejection::Stage::kSink, block.failure.code, "", block.failure.text, -1});
    return;
  }
  if (whole.whole) {  // what goes under which token has to be noted first
    block.pieces.push_front(std::move(whole));
    block.status = CPHOST_REJECT;
    return;
  }
  block.pieces.push_front({whole.token + "/1", std::move(second), 0, false, 0, false});
  block.pieces.push_front({whole.token + "/0", std::move(first), 0, false, 0, false});
}

void Writers::wait_before_retry(int64_t delay_ms) {
  std::unique_lock lock(mutex_);
  stop_signal_.wait_for(lock, std::chrono::milliseconds(delay_ms), [&] { return stopping(); });
}

}  // namespace cphost::host
