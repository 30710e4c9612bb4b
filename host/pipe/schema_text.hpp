// SPDX-License-Identifier: Apache-2.0
// An Arrow schema as text, for comparing two.
#pragma once

#include <string>

#include <cphost/arrow_c_data.h>

namespace cphost::host {

/// Names, types, flags and metadata of all fields, in order. Equal texts mean equal schemas.
std::string schema_text(const ArrowSchema& schema);

}  // namespace cphost::host
