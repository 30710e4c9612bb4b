// SPDX-License-Identifier: Apache-2.0
#include "host/cli/default_folders.hpp"

#include <cstdlib>
#include <filesystem>

namespace cphost::host {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

}  // namespace

std::string default_plugin_folder() {
  std::error_code error;
  const fs::path installed = CPHOST_PLUGIN_FOLDER;
  if (fs::is_directory(installed, error)) return installed.string();
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = executable.parent_path().parent_path() / "lib" / "cphost" / "plugins";
  if (!error && fs::is_directory(beside, error)) return beside.string();
  return installed.string();
}

std::string default_state_folder() {
  // systemd separates several state folders by colons; the first is ours.
  const std::string service = environment("STATE_DIRECTORY");
  if (!service.empty()) return service.substr(0, service.find(':'));
  const std::string state = environment("XDG_STATE_HOME");
  if (state.starts_with('/')) return state + "/cphost";
  const std::string home = environment("HOME");
  return (home.empty() ? std::string("/var/lib") : home + "/.local/state") + "/cphost";
}

}  // namespace cphost::host
