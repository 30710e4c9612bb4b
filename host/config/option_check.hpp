// SPDX-License-Identifier: Apache-2.0
// The `check` of an option: a range "1..60000" (bounds in the type's own notation, either may be
// left out), a choice "a|b|c", or a pattern "/regex/" (ECMAScript, the whole text). Immutable once
// parsed.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cphost/options.h>

namespace cphost::host {

struct OptionCheck {
  enum class Kind : uint8_t { kNone, kRange, kChoice, kPattern };

  Kind kind = Kind::kNone;
  int64_t integer_min = std::numeric_limits<int64_t>::min();  ///< kRange, but for FLOAT.
  int64_t integer_max = std::numeric_limits<int64_t>::max();
  double float_min = -std::numeric_limits<double>::infinity();  ///< kRange of FLOAT.
  double float_max = std::numeric_limits<double>::infinity();
  std::vector<std::string> choices;
  std::string pattern;  ///< Without the slashes.
  std::string source;   ///< As the option declares it.

  bool allows(int64_t number) const { return integer_min <= number && number <= integer_max; }
  bool allows(double number) const { return float_min <= number && number <= float_max; }
  bool allows(std::string_view text) const;

  /// What is allowed, for messages: `1..60000`, `"a", "b" or "c"`, `text like /regex/`.
  std::string allowed() const;
};

/// Nothing if the check can't be understood: a bug of the plugin.
std::optional<OptionCheck> parse_check(const cphost_option& option);

/// The type's name as users know it: "duration", "list".
std::string_view option_type_name(uint32_t type);

}  // namespace cphost::host
