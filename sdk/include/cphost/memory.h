// SPDX-License-Identifier: Apache-2.0
/* cphost/memory.h: extension "cphost.memory/1" of the env: the object's part of the pipe's memory
 * budget.
 *
 * What an object hands over (records, rows) is charged by the host. What it keeps besides, such as
 * a source's prefetched records, must stay within its part. */
#pragma once

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define CPHOST_MEMORY_EXTENSION "cphost.memory/1"

typedef struct cphost_memory {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t bytes; /* resident memory that this object may keep for itself */
} cphost_memory;

#ifdef __cplusplus
}
#endif
