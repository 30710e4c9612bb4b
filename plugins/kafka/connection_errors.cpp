// SPDX-License-Identifier: Apache-2.0
#include "connection_errors.hpp"

#include <charconv>
#include <cstdint>

#include "handles.hpp"

namespace kafka {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != text.npos;
}

bool uses_tls(const Options& options) {
  return options.security_protocol.ends_with("ssl");
}

bool uses_sasl(const Options& options) {
  return options.security_protocol.starts_with("sasl");
}

std::string quoted(std::string_view option, std::string_view value) {
  return std::string(option) + " = \"" + std::string(value) + "\"";
}

Diagnosis configure(const char* code, std::string text) {
  return {Remedy::kConfigure, code, std::move(text)};
}

// "HOST:PORT: ", or "" when the sentence names no broker.
std::string prefix_of(std::string_view reason) {
  const std::string broker = broker_of(reason);
  return broker.empty() ? broker : broker + ": ";
}

// Without the broker in front and the "(after 3ms in state CONNECT)" behind.
std::string_view sentence_of(std::string_view reason) {
  const size_t name_end = reason.find(": ");
  if (!broker_of(reason).empty() && name_end != reason.npos) reason.remove_prefix(name_end + 2);
  const size_t after = reason.rfind(" (after ");
  return after == reason.npos ? reason : reason.substr(0, after);
}

// Names that the user wrote are checked there, those that brokers give out at the brokers.
std::string address_hint(std::string_view reason) {
  if (has(reason, "/bootstrap")) return "check `brokers`";
  return "the brokers give this address out themselves (their advertised.listeners)";
}

// RFC 8446, 6. Alerts of a broker about us, by number.
std::optional<int> alert_of(std::string_view reason) {
  constexpr std::string_view kMark = "SSL alert number ";
  const size_t at = reason.find(kMark);
  if (at == reason.npos) return std::nullopt;
  int number = 0;
  const char* const first = reason.data() + at + kMark.size();
  if (std::from_chars(first, reason.data() + reason.size(), number).ec != std::errc()) {
    return std::nullopt;
  }
  return number;
}

bool is_about_our_certificate(int alert) {
  return (alert >= 41 && alert <= 49) || alert == 116;
}

Diagnosis client_certificate(std::string_view reason, const Options& options) {
  const std::string text = prefix_of(reason);
  if (options.ssl_certificate_location.empty()) {
    return configure("TLS_CLIENT_CERTIFICATE",
                     text +
                         "the broker asks for a client certificate; set ssl_certificate_location "
                         "and ssl_key_location");
  }
  return configure(
      "TLS_CLIENT_CERTIFICATE",
      text + "the broker does not accept the client certificate, " +
          quoted("ssl_certificate_location", options.ssl_certificate_location) +
          ": it must be signed by an authority that the broker trusts, and not have ended (" +
          std::string(sentence_of(reason)) + ")");
}

Diagnosis broker_certificate(std::string_view reason, const Options& options,
                             std::string_view fault) {
  std::string text = prefix_of(reason) + "the broker's certificate is not accepted: ";
  if (!fault.empty()) return configure("TLS_CERTIFICATE", text + std::string(fault));
  text += std::string(sentence_of(reason)) + "; check ";
  text += options.ssl_ca_location.empty()
              ? "that this system knows the authority, or set ssl_ca_location"
              : quoted("ssl_ca_location", options.ssl_ca_location);
  return configure("TLS_CERTIFICATE", text + ", and the host names in `brokers`");
}

// A peer that hangs up at once may be one that does not speak TLS, or that does, or that wants a
// login first; or a balancer whose brokers are away.
Diagnosis other_protocol(std::string_view reason, const Options& options) {
  std::string text = prefix_of(reason) + "the connection is closed as soon as it is used: ";
  std::string instead;
  if (has(reason, "in state UP")) {
    text += "the listener at this port seems to want a login";
    instead = uses_tls(options) ? "sasl_ssl" : "sasl_plaintext";
  } else if (uses_tls(options)) {
    text += "the listener at this port seems to speak no TLS";
    instead = uses_sasl(options) ? "sasl_plaintext" : "plaintext";
  } else {
    text += "the listener at this port seems to want TLS";
    instead = uses_sasl(options) ? "sasl_ssl" : "ssl";
  }
  return {Remedy::kSuspect, "PROTOCOL",
          text + "; check the port in `brokers`, and whether security_protocol = \"" +
              options.security_protocol + "\" should be \"" + instead + "\""};
}

// The milliseconds of "(after 3ms in state UP)".
int64_t age_of(std::string_view reason) {
  constexpr std::string_view kMark = " (after ";
  const size_t at = reason.rfind(kMark);
  int64_t age = INT64_MAX;
  if (at == reason.npos) return age;
  std::from_chars(reason.data() + at + kMark.size(), reason.data() + reason.size(), age);
  return age;
}

bool hints_at_other_protocol(std::string_view reason, const Options& options) {
  constexpr int64_t kYoungMs = 1000;
  if (has(reason, "connecting to a SSL listener?") ||
      has(reason, "connecting to a PLAINTEXT broker listener?") ||
      has(reason, "might require SASL authentication")) {
    return true;
  }
  if (!has(reason, "Disconnected") && !has(reason, "Broken pipe") &&
      !has(reason, "unexpected eof")) {
    return false;
  }
  if (has(reason, "in state SSL_HANDSHAKE") || has(reason, "in state APIVERSION_QUERY") ||
      has(reason, "in state AUTH_HANDSHAKE")) {
    return true;
  }
  // A listener that wants a login answers what it speaks, and closes at the first question.
  return !uses_sasl(options) && has(reason, "in state UP") && age_of(reason) < kYoungMs;
}

