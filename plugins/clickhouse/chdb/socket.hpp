// SPDX-License-Identifier: Apache-2.0
// A connected or listening TCP socket with limits on how long the other side may take.
//
// A Socket is used by one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace chdb {

/// Owns a file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor();

  int get() const { return fd_; }

 private:
  int fd_;
};

/// The client is gone, or too slow: there is nobody to answer.
class ConnectionLost : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  Socket(Descriptor descriptor, std::chrono::seconds receive_timeout,
         std::chrono::seconds send_timeout);

  /// Reads what is there, at least one byte, waiting until `deadline` and no longer than the
  /// receive timeout. Returns 0 when the client has closed. Throws ConnectionLost.
  size_t receive(char* data, size_t size, Clock::time_point deadline);
  size_t receive(char* data, size_t size) { return receive(data, size, Clock::time_point::max()); }

  /// True when bytes or the end can be read; false at the deadline, or once `stop_fd` is readable
  /// while nothing is there.
  bool wait_readable(int stop_fd, Clock::time_point deadline);

  /// Throws ConnectionLost.
  void send(std::string_view data);

  /// Ends our side, and takes up what the client still sends for a while: closing with unread
  /// bytes would reset the connection and could destroy the answer on its way.
  void finish();

  const std::string& peer() const { return peer_; }

 private:
  Descriptor descriptor_;
  std::chrono::seconds receive_timeout_;
  std::chrono::seconds send_timeout_;
  std::string peer_;
};

/// Throws std::runtime_error that names the address. Port 0 takes a free one.
Descriptor listen_on(const std::string& address, uint16_t port);

/// `address:port` of a listening socket, IPv6 addresses in brackets.
std::string local_address(const Descriptor& listener);

/// True for an address that only this machine reaches.
bool is_loopback(const std::string& address);

}  // namespace chdb
