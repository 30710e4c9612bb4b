// SPDX-License-Identifier: Apache-2.0
// Reads the note of a plugin from its file: what it is and what it provides, before any of its code
// runs. The file may be anything; every offset is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cphost::host {

/// One component that a plugin provides.
struct ProvidedComponent {
  std::string kind;  ///< "source", "format" or "sink".
  std::string name;
};

struct PluginNote {
  uint32_t abi_major = 0;
  uint32_t abi_minor = 0;
  std::string id;
  std::string version;
  std::string license;
  std::vector<ProvidedComponent> provides;
};

/// A note, or the reason why there is none: what was wanted, what was found.
struct NoteReading {
  std::optional<PluginNote> note;
  std::string refusal;
};

/// Reads the file at `path`, which must be an ELF64 shared object of this machine.
NoteReading read_plugin_note(const std::string& path);

/// Parses the text of a note.
NoteReading parse_plugin_note(std::string_view text);

}  // namespace cphost::host
