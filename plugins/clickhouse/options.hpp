// SPDX-License-Identifier: Apache-2.0
// The sink's options, as the host hands them over, and what it makes of them. Values; no threads of
// their own.
#pragma once

#include <cphost/options.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "chdb_child.hpp"
#include "frames.hpp"
#include "http_client.hpp"
#include "target_table.hpp"

namespace clickhouse {

struct Options {
  std::string url;
  std::string database;
  std::string table;
  std::string user;
  std::string password;
  std::string ca_file;
  bool verify = true;
  std::string compression;
  std::chrono::milliseconds connect_timeout{};
  std::chrono::milliseconds request_timeout{};
  bool create_table = false;
  std::string engine;
  std::string order_by;
  std::string partition_by;
  std::chrono::milliseconds ttl{};
  std::vector<std::pair<std::string, std::string>> settings;
  std::string chdb_program;
  std::string libchdb;
};

inline constexpr auto kOptions = cphost::options<Options>(
    cphost::required("url", &Options::url,
                     "Address of ClickHouse's HTTP interface, http://host:8123 or "
                     "https://host:8443, or chdb:///folder for "
                     "the embedded engine.",
                     cphost::pattern("/(http|https|chdb)://.+/")),
    cphost::required("table", &Options::table,
                     "Table that rows are inserted into, as table or database.table.",
                     cphost::pattern("/.+/")),
    cphost::optional("database", &Options::database, nullptr,
                     "Database of the table; by default the user's own. With it, a dot in table is "
                     "part of the name."),
    cphost::optional("user", &Options::user, "default", "User to log in as."),
    cphost::optional("password", &Options::password, nullptr,
                     "Password of the user; the embedded engine takes it as its own, by default "
                     "one that nobody knows.",
                     cphost::secret),
    cphost::optional("create_table", &Options::create_table, "false",
                     "Create the table if it does not exist."),
    cphost::optional("engine", &Options::engine, "MergeTree",
                     "Table engine of a table that is created."),
    cphost::optional(
        "order_by", &Options::order_by, nullptr,
        "Sorting key of a table that is created, as SQL: \"id, ts\"; by default none."),
    cphost::optional("partition_by", &Options::partition_by, nullptr,
                     "Partition key of a table that is created, as SQL; by default none."),
    cphost::optional("ttl", &Options::ttl, "7d",
                     "How long an error table keeps its rows; 0s keeps them for ever."),
    cphost::optional("compression", &Options::compression, "auto",
                     "Compression of what is sent; auto is none to this machine and lz4 to others.",
                     cphost::choice("auto|none|lz4|zstd")),
    cphost::optional(
        "ca_file", &Options::ca_file, nullptr,
        "PEM file with the certificate authorities to trust; by default the system's."),
    cphost::optional("verify", &Options::verify, "true",
                     "Check the server's certificate and name; false is for tests only.",
                     cphost::advanced),
    cphost::optional("connect_timeout", &Options::connect_timeout, "10s",
                     "Longest wait for a connection.",
                     cphost::range("100ms..10m") | cphost::advanced),
    cphost::optional("request_timeout", &Options::request_timeout, "300s",
                     "Longest time that one insert may take; its outcome is unknown after that and "
                     "it is repeated.",
                     cphost::range("1s..1d") | cphost::advanced),
    cphost::optional("settings", &Options::settings, nullptr,
                     "ClickHouse settings that go with every insert, such as insert_quorum; those "
                     "that delivery rests on "
                     "cannot be set.",
                     cphost::advanced),
    cphost::optional("chdb_program", &Options::chdb_program, nullptr,
                     "Path of cphost-chdb; by default it is looked for beside the host.",
                     cphost::advanced),
    cphost::optional("libchdb", &Options::libchdb, nullptr,
                     "Path of libchdb.so; by default cphost-chdb looks for it.", cphost::advanced));

/// Throws cphost::Error (CONFIG) that names the option, the value and what is wrong with it.
void check_options(const Options& options);

Compression compression_of(const Options& options);
TableName table_of(const Options& options);
HttpOptions http_of(const Options& options);
ChdbOptions chdb_of(const Options& options);

}  // namespace clickhouse
