// SPDX-License-Identifier: Apache-2.0
// What the shared object provides. CMakeLists.txt says the same to those who look without loading
// it.
#include <cphost/plugin.hpp>

#include "source.hpp"

namespace numbers {

CPHOST_SOURCE("numbers", Reader, kOptions, "Consecutive numbers, for trying things out.")

}  // namespace numbers

CPHOST_PLUGIN(&numbers::cphost_component_Reader)
