// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <boost/program_options.hpp>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace chdb {
namespace {

namespace po = boost::program_options;

struct Unit {
  std::string_view name;
  uint64_t bytes;
};

constexpr Unit kUnits[] = {
    {"", 1},
    {"B", 1},
    {"KiB", uint64_t{1} << 10},
    {"MiB", uint64_t{1} << 20},
    {"GiB", uint64_t{1} << 30},
    {"TiB", uint64_t{1} << 40},
    {"KB", 1'000},
    {"MB", 1'000'000},
    {"GB", 1'000'000'000},
    {"TB", 1'000'000'000'000},
};

/// The first line of the file.
std::string read_password(const std::string& path) {
  std::ifstream file(path);
  std::string password;
  if (!std::getline(file, password) || password.empty()) {
    throw std::runtime_error("--password-file " + path +
                             ": no readable file with a password in "
                             "its first line");
  }
  if (password.back() == '\r') password.pop_back();
  return password;
}

po::options_description describe() {
  po::options_description all(
      "cphost-chdb serves a folder of the embedded ClickHouse engine by "
      "ClickHouse's HTTP interface");
  auto add = all.add_options();
  add("path", po::value<std::string>(), "folder of the data; made when missing (required)");
  add("listen", po::value<std::string>()->default_value("127.0.0.1"), "numeric address");
  add("port", po::value<uint16_t>()->default_value(0), "0: a free one, told on standard output");
  add("libchdb", po::value<std::string>()->default_value(""),
      "the engine's library; else CPHOST_LIBCHDB, else where scripts/fetch_chdb.sh puts it");
  add("user", po::value<std::string>()->default_value("default"), "the only user");
  add("password-file", po::value<std::string>()->default_value(""),
      "its password is the file's first line; none: no password");
  add("max-body", po::value<std::string>()->default_value("1GiB"),
      "largest body of a request, after decompression");
  add("max-connections", po::value<size_t>()->default_value(256), "at once");
  add("max-server-memory", po::value<std::string>()->default_value("0"),
      "of the engine; 0: its own limit, 90% of the machine's");
  add("receive-timeout", po::value<unsigned>()->default_value(30),
      "seconds for the client's next bytes within a request");
  add("send-timeout", po::value<unsigned>()->default_value(30),
      "seconds for the client to take a piece of the answer");
  add("keep-alive-timeout", po::value<unsigned>()->default_value(30),
      "seconds until an idle connection is closed");
  add("stop-timeout", po::value<unsigned>()->default_value(10),
      "seconds for requests under way at SIGTERM or SIGINT");
  add("exit-with-stdin",
      "stop when standard input ends; an interrupt from the terminal is ignored then");
  add("log-level", po::value<std::string>()->default_value("warning"),
      "error, warning, info or debug");
  add("help,h", "show this and exit");
  return all;
}

std::chrono::seconds seconds_of(const po::variables_map& map, const char* name) {
  const unsigned count = map[name].as<unsigned>();
  if (count == 0 || count > 86'400) {
    throw std::runtime_error(std::string("--") + name + " " + std::to_string(count) +
                             " is not within 1 and 86400 seconds");
  }
  return std::chrono::seconds(count);
}

Options from_map(const po::variables_map& map) {
  Options options;
  if (map.count("path") == 0 || map["path"].as<std::string>().empty()) {
    throw std::runtime_error("--path is missing: name the folder of the data");
  }
  options.path = std::filesystem::absolute(map["path"].as<std::string>()).lexically_normal();
  options.listen = map["listen"].as<std::string>();
  options.port = map["port"].as<uint16_t>();
  options.library = map["libchdb"].as<std::string>();
  options.server_memory_max = parse_size(map["max-server-memory"].as<std::string>());
  options.exit_with_stdin = map.count("exit-with-stdin") > 0;
  options.log_level = parse_log_level(map["log-level"].as<std::string>());
  options.handler.user = map["user"].as<std::string>();
  const std::string password_file = map["password-file"].as<std::string>();
  if (!password_file.empty()) options.handler.password = read_password(password_file);
  options.handler.exchange.body_bytes_max = parse_size(map["max-body"].as<std::string>());
  options.server.connections_max = map["max-connections"].as<size_t>();
  options.server.receive_timeout = seconds_of(map, "receive-timeout");
  options.server.send_timeout = seconds_of(map, "send-timeout");
  options.server.stop_timeout = seconds_of(map, "stop-timeout");
  options.server.http.keep_alive = seconds_of(map, "keep-alive-timeout");
  options.server.http.head_timeout = options.server.receive_timeout;
  if (options.handler.exchange.body_bytes_max == 0 || options.server.connections_max == 0) {
    throw std::runtime_error("--max-body and --max-connections must be larger than 0");
  }
  return options;
}

}  // namespace

uint64_t parse_size(std::string_view text) {
  uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  std::string_view unit(rest, static_cast<size_t>(end - rest));
  while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
  for (const Unit& known : kUnits) {
    if (error == std::errc() && unit == known.name && number <= UINT64_MAX / known.bytes) {
      return number * known.bytes;
    }
  }
  throw std::runtime_error("'" + std::string(text) +
                           "' is not a size: write bytes, or 64MiB, 1GiB, 500MB");
}

std::optional<Options> parse_options(int argc, const char* const* argv) {
  const po::options_description all = describe();
  po::variables_map map;
  try {
    po::store(po::parse_command_line(
                  argc, argv, all,
                  po::command_line_style::unix_style ^ po::command_line_style::allow_guessing),
              map);
    po::notify(map);
  } catch (const po::error& error) {
    throw std::runtime_error(std::string(error.what()) + "; see --help");
  }
  if (map.count("help") > 0) {
    std::cout << all << std::flush;
    return std::nullopt;
  }
  return from_map(map);
}

}  // namespace chdb
