// SPDX-License-Identifier: Apache-2.0
/* cphost/options.h: the tables in which a component declares its options and metrics, once.
 *
 * The host parses, checks, fills defaults, resolves secrets and documents options from this table
 * alone; create() receives an array of cphost_value in the order of the table. Text in these tables
 * is static and NUL-terminated. The tables are arrays of structs that can grow: the component
 * states their stride. */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Types. As they stand in a pipe file: DURATION "500ms" "5s" "2h" "7d", BYTES "64MiB" "1GB", LIST
 * of strings (a single string is a list of one), MAP a table of strings (numbers and booleans are
 * taken as their text). */
enum {
  CPHOST_BOOL = 1,
  CPHOST_INT = 2,
  CPHOST_FLOAT = 3,
  CPHOST_STRING = 4,
  CPHOST_DURATION = 5,
  CPHOST_BYTES = 6,
  CPHOST_LIST = 7,
  CPHOST_MAP = 8
};

/* Flags. */
enum {
  CPHOST_REQUIRED = 1,  /* has no default and must be given */
  CPHOST_SECRET = 2,    /* given as { file = "..." } or { env = "..." }; never shown */
  CPHOST_ADVANCED = 4,  /* for few users: listed last */
  CPHOST_DEPRECATED = 8 /* works, and warns; the doc says what to use */
};

typedef struct cphost_option {
  const char* name;          /* snake_case, without the component's name */
  const char* doc;           /* one sentence; never empty */
  const char* default_value; /* as it would stand in TOML, without quotes for text; NULL: none */
  const char*
      check; /* "1..60000" (bounds in the type's own notation), "a|b|c", "/regex/", or NULL */
  uint32_t type;
  uint32_t flags;
} cphost_option;

typedef struct cphost_metric {
  const char* name; /* snake_case, unit last: "fetch_bytes" */
  const char* unit;
  const char* help; /* one sentence */
  uint32_t gauge;   /* 0: a counter */
  uint32_t reserved;
} cphost_metric;

CPHOST_ASSERT_SIZE(cphost_option, 40);
CPHOST_ASSERT_SIZE(cphost_metric, 32);

#ifdef __cplusplus
}
#endif
