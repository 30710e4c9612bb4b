// SPDX-License-Identifier: Apache-2.0
// The options of components as a JSON Schema (2020-12), for editors and for tests that break each
// option once. Pure.
#pragma once

#include <string>
#include <vector>

#include "host/plugins/component.hpp"

namespace cphost::host {

/// One schema; several components become the alternatives of one.
std::string describe_as_json_schema(const std::vector<const Component*>& components);

}  // namespace cphost::host
