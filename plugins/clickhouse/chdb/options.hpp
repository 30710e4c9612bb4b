// SPDX-License-Identifier: Apache-2.0
// The command line of cphost-chdb.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "handler.hpp"
#include "log.hpp"
#include "server.hpp"

namespace chdb {

struct Options {
  std::string path;  ///< Absolute.
  std::string listen = "127.0.0.1";
  uint16_t port = 0;
  std::string library;
  uint64_t server_memory_max = 0;
  bool exit_with_stdin = false;
  LogLevel log_level = LogLevel::kWarning;
  HandlerOptions handler;
  ServerOptions server;
};

/// Nothing when all was said with --help. Throws std::runtime_error for what cannot
/// be understood.
std::optional<Options> parse_options(int argc, const char* const* argv);

/// Bytes of "1048576", "64KiB", "1MB", "2 GiB". Throws std::runtime_error.
uint64_t parse_size(std::string_view text);

}  // namespace chdb
