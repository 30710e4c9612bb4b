// SPDX-License-Identifier: Apache-2.0
#include "host/cli/plugins_command.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "host/cli/load_pipes.hpp"
#include "host/cli/text_table.hpp"
#include "host/exit_code.hpp"
#include "host/plugins/file_trust.hpp"

namespace cphost::host {

std::string plugins_table(const Catalog& catalog) {
  std::vector<std::vector<std::string>> rows{{"NAME", "KIND", "VERSION", "ABI", "FILE"}};
  for (const CatalogEntry& entry : catalog.entries()) {
    std::string refusal = entry.refusal;
    if (refusal.empty()) refusal = check_file_trust(entry.path, trusted_owners());
    const std::string file =
        refusal.empty() ? entry.path : fmt::format("{}: REFUSED: {}", entry.path, refusal);
    if (!entry.note) {
      rows.push_back({"-", "-", "-", "-", file});
      continue;
    }
    for (const ProvidedComponent& each : entry.note->provides) {
      rows.push_back({each.name, each.kind, entry.note->version,
                      fmt::format("{}.{}", entry.note->abi_major, entry.note->abi_minor), file});
    }
  }
  return text_table(rows);
}

int list_plugins(const CommandLine& line) {
  bool ok = false;
  const Catalog catalog = scan_plugins(line, ok);
  std::fputs(plugins_table(catalog).c_str(), stdout);
  return ok ? kExitDone : kExitConfig;
}

}  // namespace cphost::host
