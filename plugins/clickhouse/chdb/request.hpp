// SPDX-License-Identifier: Apache-2.0
// What a request asks for, taken from its URL and headers as a ClickHouse server takes it.
//
// Pure: any thread may call everything here.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chdb {

/// The value of a header, empty when it is missing.
using HeaderLookup = std::function<std::string_view(std::string_view name)>;

struct Request {
  std::string path;
  std::string query;
  std::string query_id;
  std::string user;
  std::string password;
  std::string database;  ///< Empty: `default`.
  std::string default_format;
  std::string time_zone;   ///< Of the setting session_timezone.
  bool read_only = false;  ///< By the method; not when the setting readonly says more.
  bool decompress = false;
  bool compress = false;
  bool verify_checksums = true;
  bool wait_end_of_query = false;
  size_t query_bytes_max = 256 * 1024;  ///< The setting max_query_size.
  std::optional<size_t> buffer_size;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::pair<std::string, std::string>> parameters;  ///< For `{name:Type}`.

  /// `SET a = '…', …`, or nothing.
  std::string settings_sql() const;
  /// `USE …`, or nothing.
  std::string use_sql() const;
};

/// Throws Failure for what no server accepts, and for what the embedded engine cannot do
/// (sessions, roles).
Request parse_request(std::string_view method, std::string_view target, const HeaderLookup& header);

/// A random UUID.
std::string make_query_id();

}  // namespace chdb
