// SPDX-License-Identifier: Apache-2.0
// Asks an identity provider for a token: OAuth 2.0, client credentials (RFC 6749, 4.4).
//
// The plugin's own, and not librdkafka's, for that depends on how librdkafka was built, and does
// not tell an outage of the provider from a wrong secret.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>

#include "options.hpp"
#include "token.hpp"

namespace kafka {

/// There is no token. `is_outage`: it may be there later, without the user.
class TokenError : public std::runtime_error {
 public:
  TokenError(bool outage, const std::string& text) : std::runtime_error(text), is_outage(outage) {}
  bool is_outage;
};

/// Throws TokenError. Takes some seconds at most, and ends soon when `stop` becomes true.
Token request_token(const Options& options, const std::atomic<bool>& stop);

/// Throws TokenError that says why `url` can't be the address of an endpoint.
void check_endpoint_url(const std::string& url);

}  // namespace kafka
