// SPDX-License-Identifier: Apache-2.0
// Whether the descriptors of a loaded plugin are sane and say what its note says. It is the one
// place that trusts nothing in them; whatever reads them later need not ask again.
#pragma once

#include <string>

#include <cphost/plugin.h>

#include "host/plugins/elf_note.hpp"

namespace cphost::host {

/// "" if all is well, else what was wanted and what was found.
std::string check_descriptors(const cphost_plugin* plugin, const PluginNote& note);

}  // namespace cphost::host
