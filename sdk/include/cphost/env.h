// SPDX-License-Identifier: Apache-2.0
/* cphost/env.h: what the host gives to every object: log, the reason of a failure, metrics, time.
 * An env belongs to one object and is valid until that object is closed or destroyed. */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Log levels. The host adds time, pipe, plugin and worker to each line; a text is one line. */
enum { CPHOST_LOG_DEBUG = 0, CPHOST_LOG_INFO = 1, CPHOST_LOG_WARNING = 2, CPHOST_LOG_ERROR = 3 };

typedef struct cphost_env {
  uint32_t struct_size;
  uint32_t worker; /* "I am worker 2 of 8", counted from 0 */
  /* 0 in create, and for a reader that serves a sample: such a reader joins no group and commits
   * nothing. */
  uint32_t workers;
  uint32_t level; /* the least level that is logged */
  void* ctx;      /* the host's own */

  /* [any] Logs one line. Never a secret. */
  void (*log)(const struct cphost_env*, uint32_t level, cphost_str text);

  /* [any] Says why the call under way is about to return a negative status: a stable code in
   *       capitals ("AUTHENTICATION") and a sentence that names the value and what to do. Returns
   *       `status`. */
  int32_t (*fail)(const struct cphost_env*, int32_t status, const char* code, cphost_str text);

  /* [any] Metric `index` of the component's table: a counter adds `value`, a gauge is set to it. */
  void (*metric)(const struct cphost_env*, uint32_t index, int64_t value);

  /* [any] Nanoseconds: monotonic, or since 1970 (UTC). */
  int64_t (*now_ns)(const struct cphost_env*, int32_t monotonic);

  /* [any] An optional service of the host, "cphost.NAME/REV", or NULL. It lives as long as the
   *       env. */
  const void* (*extension)(const struct cphost_env*, const char* id);
} cphost_env;

CPHOST_ASSERT_SIZE(cphost_env, 64);

#ifdef __cplusplus
}
#endif
