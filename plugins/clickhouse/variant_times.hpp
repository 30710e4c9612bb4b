// SPDX-License-Identifier: Apache-2.0
// What the server's JSON reader makes of a time's text in a Variant: it tries the members in an
// order of its own, and the first that can read the text takes it, whatever it loses: a DateTime
// makes 2106 of 2200, a Date makes 1970 of 1969. Pure functions; any thread.
#pragma once

#include <cphost/columns/type.hpp>

#include <string_view>

namespace clickhouse {

/// Whether all values of `from` keep their value in the type `name`. True where `from` is no date
/// or time, or `name` is no Variant. Throws what TypeParser throws of a member.
bool variant_keeps(const cphost::columns::Type& from, std::string_view name);

}  // namespace clickhouse
