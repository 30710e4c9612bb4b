// SPDX-License-Identifier: Apache-2.0
// What is installed: the plugins of some folders, known by their notes alone. No plugin code runs
// here. Immutable once scanned.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/plugins/elf_note.hpp"

namespace cphost::host {

/// One file NAME.so. With a refusal it is not used, and the refusal says why: what was wanted, what
/// was found, what to do.
struct CatalogEntry {
  std::string path;
  std::optional<PluginNote> note;  ///< May be there although the entry is refused.
  std::string refusal;
};

class Catalog {
 public:
  /// Reads the notes of all *.so in `folders`, in their order and by name. A folder that can't be
  /// read is told by folder_errors().
  static Catalog scan(const std::vector<std::string>& folders);

  const std::vector<CatalogEntry>& entries() const { return entries_; }
  const std::vector<std::string>& folder_errors() const { return folder_errors_; }

  /// The entry that provides the component: a good one, else one that was refused, else nullptr.
  const CatalogEntry* find(std::string_view kind, std::string_view name) const;

  /// Names of all usable components of a kind, sorted.
  std::vector<std::string> names(std::string_view kind) const;

 private:
  void add_file(const std::string& path);
  std::string find_duplicate(const PluginNote& note) const;

  std::vector<CatalogEntry> entries_;
  std::vector<std::string> folder_errors_;
};

/// "" if this host can load a plugin that needs the note's ABI, else the refusal.
std::string check_abi(const PluginNote& note);

}  // namespace cphost::host
