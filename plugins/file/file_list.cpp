// SPDX-License-Identifier: Apache-2.0
#include "file_list.hpp"

#include <glob.h>
#include <sys/stat.h>

#include <cerrno>
#include <cphost/status.hpp>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>

namespace file {
namespace {

[[noreturn]] void refuse(const char* code, const std::string& text) {
  throw cphost::Error(cphost::config, code, text);
}

std::string canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath(path.c_str(), nullptr),
                                                         &std::free);
  struct stat status {};
  if (!real || stat(real.get(), &status) != 0) {
    refuse("FILE_OPEN", "can't read " + path + ": " + std::strerror(errno));
  }
  if (S_ISDIR(status.st_mode)) {
    refuse("FILE_OPEN", path + " is a folder; name its files, as in \"" + path + "/*\"");
  }
  return real.get();
}

void add_matches(const std::string& pattern, std::set<std::string>& files) {
  glob_t found{};
  const int error = glob(pattern.c_str(), 0, nullptr, &found);
  const std::unique_ptr<glob_t, decltype(&globfree)> owner(&found, &globfree);
  if (error != 0) {
    refuse("NO_FILES", "path: nothing matches \"" + pattern +
                           "\"; patterns are those of a shell (*, ?, [a-z]), relative to the "
                           "folder that the host was started in");
  }
  for (size_t i = 0; i < found.gl_pathc; ++i) files.insert(canonical(found.gl_pathv[i]));
}

}  // namespace

std::vector<std::string> list_files(const std::vector<std::string>& patterns) {
  std::set<std::string> files;
  bool has_input = false;
  for (const auto& pattern : patterns) {
    if (pattern == kStandardInput) {
      has_input = true;
    } else {
      add_matches(pattern, files);
    }
  }
  std::vector<std::string> list(files.begin(), files.end());
  if (has_input) list.insert(list.begin(), kStandardInput);
  if (list.empty()) refuse("NO_FILES", "path = []: name at least one file");
  return list;
}

}  // namespace file
