// SPDX-License-Identifier: Apache-2.0
// A number for everything that decides which rows a range of records becomes and under which token
// they go: the pipe's name, its columns, the format and the sink with their options (secrets
// aside), and the program's plugins. A range that was noted under another recipe may not be
// replayed blindly.
#pragma once

#include <cstdint>

#include "host/config/pipe_config.hpp"
#include "host/pipe/binding.hpp"

namespace cphost::host {

uint32_t recipe_of(const PipeConfig& config, const Binding& binding);

}  // namespace cphost::host
