// SPDX-License-Identifier: Apache-2.0
#include <cphost/plugin.hpp>

#include "format.hpp"
#include "options.hpp"

namespace json {

CPHOST_FORMAT("json", Format, kOptions, "JSON objects (RFC 8259), one or many a record.")

}  // namespace json

CPHOST_PLUGIN(&json::cphost_component_Format)
