// SPDX-License-Identifier: Apache-2.0
// How often this thread has called operator new; replaces the operator in the executable of the
// tests.
#pragma once

#include <cstdint>

int64_t allocations_of_this_thread();
