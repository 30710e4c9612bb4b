// SPDX-License-Identifier: Apache-2.0
/* cphost/positions.h: extension "cphost.positions/1" of a source's component: the positions that a
 * source keeps itself, for people to see and to change while no pipe uses them.
 *
 * Texts are in the source's own words: as its users read them elsewhere and write them in a pipe
 * file. They need not be those of `assigned` and `commit` (Kafka: the offset that is read next). */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPHOST_POSITIONS_EXTENSION "cphost.positions/1"

/* Out of list. A text is "" where there is nothing to say. */
typedef struct cphost_kept_stream {
  uint32_t struct_size;
  uint32_t reserved;
  cphost_str name;     /* as in `assigned` */
  cphost_str position; /* where reading goes on; "": nothing is committed */
  cphost_str note;     /* as committed beside it */
  cphost_str first;    /* where what can be read begins */
  cphost_str end;      /* and where it ends */
  cphost_str target;   /* where `to` is in this stream */
  int64_t lag;         /* records from the position to the end, or -1 */
} cphost_kept_stream;

/* Into set; frozen. */
typedef struct cphost_position_change {
  cphost_str name;
  cphost_str position;
} cphost_position_change;

typedef struct cphost_positions {
  uint32_t struct_size;
  uint32_t reserved;

  /* [main] Tells every stream of the source that `self`, made by create, was given the options of;
   *        waits. `to`: a place that all streams have, in the words of the options ("earliest", a
   *        time), or "". CONFIG: `to` is none. RETRY: not reachable now. */
  int32_t (*list)(void* self, cphost_str to, void* ctx,
                  void (*stream)(void* ctx, const cphost_kept_stream*));

  /* [main] All streams that are named go on there, and their notes are removed; durable before it
   *        returns. CONFIG: a stream or position that there is not, and a source that is in use;
   *        nothing is changed then. RETRY: not known. */
  int32_t (*set)(void* self, const cphost_position_change* changes, uint32_t n);
} cphost_positions;

CPHOST_ASSERT_SIZE(cphost_kept_stream, 112);
CPHOST_ASSERT_SIZE(cphost_position_change, 32);
CPHOST_ASSERT_SIZE(cphost_positions, 24);

#ifdef __cplusplus
}
#endif
