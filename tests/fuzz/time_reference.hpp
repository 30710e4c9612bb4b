// SPDX-License-Identifier: Apache-2.0
// time_reference.hpp: dates and times for text_reference.cpp, by way of the C library's calendar
// and time zones. Uses the variable TZ: one thread.
#pragma once

#include "text_reference.hpp"

namespace fuzz {

// kUnknown for spellings beyond those that cphost/columns/dates.hpp names.
Expected expected_time(const cphost::columns::Type& type, const std::string& text);

std::string day_text(int64_t days);                      // 2026-01-31
std::string moment_text(int64_t ticks, unsigned scale);  // 2026-01-31T10:20:30.123Z

}  // namespace fuzz
