// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/file_trust.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace cphost::host {
namespace {

std::string check_one(const std::string& path, const std::vector<uid_t>& owners) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    return fmt::format("{} can't be looked at: {}", path, std::strerror(errno));
  }
  if (std::find(owners.begin(), owners.end(), info.st_uid) == owners.end()) {
    return fmt::format(
        "{} belongs to user {}, but must belong to root, to the user of this process or to the "
        "owner "
        "of its executable; chown it",
        path, info.st_uid);
  }
  const bool sticky_folder = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky_folder) {
    return fmt::format("{} is writable by group or others (mode {:04o}); run: chmod go-w {}", path,
                       info.st_mode & 07777, path);
  }
  return {};
}

}  // namespace

std::vector<uid_t> trusted_owners() {
  std::vector<uid_t> owners{0, ::geteuid()};
  struct stat self {};
  if (::stat("/proc/self/exe", &self) == 0) owners.push_back(self.st_uid);
  return owners;
}

std::string check_file_trust(const std::string& path, const std::vector<uid_t>& owners) {
  std::error_code error;
  std::filesystem::path at = std::filesystem::canonical(path, error);
  if (error) return fmt::format("{} can't be looked at: {}", path, error.message());
  while (true) {
    if (std::string refusal = check_one(at.string(), owners); !refusal.empty()) return refusal;
    if (at == at.root_path()) return {};
    at = at.parent_path();
  }
}

}  // namespace cphost::host
