// SPDX-License-Identifier: Apache-2.0
#include <cphost/plugin.hpp>

#include "options.hpp"
#include "source.hpp"

namespace file {

CPHOST_SOURCE("file", Reader, kOptions, "Lines of files and of standard input.")

}  // namespace file

CPHOST_PLUGIN(&file::cphost_component_Reader)
