// SPDX-License-Identifier: Apache-2.0
/* A plugin whose note promises what its descriptor lacks. */
#include <cphost/plugin.h>

CPHOST_NOTE("dishonest", "0.1", "Apache-2.0", "sink:promised");

static const cphost_sink table = {.struct_size = sizeof(cphost_sink)};
static const cphost_component component = {.struct_size = sizeof(cphost_component),
                                           .kind = "sink",
                                           .name = "other",
                                           .summary = "Is not what the note says.",
                                           .table = &table};
static const cphost_component* const components[] = {&component};
static const cphost_plugin plugin = {sizeof(cphost_plugin), 1, components};

CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void) {
  return &plugin;
}
