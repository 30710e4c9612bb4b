// SPDX-License-Identifier: Apache-2.0
// Texts that a pipe file only points to: { file = "/run/secrets/x" }, { env = "X" }, { credential =
// "x" } (systemd). Read once, at start. No message of these functions carries a secret.
#pragma once

#include <string>

#include "host/config/config_value.hpp"

namespace cphost::host {

/// True for a table that has one of the keys file, env, credential.
bool is_reference(const ConfigValue& value);

/// A text, or why there is none.
struct ResolvedText {
  bool ok = false;
  std::string text;
  std::string error;
};

/// Reads what `reference` points to. A relative file is looked up in `folder`, that of the pipe
/// file. A newline at the end of a file is not part of its text.
ResolvedText resolve_reference(const ConfigValue& reference, const std::string& folder);

}  // namespace cphost::host
