// SPDX-License-Identifier: Apache-2.0
// cphost/testing.hpp: a mock host for the unit tests of plugins. No part of a plugin; needs no test
// framework.
#pragma once

#include "testing/array_faults.hpp"
#include "testing/option_values.hpp"
#include "testing/out_logs.hpp"
#include "testing/test_env.hpp"
