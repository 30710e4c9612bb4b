// SPDX-License-Identifier: Apache-2.0
// Whether a plugin's file may be loaded: its code runs with the rights of this process, so nobody
// but those who hold these rights already may be able to change it.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace cphost::host {

/// Root, the user of this process, and the owner of its executable (so that a checkout works).
std::vector<uid_t> trusted_owners();

/// "" if the file and all its folders belong to one of `owners` and are not writable by group or
/// others (a folder with the sticky bit passes); else what was found and what to do. `path` may
/// contain links: what they lead to is checked.
std::string check_file_trust(const std::string& path, const std::vector<uid_t>& owners);

}  // namespace cphost::host
