// SPDX-License-Identifier: Apache-2.0
/* cphost/source.h: a source reads streams and keeps their positions.
 *
 * A stream is an ordered part of a source with its own position: a Kafka partition, a shard, a
 * file. Its number is chosen by the reader and NEVER used again by that reader: a stream that comes
 * back after a rebalance has a new number, so a late commit for the old assignment can't be
 * mistaken.
 *
 *     assigned -> seek -> (records | reached | reject)* -+-> ended or revoking -> commit, release
 *                                                        +-> lost              -> release
 *
 * The host answers with seek, commit and release; the reader tells all the rest through `events`.
 *
 * A stream delivers nothing before the host's seek. Until release the source does not let go of it
 * (Kafka: unassign).
 *
 * Records are a struct array (arrow profile: sdk/ABI.md). `_value` (binary, nullable) holds the
 * payload; `_key`, `_timestamp` (tsm:UTC) and `_headers` have a meaning too; other columns are the
 * source's own, beginning with '_'. The one column whose field has the metadata
 * `cphost.role = position` (int64 >= 0, or binary) holds each record's position. A source without
 * `_value` emits rows; its pipe has no format. */
#pragma once

#include "env.h"
#include "options.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Out of poll. */
typedef struct cphost_events {
  uint32_t struct_size;
  uint32_t reserved;
  void* ctx;

  /* A stream begins. `position` and `note` as last committed, or "". The name is unique in the
   * source and stable ("orders/7"); the host answers with seek after poll has returned. */
  void (*assigned)(void* ctx, uint64_t stream, cphost_str name, cphost_str position,
                   cphost_str note);

  /* The next records of one stream, in order; the array is moved. At most CPHOST_BATCH_BYTES_MAX
   * bytes. */
  void (*records)(void* ctx, uint64_t stream, struct ArrowArray* records);

  /* Nothing more comes up to and including `position` (a resolved start, compaction, control
   * records). */
  void (*reached)(void* ctx, uint64_t stream, cphost_str position);

  /* What stood at `position` can't become a record (a line over the limit). `head`: its first
   * bytes, at most 64 KiB; `size`: its whole size in bytes. */
  void (*reject)(void* ctx, uint64_t stream, cphost_str position, const char* code, cphost_str text,
                 cphost_str head, uint64_t size);

  /* The stream has no more records, ever: the end of a file, a closed shard, the end of a bounded
   * run. */
  void (*ended)(void* ctx, uint64_t stream);

  /* The stream must be let go within `deadline_ms`; it delivers no more. */
  void (*revoking)(void* ctx, uint64_t stream, uint32_t deadline_ms);

  /* The stream is gone already: nothing may be committed for it. */
  void (*lost)(void* ctx, uint64_t stream);
} cphost_events;

typedef struct cphost_source {
  uint32_t struct_size;
  uint32_t reserved;

  /* [main] Makes the object that a pipe's workers share; thread-safe from then on. Opens no
   *        connection that could wait. CONFIG: options that contradict each other. */
  int32_t (*create)(const cphost_env*, const cphost_value* options, void** self);

  /* [main] The schema of the records; fixed for the life of the object. The host releases it. */
  int32_t (*schema)(void* self, struct ArrowSchema* records);

  /* [main] */
  void (*destroy)(void* self);

  /* [worker] RETRY: not reachable now. CONFIG: wrong credentials, a missing topic. */
  int32_t (*open)(void* self, const cphost_env*, void** reader);

  /* [worker] Waits at most `timeout_ms` for something, fills batches up to the limits, and tells
   *          through `events`. OK: something was told. AGAIN: nothing now. DONE: nothing more,
   *          ever. RETRY: an outage. */
  int32_t (*poll)(void* reader, uint32_t max_records, uint64_t max_bytes, uint32_t timeout_ms,
                  const cphost_events* events);

  /* [worker] Deliver what follows `after`; "": from the configured start. Once a stream, after
   *          assigned. */
  int32_t (*seek)(void* reader, uint64_t stream, cphost_str after);

  /* [worker] Closes also with streams not yet released: a source then leaves its group without a
   *          commit. */
  void (*close)(void* reader);

  /* ---- optional from here on: NULL, or left out by a smaller struct_size ---- */

  /* [worker] Makes positions and notes durable; waits. Many streams at once, each item with its own
   *          status. OK: all of them. Absent, or UNSUPPORTED to n = 0: the host keeps positions and
   *          notes in its journal. */
  int32_t (*commit)(void* reader, cphost_commit* items, uint32_t n);

  /* [worker] The host is done with the stream. */
  void (*release)(void* reader, uint64_t stream);

  /* [worker] While `on`, deliver no records of the stream, and discard nothing. Absent: the host
   *          polls less. */
  int32_t (*pause)(void* reader, uint64_t stream, int32_t on);

  /* [any] The poll under way, or the next one, returns AGAIN at once. */
  void (*interrupt)(void* reader);

  /* [worker] Records known to wait in the streams that the reader holds, or -1. Cheap: asked once a
   *          second. */
  int64_t (*lag)(void* reader);
} cphost_source;

CPHOST_ASSERT_SIZE(cphost_events, 72);
CPHOST_ASSERT_SIZE(cphost_source, 104);

#ifdef __cplusplus
}
#endif