std::string scram_hint(const Options& options) {
  if (!options.sasl_mechanism.starts_with("SCRAM") || is_at_least(kVersionScramNonce)) return "";
  return ". If user and password are right: librdkafka " + std::string(rd_kafka_version_str()) +
         " can't log in with SCRAM to Kafka 3.8.1 or newer; build the plugin with librdkafka 2.6.1 "
         "or newer, or use sasl_mechanism = \"PLAIN\" over TLS";
}

Diagnosis mechanism(std::string_view reason, const Options& options) {
  constexpr std::string_view kMark = "supported mechanisms:";
  std::string_view offered = sentence_of(reason);
  const size_t at = offered.find(kMark);
  offered.remove_prefix(at == offered.npos ? offered.size() : at + kMark.size());
  while (!offered.empty() && offered.front() == ' ') offered.remove_prefix(1);
  const std::string what = prefix_of(reason) + "the listener at this port ";
  if (offered.empty()) {
    return configure("SASL_MECHANISM",
                     what + "wants no login; check the port in `brokers`, or set " +
                         quoted("security_protocol", uses_tls(options) ? "ssl" : "plaintext"));
  }
  return configure("SASL_MECHANISM", what + "does not offer " +
                                         quoted("sasl_mechanism", options.sasl_mechanism) +
                                         "; it offers " + std::string(offered));
}

Diagnosis login(std::string_view reason, const Options& options) {
  const std::string text = prefix_of(reason) +
                           "the broker refuses the login: " + std::string(sentence_of(reason)) +
                           "; check ";
  if (options.sasl_mechanism == "OAUTHBEARER") {
    const std::string from =
        options.sasl_oauthbearer_token_file.empty()
            ? quoted("sasl_oauthbearer_token_endpoint_url",
                     options.sasl_oauthbearer_token_endpoint_url)
            : quoted("sasl_oauthbearer_token_file", options.sasl_oauthbearer_token_file);
    return configure("AUTHENTICATION", text + "issuer, audience and end of the token of " + from);
  }
  return configure("AUTHENTICATION",
                   text + quoted("sasl_username", options.sasl_username) + ", sasl_password and " +
                       quoted("sasl_mechanism", options.sasl_mechanism) + scram_hint(options));
}

Diagnosis wait(const char* code, std::string text) {
  return {Remedy::kWait, code, std::move(text)};
}

Diagnosis transport(std::string_view reason, const Options& options) {
  const std::string text = prefix_of(reason) + std::string(sentence_of(reason));
  if (const auto alert = alert_of(reason)) {
    if (is_about_our_certificate(*alert)) return client_certificate(reason, options);
    return configure("TLS", text + ": the broker refuses to speak TLS with this client");
  }
  if (hints_at_other_protocol(reason, options)) return other_protocol(reason, options);
  if (has(reason, "Connection refused")) {
    return wait("REFUSED",
                text + ": nothing listens there, or the broker is down; " + address_hint(reason));
  }
  if (has(reason, "timed out")) {
    return wait("TIMEOUT",
                text + ": the broker hangs, or a firewall is between; " + address_hint(reason));
  }
  return wait("BROKER", text);
}

}  // namespace

std::string broker_of(std::string_view reason) {
  const size_t slash =
      reason.find('/', reason.find("://") == reason.npos ? 0 : reason.find("://") + 3);
  const size_t end = reason.find(": ");
  if (slash == reason.npos || end == reason.npos || slash > end) return "";
  const size_t scheme = reason.find("://");
  const size_t begin = scheme == reason.npos || scheme > slash ? 0 : scheme + 3;
  const std::string_view broker = reason.substr(begin, slash - begin);
  return broker.find(' ') == broker.npos ? std::string(broker) : "";
}

std::optional<Diagnosis> diagnose_connection(rd_kafka_resp_err_t error, std::string_view reason,
                                             const Options& options,
                                             std::string_view certificate_fault) {
  switch (error) {
    case RD_KAFKA_RESP_ERR__RESOLVE:
      return wait("UNKNOWN_HOST", prefix_of(reason) + std::string(sentence_of(reason)) +
                                      ": no such host; " + address_hint(reason));
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
      return transport(reason, options);
    case RD_KAFKA_RESP_ERR__SSL:
      if (hints_at_other_protocol(reason, options)) return other_protocol(reason, options);
      if (const auto alert = alert_of(reason); alert && is_about_our_certificate(*alert)) {
        return client_certificate(reason, options);
      }
      if (!certificate_fault.empty() || has(reason, "certificate verify failed")) {
        return broker_certificate(reason, options, certificate_fault);
      }
      if (has(reason, "wrong version number") || has(reason, "packet length too long")) {
        return other_protocol(reason, options);
      }
      return configure("TLS", prefix_of(reason) + std::string(sentence_of(reason)) +
                                  ": check the ssl_* options and " +
                                  quoted("security_protocol", options.security_protocol));
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE:
      // A request met the renewal of the login; the connection is made anew.
      if (!has(reason, "supported mechanisms:")) return wait("BROKER", std::string(reason));
      return mechanism(reason, options);
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
      return mechanism(reason, options);
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
      if (has(reason, "supported mechanisms:")) return mechanism(reason, options);
      if (has(reason, "in state AUTH_HANDSHAKE") && has(reason, "Disconnected")) {
        return other_protocol(reason, options);
      }
      return login(reason, options);
    default:
      return std::nullopt;
  }
}

}  // namespace kafka
