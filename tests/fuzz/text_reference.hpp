// SPDX-License-Identifier: Apache-2.0
// text_reference.hpp: what a text means as a value of a type, said a second time: slowly, with
// digits as text, strtod, the C library's calendar and addresses. A type that is not known here is
// kUnknown, and held to what holds for all types.
#pragma once

#include <cphost/columns/type.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace fuzz {

struct Expected {
  enum Verdict { kUnknown, kRefused, kValue };
  Verdict verdict = kUnknown;
  std::string text = {};  // kValue: as printed() has it
};

Expected expected_of_text(const cphost::columns::Type& type, const std::string& text);

// The one spelling of a value (the bytes that the column holds), which reads back as that value.
std::optional<std::string> printed(const cphost::columns::Type& type, std::string_view bytes);

// Numbers in quotes mean what they mean without.
bool is_number(const cphost::columns::Type& type);

}  // namespace fuzz
