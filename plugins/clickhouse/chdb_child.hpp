// SPDX-License-Identifier: Apache-2.0
// The embedded engine behind "chdb:///folder": a child process `cphost-chdb` that serves
// ClickHouse's HTTP interface on a port of this machine. One child a folder, shared by all sinks of
// the process (a target and its error table, several pipes). It never outlives the host, however
// that ends.
//
//     acquire --> endpoint ... --> give the pointer up
//
// endpoint() starts the child when it does not run: at first use, and again after it died. All
// functions: any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "child_process.hpp"

namespace clickhouse {

struct ChdbOptions {
  std::string folder;
  std::string program;  ///< "": looked for, see find_chdb_program.
  std::string library;  ///< libchdb.so; "": the child looks for it.
  std::string user = "default";
  std::string password;  ///< "": one that nobody else knows.
  int64_t start_timeout_ms = 60'000;
};

/// Where it serves, and the only user that it lets in: others of this machine can reach its port
/// too.
struct ChdbEndpoint {
  std::string url;
  std::string user;
  std::string password;
};

/// The engine cannot be had. `user_must_act`: no program, no library; else it may work later.
class ChdbError : public std::runtime_error {
 public:
  ChdbError(bool act, const std::string& text) : std::runtime_error(text), user_must_act(act) {}
  bool user_must_act;
};

class ChdbChild {
 public:
  using Log = std::function<void(const std::string& line)>;

  /// This process's engine for the folder. `log` gets what it says until the returned pointer is
  /// given up.
  static std::shared_ptr<ChdbChild> acquire(const ChdbOptions& options, Log log);
  ~ChdbChild();

  /// Starts the engine if it does not run, and waits until it serves. Throws ChdbError.
  ChdbEndpoint endpoint();

  /// It runs, and where it did when `url` was given: an engine that was started again has another
  /// port.
  bool serves(const std::string& url);

 private:
  friend struct ChdbRegistry;
  explicit ChdbChild(const ChdbOptions& options);

  void start();
  void await_url();
  void stop();
  void forward(int output, int errors);
  void log(const std::string& line);

  const ChdbOptions options_;
  std::mutex mutex_;  // Of what follows.
  std::unique_ptr<ChildProcess> process_;
  ChdbEndpoint endpoint_;  // Its url is "" while nothing serves.
  std::thread forwarder_;

  std::mutex log_mutex_;
  std::map<int64_t, Log> logs_;
};

/// `given`, else $CPHOST_CHDB, else `cphost-chdb` where an installation or a build has it. Throws
/// ChdbError that lists where it looked.
std::string find_chdb_program(const std::string& given);

/// The folder of "chdb:///folder", or "" for other URLs. Throws std::invalid_argument for one that
/// is not absolute.
std::string chdb_folder(const std::string& url);

}  // namespace clickhouse
