// SPDX-License-Identifier: Apache-2.0
/* cphost/plugin.h: how a shared object becomes a plugin: its descriptor, its one symbol, its note.
 *
 * Order at load: the ELF note is read from the file and found compatible --> owner and mode of the
 * file are checked --> dlopen(RTLD_NOW | RTLD_LOCAL) --> cphost_plugin_v1() --> the descriptors are
 * checked against the note. A plugin is never unloaded. `cphost plugins` stops after the first
 * step: it runs no code of any plugin. */
#pragma once

#include "format.h"
#include "sink.h"
#include "source.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cphost_component {
  uint32_t struct_size;
  uint32_t option_count;
  uint32_t option_size; /* sizeof(cphost_option) as the plugin knows it: the stride */
  uint32_t metric_count;
  uint32_t metric_size; /* likewise */
  uint32_t reserved;
  const char* kind;    /* "source", "format" or "sink" */
  const char* name;    /* as in the pipe file: plugin = "name" */
  const char* summary; /* one sentence */
  const void* table;   /* cphost_source, cphost_format or cphost_sink */
  const cphost_option* options;
  const cphost_metric* metrics;

  /* Optional. [any] Extensions: "cphost.NAME/REV", "com.vendor.NAME/REV"; `self` is what create
   * made, or NULL. */
  const void* (*extension)(void* self, const char* id);
} cphost_component;

typedef struct cphost_plugin {
  uint32_t struct_size;
  uint32_t component_count;
  const cphost_component* const* components;
} cphost_plugin;

CPHOST_ASSERT_SIZE(cphost_component, 80);
CPHOST_ASSERT_SIZE(cphost_plugin, 16);

/* The one exported symbol: it has the major version in its name, runs nothing and returns
 * constants. */
CPHOST_EXPORT const cphost_plugin* cphost_plugin_v1(void);

/* The ELF note: section .note.cphost, name "cphost", type 1, text of "key=value\n" lines. It
 * survives strip, and is allocated, so a program header leads to it even where section headers are
 * gone. cphost_add_plugin() emits it. */
#define CPHOST_NOTE_NAME "cphost"
#define CPHOST_NOTE_TYPE 1
#define CPHOST_STRINGIZE2(x) #x
#define CPHOST_STRINGIZE(x) CPHOST_STRINGIZE2(x)
#define CPHOST_NOTE(id, version, license, provides)                                 \
  __asm__(                                                                          \
      ".pushsection .note.cphost,\"a\",%note\n"                                     \
      " .balign 4\n .long 7, 2f - 1f, 1\n .asciz \"cphost\"\n .balign 4\n"          \
      "1:\n .ascii \"abi=" CPHOST_STRINGIZE(CPHOST_ABI_MAJOR) "." CPHOST_STRINGIZE( \
          CPHOST_ABI_MINOR) "\\nid=" id "\\nversion=" version "\\nlicense=" license \
                            "\\nprovides=" provides                                 \
                            "\\n\"\n"                                               \
                            "2:\n .balign 4\n .popsection\n")

#ifdef __cplusplus
}
#endif
