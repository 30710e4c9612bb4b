// SPDX-License-Identifier: Apache-2.0
// Binds a table of a pipe file to a table of options: types, checks, required ones, defaults,
// secrets, unknown keys. It goes on after an error, so that the user sees all of them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/config_value.hpp"
#include "host/config/diagnostics.hpp"
#include "host/config/option_values.hpp"

namespace cphost::host {

/// Where a table stands, for messages, and what its secrets may be.
struct BindingPlace {
  std::string file;
  std::string section;  ///< "[source]", or "" for the top of the file.
  std::string owner;    ///< Whose options they are, with its article: "the source kafka", "a pipe".
  std::string folder;   ///< Of the pipe file: relative secrets are looked up there.
  bool allow_literal_secrets = false;
};

/// The values in the order of `options`. `other_keys` of the table are allowed too and not looked
/// at. What is wrong goes to `diagnostics`; the values of wrong options are unset.
std::shared_ptr<OptionValues> bind_options(const std::vector<cphost_option>& options,
                                           const ConfigValue& table,
                                           const std::vector<std::string>& other_keys,
                                           const BindingPlace& place, Diagnostics& diagnostics);

}  // namespace cphost::host
