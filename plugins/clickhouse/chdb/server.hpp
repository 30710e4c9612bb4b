// SPDX-License-Identifier: Apache-2.0
// Accepts connections and gives each a thread, up to a limit, until it is told to stop.
//
// run() is called once, by the thread that made the Server. Connection threads are detached and
// use the Server: it must live until the process ends when run() returned false.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

#include "engine.hpp"
#include "handler.hpp"
#include "http_connection.hpp"
#include "socket.hpp"

namespace chdb {

struct ServerOptions {
  size_t connections_max = 256;
  std::chrono::seconds receive_timeout{30};
  std::chrono::seconds send_timeout{30};
  std::chrono::seconds stop_timeout{10};  ///< For requests under way.
  HttpConnection::Limits http;
};

/// What ends a server, as file descriptors; -1 stands for none.
struct StopSources {
  int signals = -1;  ///< A signalfd.
  int input = -1;    ///< Its end of file stops the server; what comes before it is ignored.
};

class Server {
 public:
  Server(Engine& engine, const Handler& handler, Descriptor listener, ServerOptions options);

  /// Returns whether every request under way when it was stopped has been answered.
  bool run(const StopSources& sources);

 private:
  void accept_one();
  void start(Descriptor client);
  void serve(Descriptor client);
  void answer_requests(Socket& socket);
  bool finish_requests();
  void purge_when_idle();

  Engine& engine_;
  const Handler& handler_;
  Descriptor listener_;
  const ServerOptions options_;
  Descriptor stop_event_;

  std::mutex mutex_;
  std::condition_variable connection_ended_;
  size_t connections_ = 0;

  std::atomic<size_t> requests_{0};
  std::atomic<uint64_t> bytes_since_purge_{0};
  std::atomic<Clock::rep> last_request_end_{0};
};

}  // namespace chdb
