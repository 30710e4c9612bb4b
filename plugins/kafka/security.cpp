// SPDX-License-Identifier: Apache-2.0
#include "security.hpp"

#include <algorithm>
#include <cphost/status.hpp>
#include <string>

#include "tls_files.hpp"
#include "token_endpoint.hpp"

namespace kafka {
namespace {

[[noreturn]] void refuse(const std::string& text) {
  throw cphost::Error(cphost::config, "OPTIONS", text);
}

bool logs_in_with_password(const Options& options) {
  return options.sasl_mechanism == "PLAIN" || options.sasl_mechanism.starts_with("SCRAM");
}

// librdkafka's own ways to a token, by its own properties.
bool leaves_tokens_to_librdkafka(const Options& options) {
  return std::any_of(options.librdkafka.begin(), options.librdkafka.end(), [](const auto& given) {
    return given.first.starts_with("sasl.oauthbearer.") ||
           given.first == "enable.sasl.oauthbearer.unsecure.jwt";
  });
}

void check_tokens(const Options& options) {
  const bool file = !options.sasl_oauthbearer_token_file.empty();
  const bool endpoint = !options.sasl_oauthbearer_token_endpoint_url.empty();
  const bool client = !options.sasl_oauthbearer_client_id.empty() ||
                      !options.sasl_oauthbearer_client_secret.empty() ||
                      !options.sasl_oauthbearer_scope.empty() ||
                      !options.sasl_oauthbearer_ca_location.empty();
  if (options.sasl_mechanism != "OAUTHBEARER") {
    if (!file && !endpoint && !client && options.sasl_oauthbearer_extensions.empty()) return;
    refuse("sasl_oauthbearer_* options have no effect without sasl_mechanism = \"OAUTHBEARER\"");
  }
  if (file && endpoint) {
    refuse(
        "sasl_oauthbearer_token_file and sasl_oauthbearer_token_endpoint_url exclude each other");
  }
  if (!file && !endpoint && !leaves_tokens_to_librdkafka(options)) {
    refuse(
        "sasl_mechanism = \"OAUTHBEARER\" needs sasl_oauthbearer_token_file or "
        "sasl_oauthbearer_token_endpoint_url");
  }
  if (client && !endpoint) {
    refuse(
        "sasl_oauthbearer_client_id, _client_secret, _scope and _ca_location have no effect "
        "without sasl_oauthbearer_token_endpoint_url");
  }
  if (!endpoint) return;
  if (options.sasl_oauthbearer_client_id.empty() ||
      options.sasl_oauthbearer_client_secret.empty()) {
    refuse(
        "sasl_oauthbearer_token_endpoint_url needs sasl_oauthbearer_client_id and "
        "sasl_oauthbearer_client_secret");
  }
  try {
    check_endpoint_url(options.sasl_oauthbearer_token_endpoint_url);
  } catch (const TokenError& error) {
    refuse(error.what());
  }
}

void check_login(const Options& options) {
  const bool sasl = options.security_protocol.starts_with("sasl");
  const bool password = logs_in_with_password(options);
  if (sasl && options.sasl_mechanism.empty()) {
    refuse("security_protocol = \"" + options.security_protocol +
           "\" needs sasl_mechanism, such as \"SCRAM-SHA-512\"");
  }
  if (!sasl && !options.sasl_mechanism.empty()) {
    refuse("sasl_mechanism = \"" + options.sasl_mechanism +
           "\" has no effect with security_protocol = \"" + options.security_protocol +
           "\"; use \"sasl_ssl\" or \"sasl_plaintext\"");
  }
  if (password && (options.sasl_username.empty() || options.sasl_password.empty())) {
    refuse("sasl_mechanism = \"" + options.sasl_mechanism +
           "\" needs sasl_username and sasl_password");
  }
  if (!password && !(options.sasl_username.empty() && options.sasl_password.empty())) {
    refuse(
        "sasl_username and sasl_password have no effect without sasl_mechanism = \"PLAIN\", "
        "\"SCRAM-SHA-256\" or \"SCRAM-SHA-512\"");
  }
}

void check_tls(const Options& options) {
  const bool tls = options.security_protocol.ends_with("ssl");
  if (!tls && !(options.ssl_ca_location.empty() && options.ssl_certificate_location.empty() &&
                options.ssl_key_location.empty() && options.ssl_key_password.empty())) {
    refuse("ssl_* options have no effect with security_protocol = \"" + options.security_protocol +
           "\"; use \"ssl\" or \"sasl_ssl\"");
  }
  if (options.ssl_certificate_location.empty() != options.ssl_key_location.empty()) {
    refuse("ssl_certificate_location and ssl_key_location go together");
  }
  if (tls) check_tls_files(options);
}

}  // namespace

void check_security(const Options& options) {
  check_login(options);
  check_tokens(options);
  check_tls(options);
}

}  // namespace kafka
