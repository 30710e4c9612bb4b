// SPDX-License-Identifier: Apache-2.0
/* A plugin that was built with an SDK of the next minor version. */
#include <cphost/plugin.h>

#undef CPHOST_ABI_MINOR
#define CPHOST_ABI_MINOR 77
CPHOST_NOTE("newer_abi", "0.1", "Apache-2.0", "sink:newer");

CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void) {
  return NULL;
}
