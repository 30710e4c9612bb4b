// SPDX-License-Identifier: Apache-2.0
// Reads one value of a pipe file as an option's type demands, secrets and checks included. No
// message carries a secret. [main]
#pragma once

#include <string>

#include "host/config/config_value.hpp"
#include "host/config/option_check.hpp"
#include "host/config/option_values.hpp"

namespace cphost::host {

/// What texts may be read from.
struct TextSources {
  std::string folder;            ///< Of the pipe file: relative secrets are looked up there.
  bool literal_secrets = false;  ///< A secret may stand in the file itself.
};

/// Reads `from` into `to`, whose texts `values` keeps. "" or what is wrong: "is the text "abc"; an
/// integer is wanted".
std::string read_option_value(const cphost_option& option, const OptionCheck& check,
                              const TextSources& sources, const ConfigValue& from,
                              OptionValues& values, cphost_value& to);

}  // namespace cphost::host
