// SPDX-License-Identifier: Apache-2.0
/* cphost/abi.h: the rules of the contract, and the values that cross it. Read this first.
 *
 *     source -- records --> format -- rows --> sink           one pipe
 *     create --> open --> work ... --> close --> destroy      every object, and every call of it
 *                                                             may fail
 *
 * Four rules cover every function of the SDK.
 *
 * 1. What is passed IN is valid for the call, unless it says longer. What comes OUT goes through
 *    the `out` table that the call was given (events, rows, result): its strings are copied and its
 *    Arrow structs are moved before the function of the table returns. So no memory of one side is
 *    ever freed by the other, Arrow's own `release` aside.
 * 2. A function returns a status: what the HOST must do now. Before it returns a negative one it
 *    says why, with env->fail, on the same thread.
 * 3. [main]   one call at a time per object, before any worker or after all of them.
 *    [worker] one thread at a time per object.
 *    [any]    at any time, from any thread. Only what is marked [any] may be called from threads
 *             that the plugin started itself.
 *    The host calls no function of an object from inside that object's `out` table.
 * 4. Tables (descriptors, function tables, env, out, block) begin with `struct_size` and grow at
 *    the end only; whoever reads one looks at a member only if it lies inside. Values (str, value,
 *    slice, commit) are frozen. Reserved members are 0.
 *
 * A plugin does not print, exit, fork, install signal handlers, change the locale or the directory,
 * sleep, or retry for ever: it asks the host for log, metrics and time, and returns RETRY. (A sink
 * may start the one child that serves its embedded engine.) No exception crosses in either
 * direction.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "arrow_c_data.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPHOST_ABI_MAJOR 1
#define CPHOST_ABI_MINOR 0

/* Status: always an int32_t. An unknown negative one is FATAL. */
enum {
  CPHOST_OK = 0,
  CPHOST_AGAIN = 1,   /* nothing now: call again when you like */
  CPHOST_DONE = 2,    /* from poll: nothing more, ever (a reader without streams is not done) */
  CPHOST_RETRY = -1,  /* an outage: the same call later, with back-off, for ever */
  CPHOST_REOPEN = -2, /* this object is spent: close it, describe and open again, with back-off */
  CPHOST_REJECT = -3, /* the data is bad and stays bad: the out table said which */
  CPHOST_CONFIG = -4, /* the user must act: stop the pipe, or wait for that once data flows */
  CPHOST_FATAL = -5,  /* stop the pipe: a bug */
  CPHOST_UNSUPPORTED = -6, /* what an absent function answers */
  CPHOST_HALT = -7         /* stop the pipe and do not try again: each attempt would do harm; the
                              user must act */
};

/* Limits of the contract. A plugin that passes one is misbehaving. */
#define CPHOST_POSITION_BYTES_MAX 256
#define CPHOST_NOTE_BYTES_MAX 1024
#define CPHOST_BATCH_BYTES_MAX 0x10000000 /* 256 MiB: offsets are 32-bit */

/* Text or bytes; not NUL-terminated. `data` may be NULL when `size` is 0. */
typedef struct cphost_str {
  const char* data;
  uint64_t size;
} cphost_str;

/* One option, parsed and checked by the host. It lives as long as the object that was given it. */
typedef struct cphost_value {
  uint32_t set;            /* 0: neither given nor defaulted */
  uint32_t count;          /* LIST: items; MAP: 2 x entries, key and value in turn */
  int64_t i;               /* BOOL (0, 1), INT, DURATION (milliseconds), BYTES */
  double f;                /* FLOAT */
  cphost_str s;            /* STRING */
  const cphost_str* items; /* LIST, MAP */
} cphost_value;

/* Rows [begin, begin + count) of one struct array. */
typedef struct cphost_slice {
  const struct ArrowArray* rows;
  int64_t begin;
  int64_t count;
} cphost_slice;

/* One stream's part of a commit; in and out.
 *
 * Positions are text of at most 256 bytes, ordered within their stream by "shorter first, then
 * bytewise": plain decimals and fixed-width text order rightly. They are INCLUSIVE everywhere: to
 * commit p means that everything up to and including p is done, "" that nothing is yet. */
typedef struct cphost_commit {
  uint64_t stream;
  cphost_str position;
  cphost_str note; /* ASCII, at most 1024 bytes, kept durably beside the position; may be empty */
  int32_t status;  /* out: OK = durable; any other = not, or not known to be */
  uint32_t reserved;
} cphost_commit;

#if defined(__GNUC__)
#define CPHOST_EXPORT __attribute__((visibility("default")))
#else
#define CPHOST_EXPORT
#endif

/* Sizes are part of the contract: x86-64 and aarch64, LP64. */
#ifdef __cplusplus
#define CPHOST_ASSERT_SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type)
#else
#define CPHOST_ASSERT_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type)
#endif
CPHOST_ASSERT_SIZE(cphost_str, 16);
CPHOST_ASSERT_SIZE(cphost_value, 48);
CPHOST_ASSERT_SIZE(cphost_slice, 24);
CPHOST_ASSERT_SIZE(cphost_commit, 48);

#ifdef __cplusplus
}
#endif
