// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

#include "insert_settings.hpp"

namespace clickhouse {
namespace {

using cphost::Error;
using cphost::Status;

void check_readable(const char* option, const std::string& file) {
  if (file.empty() || ::access(file.c_str(), R_OK) == 0) return;
  throw Error(Status::config, "OPTION_FILE",
              std::string(option) + " = \"" + file +
                  "\" cannot be read: " + std::generic_category().message(errno));
}

void check_settings(const Options& options) {
  std::string refused;
  for (const auto& setting : options.settings) {
    const std::string why = why_refused(setting.first);
    if (why.empty()) continue;
    refused += (refused.empty() ? "" : "; ") + setting.first + " (" + why + ")";
  }
  if (!refused.empty()) {
    throw Error(Status::config, "OPTION_SETTINGS",
                "settings must not hold " + refused + ": remove it");
  }
}

}  // namespace

void check_options(const Options& options) {
  try {
    if (chdb_folder(options.url).empty()) {
      HttpClient{http_of(options)};
    } else if (!options.ca_file.empty()) {
      throw std::invalid_argument("ca_file has no meaning with the embedded engine: remove it");
    }
  } catch (const std::invalid_argument& e) {
    throw Error(Status::config, "OPTION_URL", e.what());
  }
  check_readable("ca_file", options.ca_file);
  check_readable("libchdb", options.libchdb);
  check_settings(options);
  const TableName name = table_of(options);
  if (name.table.empty() || (name.database.empty() && options.table.starts_with('.'))) {
    throw Error(Status::config, "OPTION_TABLE",
                "table = \"" + options.table + "\" names no table: write table or database.table");
  }
}

Compression compression_of(const Options& options) {
  if (options.compression == "none") return Compression::kNone;
  if (options.compression == "lz4") return Compression::kLz4;
  if (options.compression == "zstd") return Compression::kZstd;
  return !chdb_folder(options.url).empty() || is_loopback(options.url) ? Compression::kNone
                                                                       : Compression::kLz4;
}

TableName table_of(const Options& options) {
  return TableName::from_options(options.database, options.table);
}

HttpOptions http_of(const Options& options) {
  HttpOptions http;
  http.url = options.url;
  http.user = options.user;
  http.password = options.password;
  http.ca_file = options.ca_file;
  http.verify = options.verify;
  http.connect_timeout_ms = options.connect_timeout.count();
  http.request_timeout_ms = options.request_timeout.count();
  return http;
}

ChdbOptions chdb_of(const Options& options) {
  ChdbOptions chdb;
  chdb.folder = chdb_folder(options.url);
  chdb.program = options.chdb_program;
  chdb.library = options.libchdb;
  chdb.user = options.user;
  chdb.password = options.password;
  return chdb;
}

}  // namespace clickhouse
