// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known name that a mistyped one is closest to. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cphost::host {

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
size_t edit_distance(std::string_view a, std::string_view b);

/// The nearest of `names`, or "" when none is close enough to be worth a guess.
std::string nearest_name(std::string_view name, const std::vector<std::string>& names);

/// `; did you mean "topics"?`, or "" when no name is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& names);

}  // namespace cphost::host
