// SPDX-License-Identifier: Apache-2.0
/* cphost/rejects.h: extension "cphost.rejects/1" of a sink that keeps an error table: reads rejects
 * back, so that a host can feed them through the pipe again, and marks those that went in.
 *
 * `read` tells rejects in the order of their time, `mark` gives them their time of replay; what is
 * marked is told no more. A record that was rejected twice is told once and marked everywhere.
 *
 *     read -> mark UNDER_WAY -> (written to the target) -> mark with the time, or OPEN again
 *
 * So a host that died in between finds the records of its last block together again. */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPHOST_REJECTS_EXTENSION "cphost.rejects/1"

/* Marks that are no time of replay. */
enum {
  CPHOST_REJECT_OPEN = 0,     /* not replayed: as it was written */
  CPHOST_REJECT_UNDER_WAY = 1 /* being replayed: whether it went in is not known */
};

typedef struct cphost_rejects_query {
  uint32_t struct_size;
  uint32_t state; /* CPHOST_REJECT_*: told is what is so */
  cphost_str pipe;
  cphost_str code;     /* "": all */
  int64_t since_us;    /* rejected then or later: microseconds since 1970 */
  int64_t after_us;    /* with after_id: behind that reject of an earlier read */
  cphost_str after_id; /* "": from the first */
  uint64_t rows_max;
  uint64_t bytes_max; /* of payloads: fewer rejects than rows_max, but one, when they have more */
} cphost_rejects_query;

typedef struct cphost_rejects {
  uint32_t struct_size;
  uint32_t reserved;

  /* [any] One call at a time. Tells rejects through `rows`, a struct array a
   *       call, moved. Its columns: id `z` (names the record in the table; for mark alone), ts `l`
   *       (microseconds), code `z`, position `z`, topic `z`, partition `i`, offset `l`, record_ts
   *       `tsm:UTC`, key `z`, headers `+m` of `z` and `z`, raw `z`, truncated `C` (1: raw was cut
   *       and is not told). partition to key may be null. AGAIN: the table does not exist. */
  int32_t (*read)(void* self, const cphost_rejects_query* query, void* ctx,
                  void (*rows)(void* ctx, struct ArrowArray* rejects));

  /* [any] Likewise. Waits until the rejects are marked, those aside that have a time of replay;
   *       `mark` is that in milliseconds since 1970, or a CPHOST_REJECT_*. With count 0 it checks
   *       that it may. */
  int32_t (*mark)(void* self, cphost_str pipe, const cphost_str* ids, uint32_t count, int64_t mark);
} cphost_rejects;

CPHOST_ASSERT_SIZE(cphost_rejects_query, 88);
CPHOST_ASSERT_SIZE(cphost_rejects, 24);

#ifdef __cplusplus
}
#endif
