// SPDX-License-Identifier: Apache-2.0
/* A plugin that ends the process when it is loaded: whoever lists it must not load it. */
#include <cphost/plugin.h>
#include <stdlib.h>

CPHOST_NOTE("aborting", "0.1", "Apache-2.0", "sink:aborting");

__attribute__((constructor)) static void end_process(void) {
  abort();
}

CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void) {
  return NULL;
}
