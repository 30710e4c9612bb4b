// SPDX-License-Identifier: Apache-2.0
// A type's default value as the text that the server casts back into it. Pure; any thread.
#pragma once

#include <cphost/columns/type.hpp>

#include <string>

namespace clickhouse {

/// What stands for a null of a column that travels as text. "" for String, for types that take the
/// empty text, and for those whose default is not known here.
std::string default_text(const cphost::columns::Type& type);

}  // namespace clickhouse
