// SPDX-License-Identifier: Apache-2.0
// The rows of one insert: slices of record batches (or of error rows), and which records of which
// spans are settled when it is durable. Made by the worker, handed to a writer thread and handed
// back; never touched by both at once.
//
//     add, add, ... --> seal --> writer (OK: pieces are empty; else: they are what is left)
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <cphost/sink.h>
#include <cphost/arrow.hpp>

#include "host/pipe/record_batch.hpp"
#include "host/plugins/object_env.hpp"

namespace cphost::host {

/// Rows [begin, begin + count) of one array, all of one span. `batch` knows the record of each row;
/// null: row i is record i (error rows).
struct BlockPart {
  const ArrowArray* rows = nullptr;
  std::shared_ptr<RecordBatch> batch;
  int64_t begin = 0;
  int64_t count = 0;
  const Span* span = nullptr;  ///< One of the block's shares.
};

using BlockParts = std::vector<BlockPart>;

int64_t row_count(const BlockParts& parts);

/// A record as a part of a block names it: of that part's batch, or of its array.
struct BlockRecord {
  std::shared_ptr<RecordBatch> batch;
  int64_t record = 0;
  size_t row = 0;  ///< Index of the first of the given rows that is the record's.
  const Span* span = nullptr;
};

/// Takes the records out, whole, to which the rows at `rows` belong. Rows are numbered through the
/// parts, ascend, and may repeat a record; those that `parts` do not have are passed over. Returns
/// the records, each once.
std::vector<BlockRecord> take_records(BlockParts& parts, const std::vector<int64_t>& rows);

/// Two halves, split between records so that none is torn; the second is empty when there is one
/// record only.
std::pair<BlockParts, BlockParts> halves(const BlockParts& parts);

/// What goes out under one token. A block is one piece, or several after it was halved.
struct BlockPiece {
  std::string token;
  BlockParts parts;
  uint32_t attempt = 0;          ///< How often it was passed to the sink.
  bool unknown = false;          ///< Nobody knows whether an attempt was taken.
  int64_t unknown_since_ms = 0;  ///< Since then; monotonic.
  /// The token stands for exactly these rows: all of them are sent or none.
  bool whole = false;

  /// Takes the rows of dropped spans out, which come again elsewhere. While an outcome is unknown
  /// the piece must stay as it is under its token, unless nothing else is in it.
  void leave_out_dropped();
};

struct Block {
  /// A record that the sink refused. A block may be refused whole, and always for one reason: so
  /// refusals share it.
  struct Refusal {
    std::shared_ptr<RecordBatch> batch;
    uint32_t record;
    const Span* span;
    std::shared_ptr<const Rejection> why;
  };
  /// `records` records of `span` are settled when the block is durable.
  struct Share {
    std::shared_ptr<Span> span;
    int64_t records;
  };

  /// Adds the rows of the span, less those of refused records.
  void add(const std::shared_ptr<Span>& span);

  /// Takes the spans of a stream out, when it is lost while the block is still open.
  void remove_stream(uint64_t id);

  /// The sink refused the record.
  void refuse(BlockRecord record, Rejection why);

  /// Nothing more is added: the rows become one piece.
  void seal(std::string token, bool whole = false);

  BlockParts parts;               // while it is open
  std::deque<BlockPiece> pieces;  // once it is sealed: what is not written yet
  std::vector<Share> shares;
  uint64_t stream = 0;  // with exactly-once delivery: whose rows they are, and of which range
  uint64_t range = 0;
  int64_t rows = 0;
  int64_t bytes = 0;
  int64_t born_ms = 0;
  UniqueArray error_rows;  // of a block of the error table: what its one part points to

  // What became of it. AGAIN: the writers were stopped before all of it was written.
  int32_t status = CPHOST_OK;
  Failure failure;
  int64_t rows_written = 0;
  int64_t inserts = 0;  // blocks that the sink took: more than one after halving
  std::vector<Refusal> refusals;

 private:
  void count(const BlockPart& part, int64_t sign);
};

}  // namespace cphost::host
