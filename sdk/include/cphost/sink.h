// SPDX-License-Identifier: Apache-2.0
/* cphost/sink.h: a sink knows the target and makes blocks of rows durable in it.
 *
 * The host owns every block and passes the same one, with the same token, on a retry; two different
 * blocks share a token only after a write that definitely failed. The host retries, halves and
 * rejects; a sink does not. */
#pragma once

#include "env.h"
#include "options.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Immutable while write runs. */
typedef struct cphost_block {
  uint32_t struct_size;
  uint32_t attempt; /* 0, 1, ...: how often this block was passed before */
  cphost_str token; /* the same for every attempt */
  int64_t rows;     /* numbered 0 .. rows-1 through the slices in order; at least 1 */
  const cphost_slice* slices;
  uint32_t slice_count;
  uint32_t reserved;
} cphost_block;

/* Out of write. */
typedef struct cphost_result {
  uint32_t struct_size;
  uint32_t reserved;
  void* ctx;

  /* With status REJECT: this row is why. */
  void (*reject)(void* ctx, int64_t row, const char* code, cphost_str column, cphost_str text);

  /* With status RETRY: not sooner than in `ms` milliseconds. */
  void (*retry_after)(void* ctx, uint32_t ms);
} cphost_result;

/* Flags of prepare. */
enum {
  CPHOST_DRY_RUN = 1,      /* tell what would be done; do nothing */
  CPHOST_EXACTLY_ONCE = 2, /* check what exactly-once delivery needs of the target */
  CPHOST_ERROR_TABLE =
      4 /* the target is an error table: keep it for the time that its options say */
};

typedef struct cphost_sink {
  uint32_t struct_size;
  uint32_t reserved;

  /* [main] */
  int32_t (*create)(const cphost_env*, const cphost_value* options, void** self);

  /* [main] */
  void (*destroy)(void* self);

  /* [worker] Binds a writer to the columns that its blocks will have; `rows` lives until close.
   *          Fields that the target lacks are CONFIG. */
  int32_t (*open)(void* self, const cphost_env*, const struct ArrowSchema* rows, void** writer);

  /* [worker] Waits until all of the block is durable (OK) or none of it was taken (any other
   *          status); RETRY also means "unknown". AGAIN: an outage in which nothing was taken for
   *          certain (no connection); it says why with env->fail too. Called on a thread kept for
   *          this writer. REJECT without a row: some row is bad; the host halves the block. REOPEN:
   *          the target has changed. */
  int32_t (*write)(void* writer, const cphost_block*, const cphost_result*);

  /* [worker] */
  void (*close)(void* writer);

  /* ---- optional from here on ---- */

  /* [main], and again after REOPEN while workers write; one call at a time. The target's columns
   *        that a pipe may fill: a struct whose fields carry Arrow types, `clickhouse.type` where
   *        ambiguous, and the metadata `cphost.default = 1` where the target fills an absent value.
   *        AGAIN: the target does not exist yet. Absent: takes any rows. The host releases the
   *        schema. */
  int32_t (*describe)(void* self, struct ArrowSchema* target);

  /* [main] Creates the target for `wanted` if it does not exist, checks what `flags` ask; tells the
   *        statements that it runs (or would run) through `text`. */
  int32_t (*prepare)(void* self, const struct ArrowSchema* wanted, uint32_t flags, void* ctx,
                     void (*text)(void* ctx, cphost_str));

  /* [any] The write under way returns RETRY soon. */
  void (*interrupt)(void* writer);
} cphost_sink;

CPHOST_ASSERT_SIZE(cphost_block, 48);
CPHOST_ASSERT_SIZE(cphost_result, 32);
CPHOST_ASSERT_SIZE(cphost_sink, 72);

#ifdef __cplusplus
}
#endif
