// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/block.hpp"

#include <algorithm>

namespace cphost::host {
namespace {

int64_t record_of(const BlockPart& part, int64_t row) {
  return part.batch ? part.batch->record_of(row) : row;
}

int64_t first_row(const BlockPart& part, int64_t record) {
  return part.batch ? part.batch->first_row(record) : record;
}

void add_part(BlockParts& to, const BlockPart& like, int64_t begin, int64_t end) {
  if (end > begin) to.push_back({like.rows, like.batch, begin, end - begin, like.span});
}

}  // namespace

int64_t row_count(const BlockParts& parts) {
  int64_t rows = 0;
  for (const BlockPart& part : parts) rows += part.count;
  return rows;
}

std::vector<BlockRecord> take_records(BlockParts& parts, const std::vector<int64_t>& rows) {
  std::vector<BlockRecord> taken;
  BlockParts kept;
  int64_t before = 0;  // rows of the parts passed
  size_t next = 0;
  while (next < rows.size() && rows[next] < 0) ++next;
  for (const BlockPart& part : parts) {
    const int64_t stop = part.begin + part.count;
    int64_t at = part.begin;  // rows of this part before it are kept or taken already
    for (; next < rows.size() && rows[next] < before + part.count; ++next) {
      const int64_t row = part.begin + rows[next] - before;
      if (row < at) continue;  // of a record that is taken already
      const int64_t record = record_of(part, row);
      add_part(kept, part, at, std::max(at, first_row(part, record)));
      at = std::min(stop, first_row(part, record + 1));
      taken.push_back({part.batch, record, next, part.span});
    }
    add_part(kept, part, at, stop);
    before += part.count;
  }
  parts = std::move(kept);
  return taken;
}

std::pair<BlockParts, BlockParts> halves(const BlockParts& parts) {
  const int64_t middle = row_count(parts) / 2;
  std::pair<BlockParts, BlockParts> out;
  int64_t seen = 0;
  bool split = false;
  for (const BlockPart& p : parts) {
    const int64_t stop = p.begin + p.count;
    if (split || seen + p.count <= middle) {
      (split ? out.second : out.first).push_back(p);
      seen += p.count;
      continue;
    }
    // The record that stands in the middle goes into the second half, whole; unless nothing would
    // be left for the first.
    const int64_t record = record_of(p, p.begin + (middle - seen));
    int64_t cut = std::max(p.begin, first_row(p, record));
    if (seen == 0 && cut == p.begin) cut = std::min(stop, first_row(p, record + 1));
    add_part(out.first, p, p.begin, cut);
    add_part(out.second, p, cut, stop);
    split = true;
  }
  return out;
}

void BlockPiece::leave_out_dropped() {
  const auto is_dropped = [](const BlockPart& part) { return part.span && part.span->dropped; };
  if (whole) {  // while the spans of a stream are being dropped, some are and some are not yet
    if (!parts.empty() && is_dropped(parts.front())) parts.clear();
    return;
  }
  if (unknown && !std::all_of(parts.begin(), parts.end(), is_dropped)) return;
  std::erase_if(parts, is_dropped);
}

void Block::add(const std::shared_ptr<Span>& span) {
  const RecordBatch& batch = *span->batch;
  const BlockPart whole{&batch.columns(), span->batch, 0, 0, span.get()};
  const size_t parts_before = parts.size();
  int64_t begin = batch.first_row(span->begin);
  const int64_t end = batch.first_row(span->end);
  if (batch.excluded_count(span->begin, span->end) > 0) {
    for (int64_t record = span->begin; record < span->end; ++record) {
      if (!batch.excluded(record)) continue;
      add_part(parts, whole, begin, batch.first_row(record));
      begin = batch.first_row(record + 1);
    }
  }
  add_part(parts, whole, begin, end);
  for (size_t i = parts_before; i < parts.size(); ++i) count(parts[i], 1);
  shares.push_back({span, span->with_rows});
}

void Block::count(const BlockPart& part, int64_t sign) {
  rows += sign * part.count;
  const RecordBatch& batch = *part.batch;
  if (batch.row_count() > 0) bytes += sign * (batch.bytes() * part.count / batch.row_count());
}

void Block::remove_stream(uint64_t id) {
  std::erase_if(parts, [&](const BlockPart& p) {
    const bool gone = p.span->stream == id;
    if (gone) count(p, -1);
    return gone;
  });
  std::erase_if(shares, [&](const Share& share) { return share.span->stream == id; });
}

void Block::refuse(BlockRecord record, Rejection why) {
  const bool known = !refusals.empty() && *refusals.back().why == why;
  auto reason = known ? refusals.back().why : std::make_shared<const Rejection>(std::move(why));
  refusals.push_back({std::move(record.batch), static_cast<uint32_t>(record.record), record.span,
                      std::move(reason)});
}

void Block::seal(std::string token, bool whole) {
  pieces.push_back({std::move(token), std::move(parts), 0, false, 0, whole});
  parts.clear();
}

}  // namespace cphost::host
