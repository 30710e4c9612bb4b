// SPDX-License-Identifier: Apache-2.0
#include "server.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>

#include "errors.hpp"
#include "log.hpp"

namespace chdb {
namespace {

constexpr int kIdleCheckMilliseconds = 1000;
constexpr auto kIdleBeforePurge = std::chrono::seconds(3);
/// Below this the engine keeps little enough.
constexpr uint64_t kBytesBeforePurge = uint64_t{32} << 20;

/// True at the end of input; what is there is read and forgotten.
bool input_has_ended(int fd) {
  char ignored[4096];
  const ssize_t count = read(fd, ignored, sizeof ignored);
  return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

void refuse(const Descriptor& client, size_t connections_max) {
  const Failure failure(kTooManySimultaneousQueries,
                        "Too many connections: more than " + std::to_string(connections_max) +
                            "; try again later or raise --max-connections");
  const std::string text = std::string(failure.text()) + "\n";
  const std::string answer =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: Close\r\n"
      "Content-Type: text/plain; charset=UTF-8\r\nX-ClickHouse-Exception-Code: " +
      std::to_string(failure.code()) + "\r\nContent-Length: " + std::to_string(text.size()) +
      "\r\n\r\n" + text;
  if (send(client.get(), answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0) return;
  shutdown(client.get(), SHUT_WR);
  char ignored[64 * 1024];
  // Unread bytes would reset the connection before the client has read the answer.
  while (recv(client.get(), ignored, sizeof ignored, MSG_DONTWAIT) > 0) {
  }
}

}  // namespace

Server::Server(Engine& engine, const Handler& handler, Descriptor listener, ServerOptions options)
    : engine_(engine),
      handler_(handler),
      listener_(std::move(listener)),
      options_(options),
      stop_event_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

bool Server::run(const StopSources& sources) {
  while (true) {
    pollfd entries[] = {
        {listener_.get(), POLLIN, 0}, {sources.signals, POLLIN, 0}, {sources.input, POLLIN, 0}};
    const bool may_purge = bytes_since_purge_ >= kBytesBeforePurge;
    const int ready = poll(entries, 3, may_purge ? kIdleCheckMilliseconds : -1);
    if (ready < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "poll");
    }
    if (ready <= 0) {
      purge_when_idle();
      continue;
    }
    if (entries[1].revents != 0) {
      signalfd_siginfo info{};
      if (read(sources.signals, &info, sizeof info) == sizeof info) {
        log(LogLevel::kInfo, "stopping: signal " + std::to_string(info.ssi_signo));
        return finish_requests();
      }
    }
    if (entries[2].revents != 0 && input_has_ended(sources.input)) {
      log(LogLevel::kInfo, "stopping: standard input has ended");
      return finish_requests();
    }
    if (entries[0].revents != 0) accept_one();
  }
}

void Server::accept_one() {
  Descriptor client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (client.get() >= 0) {
    start(std::move(client));
  } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
    log(LogLevel::kError, std::string("cannot accept a connection: ") + std::strerror(errno));
    std::unique_lock lock(mutex_);
    connection_ended_.wait_for(lock, std::chrono::milliseconds(100));
  }
}

void Server::start(Descriptor client) {
  bool full = false;
  {
    const std::lock_guard lock(mutex_);
    full = connections_ >= options_.connections_max;
    if (!full) ++connections_;
  }
  if (full) {
    log(LogLevel::kWarning, "refused a connection: " + std::to_string(options_.connections_max) +
                                " are open (--max-connections)");
    refuse(client, options_.connections_max);
    return;
  }
  try {
    std::thread([this, owned = std::move(client)]() mutable { serve(std::move(owned)); }).detach();
  } catch (const std::system_error& error) {
    log(LogLevel::kError, std::string("cannot start a thread: ") + error.what());
    const std::lock_guard lock(mutex_);
    --connections_;
  }
}

void Server::serve(Descriptor client) {
  {
    Socket socket(std::move(client), options_.receive_timeout, options_.send_timeout);
    try {
      answer_requests(socket);
    } catch (const ConnectionLost& lost) {
      log(LogLevel::kWarning, socket.peer() + ": " + lost.what());
    } catch (const std::exception& error) {
      log(LogLevel::kError, socket.peer() + ": " + error.what());
    }
  }
  const std::lock_guard lock(mutex_);
  --connections_;
  connection_ended_.notify_all();
}

void Server::answer_requests(Socket& socket) {
  HttpConnection connection(socket, options_.http, stop_event_.get());
  struct Counted {
    explicit Counted(Server& owner) : server(owner) { ++server.requests_; }
    ~Counted() {
      server.last_request_end_ = Clock::now().time_since_epoch().count();
      --server.requests_;
    }
    Server& server;
  };
  try {
    while (connection.next_request()) {
      const Counted counted(*this);
      bytes_since_purge_ += handler_.handle(connection, socket.peer());
    }
  } catch (const BadRequest& bad) {
    log(LogLevel::kWarning, socket.peer() + ": HTTP " + std::to_string(bad.status()) +
                                ": not a valid request: " + bad.what());
    connection.send(bad.status(), {{"Content-Type", "text/plain; charset=UTF-8"}},
                    std::string("Not a valid request: ") + bad.what() + "\n");
  }
}

bool Server::finish_requests() {
  listener_ = Descriptor();
  const uint64_t one = 1;
  if (write(stop_event_.get(), &one, sizeof one) < 0) return false;
  std::unique_lock lock(mutex_);
  return connection_ended_.wait_for(lock, options_.stop_timeout,
                                    [this] { return connections_ == 0; });
}

void Server::purge_when_idle() {
  const Clock::time_point last_end{Clock::duration(last_request_end_)};
  if (bytes_since_purge_ < kBytesBeforePurge || requests_ > 0 ||
      Clock::now() - last_end < kIdleBeforePurge) {
    return;
  }
  bytes_since_purge_ = 0;
  try {
    engine_.purge_memory();
  } catch (const Failure& failure) {
    log(LogLevel::kWarning, std::string("cannot purge memory: ").append(failure.text()));
  }
}

}  // namespace chdb
