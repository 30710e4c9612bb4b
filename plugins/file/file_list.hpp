// SPDX-License-Identifier: Apache-2.0
// Which files the option `path` names.
#pragma once

#include <string>
#include <vector>

namespace file {

/// Standard input, in the option and as a name.
inline constexpr const char* kStandardInput = "-";

/// Canonical paths, sorted, each once; standard input first. CONFIG for a pattern that matches
/// nothing, and for what is no file.
std::vector<std::string> list_files(const std::vector<std::string>& patterns);

}  // namespace file
