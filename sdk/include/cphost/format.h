// SPDX-License-Identifier: Apache-2.0
/* cphost/format.h: a format turns the bytes of records into rows of typed columns.
 *
 * decode is a pure function of one record batch: no I/O, clock, randomness or locale. The same
 * bytes give the same rows on every machine: a replayed range of records must become the same block
 * again.
 *
 * The wanted schema holds the target's columns that the pipe fills from the record. Each field
 * carries its path in the record as metadata `cphost.path` (default: its name; '.' descends, a
 * literal dot is '\.'), and the ClickHouse type as `ARROW:extension:name = clickhouse.type`,
 * `ARROW:extension:metadata = <type>` where Arrow's type alone is ambiguous. A null or absent field
 * is a null whatever the column's type: the sink knows the defaults. Where a nullable target has a
 * DEFAULT, the wanted field carries `cphost.absent = 1`; the format then adds a bool column with
 * the metadata `cphost.absent = NAME` that is true where NAME was absent. */
#pragma once

#include "env.h"
#include "options.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Out of decode. */
typedef struct cphost_rows {
  uint32_t struct_size;
  uint32_t reserved;
  void* ctx;

  /* At most once a decode; the array is moved. `record_of_row` names the record of each row, never
   * decreases, is copied, and is NULL when row i is record i. A record without a row is filtered or
   * rejected. */
  void (*rows)(void* ctx, struct ArrowArray* rows, const uint32_t* record_of_row);

  /* Record `record` cannot become rows: a stable code ("JSON_SYNTAX"), the column's path or "", and
   * a sentence that says the value (shortened) and what was wanted. `byte_offset` in the payload,
   * or -1. Such a record has no rows. */
  void (*reject)(void* ctx, uint32_t record, const char* code, cphost_str column, cphost_str text,
                 int64_t byte_offset);
} cphost_rows;

typedef struct cphost_format {
  uint32_t struct_size;
  uint32_t reserved;

  /* [main] */
  int32_t (*create)(const cphost_env*, const cphost_value* options, void** self);

  /* [main] */
  void (*destroy)(void* self);

  /* [worker] Binds a decoder: column `column` of `records` holds the bytes; `wanted` is a struct of
   *          the wanted columns, or NULL: whatever the format likes. Fills `rows` with the columns
   *          that decode will emit, in its order; the host releases it after close. `records` and
   *          `wanted` live until close. CONFIG: a column that the format can't fill. */
  int32_t (*open)(void* self, const cphost_env*, const struct ArrowSchema* records, uint32_t column,
                  const struct ArrowSchema* wanted, struct ArrowSchema* rows, void** decoder);

  /* [worker] Records outlive the rows made of them, so rows may point into them. Returns OK also
   *          with rejects. */
  int32_t (*decode)(void* decoder, const struct ArrowArray* records, const cphost_rows* out);

  /* [worker] Rows that were handed out stay valid until they are released. */
  void (*close)(void* decoder);

  /* ---- optional from here on ---- */

  /* [main] The columns, with types, that the sample suggests, for a table yet to be made. */
  int32_t (*infer)(void* self, const struct ArrowSchema* records, uint32_t column,
                   const struct ArrowArray* sample, struct ArrowSchema* columns);
} cphost_format;

CPHOST_ASSERT_SIZE(cphost_rows, 32);
CPHOST_ASSERT_SIZE(cphost_format, 56);

#ifdef __cplusplus
}
#endif
