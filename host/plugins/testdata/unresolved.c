// SPDX-License-Identifier: Apache-2.0
/* A plugin that needs a symbol that nobody has: loading it must fail at once and not at the first
 * call. */
#include <cphost/plugin.h>

CPHOST_NOTE("unresolved", "0.1", "Apache-2.0", "sink:unresolved");

const cphost_plugin* symbol_that_nobody_has(void);

CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void) {
  return symbol_that_nobody_has();
}
