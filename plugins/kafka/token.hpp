// SPDX-License-Identifier: Apache-2.0
// Tokens for SASL OAUTHBEARER and the little JSON that says when they end. Pure functions.
//
// A token is not verified: the broker does that. Only its end and its subject are looked at, and
// only where it is a JWT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kafka {

struct Token {
  std::string value;
  int64_t ends_ms = 0;  ///< Milliseconds since 1970; 0: it does not say.
  std::string subject;  ///< Or "".
};

/// The token that `text` is, without white space around it; nothing when it holds a character that
/// SASL could not carry.
std::optional<Token> parse_token(std::string_view text);

/// The value of the member `name` of the JSON object `object`, not of objects in it: a text
/// without its quotes, anything else as it stands. Nothing when it is not there, or not JSON.
std::optional<std::string> json_member(std::string_view object, std::string_view name);

}  // namespace kafka
