// SPDX-License-Identifier: Apache-2.0
/* cphost/runs.h: extension "cphost.runs/1" of a sink: which positions of which streams the target
 * holds, and how often, so that a host can prove that nothing is missing or doubled.
 *
 * The target works them out where its rows are; only runs come back, so a table may be of any
 * size. A run is first, first + 1, ... last: positions of one stream that are all there, each in
 * the same number of rows. Two runs of a stream never have a position in common. */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPHOST_RUNS_EXTENSION "cphost.runs/1"

/* Rows in which the column has the value, given as text; `value.data` NULL: in which it is null. */
typedef struct cphost_condition {
  cphost_str column;
  cphost_str value;
} cphost_condition;

typedef struct cphost_runs_query {
  uint32_t struct_size;
  uint32_t stream_column_count;
  const cphost_str* stream_columns; /* whose values, together, tell one stream from another */
  cphost_str position_column;       /* of integers; rows in which it is null do not count */
  const cphost_condition* conditions;
  uint32_t condition_count; /* all of them must hold */
  uint32_t reserved;
  uint64_t runs_max; /* so many at most are told; the rest is left out */
} cphost_runs_query;

typedef struct cphost_runs {
  uint32_t struct_size;
  uint32_t reserved;

  /* [any] One call at a time; `self` is what create made. Tells the runs through `rows`, a struct
   *       array a call, moved: a column `z` for each of the stream columns (its value as text; ""
   *       for null), then the columns first `l`, last `l` and times `L`. Those of a stream come in
   *       order, one stream after the other. AGAIN: the target does not exist. */
  int32_t (*runs)(void* self, const cphost_runs_query* query, void* ctx,
                  void (*rows)(void* ctx, struct ArrowArray* runs));
} cphost_runs;

CPHOST_ASSERT_SIZE(cphost_condition, 32);
CPHOST_ASSERT_SIZE(cphost_runs_query, 56);
CPHOST_ASSERT_SIZE(cphost_runs, 16);

#ifdef __cplusplus
}
#endif
