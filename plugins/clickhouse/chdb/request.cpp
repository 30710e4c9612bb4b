// SPDX-License-Identifier: Apache-2.0
#include "request.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <random>

#include "errors.hpp"

namespace chdb {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string percent_decoded(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      decoded += ' ';
      continue;
    }
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      throw Failure(kBadArguments, "The URL has a '%' that two hexadecimal digits do not follow");
    }
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

bool is_true(std::string_view value) {
  return value == "1" || value == "true";
}

size_t parse_number(std::string_view name, std::string_view value) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size()) {
    throw Failure(kCannotParseText, "URL parameter '" + std::string(name) + "' is not a number");
  }
  return number;
}

/// Empty for what is not base64.
std::string base64_decoded(std::string_view text) {
  std::string decoded;
  uint32_t bits = 0;
  int count = 0;
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  for (char c : text) {
    uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      value = static_cast<uint32_t>(c - '0' + 52);
    } else if (c == '+' || c == '/') {
      value = c == '+' ? 62 : 63;
    } else {
      return "";
    }
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded += static_cast<char>((bits >> count) & 0xff);
    }
  }
  return decoded;
}

bool is_setting_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Parameters that a server takes and that say nothing to the embedded engine.
bool is_without_effect(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "quota_key",     "stacktrace", "session_timeout", "session_check", "client_protocol_version",
      "close_session",
  };
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (char c : text) {
    if (c == quote || c == '\\') result += '\\';
    result += c;
  }
  return result += quote;
}

void add_setting(Request& request, std::string name, std::string value) {
  if (!is_setting_name(name)) {
    throw Failure(kUnknownSetting, "Unknown setting '" + name.substr(0, 100) + "'");
  }
  if (name == "session_timezone") request.time_zone = value;
  if (name == "max_query_size") request.query_bytes_max = parse_number(name, value);
  if (name == "http_native_compression_disable_checksumming_on_decompress") {
    request.verify_checksums = !is_true(value);
  }
  request.settings.emplace_back(std::move(name), std::move(value));
}

void add_parameter(Request& request, std::string name, std::string value) {
  constexpr std::string_view kSubstitution = "param_";
  if (name == "query") {
    request.query += value;
  } else if (name == "query_id") {
    request.query_id = std::move(value);
  } else if (name == "database") {
    request.database = std::move(value);
  } else if (name == "user") {
    request.user = std::move(value);
  } else if (name == "password") {
    request.password = std::move(value);
  } else if (name == "default_format") {
    request.default_format = std::move(value);
  } else if (name == "decompress") {
    request.decompress = is_true(value);
  } else if (name == "compress") {
    request.compress = is_true(value);
  } else if (name == "wait_end_of_query") {
    request.wait_end_of_query = is_true(value);
  } else if (name == "buffer_size") {
    request.buffer_size = parse_number(name, value);
  } else if (name == "session_id" || name == "role") {
    throw Failure(kNotImplemented, "The embedded engine has no " +
                                       std::string(name == "role" ? "roles" : "HTTP sessions") +
                                       ": remove the URL parameter '" + name + "'");
  } else if (name.compare(0, kSubstitution.size(), kSubstitution) == 0) {
    request.parameters.emplace_back(name.substr(kSubstitution.size()), std::move(value));
  } else if (!is_without_effect(name)) {
    add_setting(request, std::move(name), std::move(value));
  }
}

void add_parameters(Request& request, std::string_view text) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    add_parameter(request, percent_decoded(pair.substr(0, equals), true),
                  percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true));
  }
}

void take_credentials(Request& request, const HeaderLookup& header) {
  const std::string_view user = header("X-ClickHouse-User");
  const std::string_view key = header("X-ClickHouse-Key");
  const std::string_view authorization = header("Authorization");
  const bool in_url = !request.user.empty() || !request.password.empty();
  const bool in_headers = !user.empty() || !key.empty();
  if (in_url + in_headers + !authorization.empty() > 1) {
    throw Failure(kAuthenticationFailed,
                  "Invalid authentication: use one of X-ClickHouse-User and -Key, the "
                  "Authorization header, URL parameters");
  }
  if (in_headers) {
    request.user = user;
    request.password = key;
  } else if (!authorization.empty()) {
    constexpr std::string_view kBasic = "Basic ";
    const std::string pair = authorization.substr(0, kBasic.size()) == kBasic
                                 ? base64_decoded(authorization.substr(kBasic.size()))
                                 : "";
    const size_t colon = pair.find(':');
    if (colon == std::string::npos) {
      throw Failure(kAuthenticationFailed,
                    "Invalid authentication: the Authorization header is not 'Basic' with "
                    "base64 of user:password");
    }
    request.user = pair.substr(0, colon);
    request.password = pair.substr(colon + 1);
  }
  if (request.user.empty()) request.user = "default";
}

}  // namespace

std::string Request::settings_sql() const {
  std::string sql;
  for (const auto& [name, value] : settings) {
    sql += sql.empty() ? "SET " : ", ";
    sql += name + " = " + quoted(value, '\'');
  }
  return sql;
}

std::string Request::use_sql() const {
  return database.empty() || database == "default" ? "" : "USE " + quoted(database, '`');
}

Request parse_request(std::string_view method, std::string_view target,
                      const HeaderLookup& header) {
  Request request;
  const size_t question = std::min(target.find('?'), target.size());
  request.path = percent_decoded(target.substr(0, question), false);
  request.read_only = method != "POST";
  request.database = header("X-ClickHouse-Database");
  request.default_format = header("X-ClickHouse-Format");
  add_parameters(request, target.substr(std::min(question + 1, target.size())));
  take_credentials(request, header);
  for (const auto& [name, value] : request.settings) {
    if (name == "readonly" && value != "0") request.read_only = false;
  }
  if (request.default_format.empty()) request.default_format = "TabSeparated";
  // It comes back in a header.
  const bool is_plain = std::all_of(request.query_id.begin(), request.query_id.end(),
                                    [](char c) { return c >= ' ' && c <= '~'; });
  if (!is_plain || request.query_id.size() > 1000) {
    throw Failure(kBadArguments, "query_id is longer than 1000 bytes or not printable ASCII");
  }
  if (request.query_id.empty()) request.query_id = make_query_id();
  return request;
}

std::string make_query_id() {
  thread_local std::mt19937_64 generator{std::random_device{}()};
  const uint64_t high = (generator() & ~uint64_t{0xf000}) | 0x4000;
  const uint64_t low = (generator() & ~(uint64_t{3} << 62)) | (uint64_t{1} << 63);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%08x-%04x-%04x-%04x-%012llx",
                static_cast<unsigned>(high >> 32), static_cast<unsigned>((high >> 16) & 0xffff),
                static_cast<unsigned>(high & 0xffff), static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xffffffffffff));
  return text.data();
}

}  // namespace chdb
