// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include <cphost/abi.h>

namespace cphost::host {
namespace {

namespace fs = std::filesystem;

bool provides(const CatalogEntry& entry, std::string_view kind, std::string_view name) {
  if (!entry.note) return false;
  const auto& all = entry.note->provides;
  return std::any_of(all.begin(), all.end(), [&](const ProvidedComponent& each) {
    return each.kind == kind && each.name == name;
  });
}

}  // namespace

std::string check_abi(const PluginNote& note) {
  if (note.abi_major == CPHOST_ABI_MAJOR && note.abi_minor <= CPHOST_ABI_MINOR) return {};
  const bool newer = note.abi_major > CPHOST_ABI_MAJOR ||
                     (note.abi_major == CPHOST_ABI_MAJOR && note.abi_minor > CPHOST_ABI_MINOR);
  return fmt::format("needs ABI {}.{}, this host has {}.{}; {}", note.abi_major, note.abi_minor,
                     CPHOST_ABI_MAJOR, CPHOST_ABI_MINOR,
                     newer ? "install a newer cphost" : "rebuild the plugin against this SDK");
}

Catalog Catalog::scan(const std::vector<std::string>& folders) {
  Catalog catalog;
  for (const std::string& folder : folders) {
    std::error_code error;
    std::vector<std::string> files;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
      if (at->path().extension() == ".so") files.push_back(at->path().string());
    }
    if (error) {
      catalog.folder_errors_.push_back(
          fmt::format("the plugin folder {} can't be read: {}", folder, error.message()));
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) catalog.add_file(file);
  }
  return catalog;
}

void Catalog::add_file(const std::string& path) {
  // A link and its target, or a folder given twice, are one plugin.
  std::error_code error;
  const fs::path real = fs::canonical(path, error);
  CatalogEntry entry;
  entry.path = error ? path : real.string();
  for (const CatalogEntry& old : entries_) {
    if (old.path == entry.path) return;
  }
  NoteReading reading = read_plugin_note(entry.path);
  entry.note = std::move(reading.note);
  entry.refusal = std::move(reading.refusal);
  if (entry.note) {
    entry.refusal = check_abi(*entry.note);
    if (entry.refusal.empty()) entry.refusal = find_duplicate(*entry.note);
  }
  entries_.push_back(std::move(entry));
}

std::string Catalog::find_duplicate(const PluginNote& note) const {
  for (size_t i = 0; i < note.provides.size(); ++i) {
    const ProvidedComponent& each = note.provides[i];
    const CatalogEntry* other = find(each.kind, each.name);
    if (other != nullptr && other->refusal.empty()) {
      return fmt::format("provides {}:{}, as {} already does; remove one of them", each.kind,
                         each.name, other->path);
    }
    for (size_t j = 0; j < i; ++j) {
      if (note.provides[j].kind == each.kind && note.provides[j].name == each.name) {
        return fmt::format("damaged note: provides {}:{} twice", each.kind, each.name);
      }
    }
  }
  return {};
}

const CatalogEntry* Catalog::find(std::string_view kind, std::string_view name) const {
  const CatalogEntry* refused = nullptr;
  for (const CatalogEntry& entry : entries_) {
    if (!provides(entry, kind, name)) continue;
    if (entry.refusal.empty()) return &entry;
    if (refused == nullptr) refused = &entry;
  }
  return refused;
}

std::vector<std::string> Catalog::names(std::string_view kind) const {
  std::vector<std::string> names;
  for (const CatalogEntry& entry : entries_) {
    if (!entry.note || !entry.refusal.empty()) continue;
    for (const ProvidedComponent& each : entry.note->provides) {
      if (each.kind == kind) names.push_back(each.name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace cphost::host
