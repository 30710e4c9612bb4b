// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace chdb {
namespace {

constexpr int kBacklog = 511;

int milliseconds_until(Clock::time_point deadline) {
  const auto left = deadline - Clock::now();
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(left).count();
  return static_cast<int>(std::clamp<long long>(count, 0, 3'600'000));
}

Clock::time_point after(std::chrono::seconds timeout) {
  return Clock::now() + timeout;
}

/// False at the deadline.
bool wait_for(int fd, short events, Clock::time_point deadline) {
  while (true) {
    pollfd entry{fd, events, 0};
    const int ready = poll(&entry, 1, milliseconds_until(deadline));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw ConnectionLost(std::strerror(errno));
    if (ready == 0 && Clock::now() >= deadline) return false;
  }
}

struct Address {
  sockaddr_storage storage{};
  socklen_t size = sizeof(sockaddr_storage);

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }

  std::string text() const {
    char buffer[INET6_ADDRSTRLEN] = "";
    if (storage.ss_family == AF_INET6) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
      inet_ntop(AF_INET6, &v6.sin6_addr, buffer, sizeof buffer);
      return std::string("[") + buffer + "]:" + std::to_string(ntohs(v6.sin6_port));
    }
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
    inet_ntop(AF_INET, &v4.sin_addr, buffer, sizeof buffer);
    return std::string(buffer) + ":" + std::to_string(ntohs(v4.sin_port));
  }
};

/// False when `text` is no numeric address.
bool parse_address(const std::string& text, uint16_t port, Address& address) {
  auto& v4 = reinterpret_cast<sockaddr_in&>(address.storage);
  if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    address.size = sizeof v4;
    return true;
  }
  auto& v6 = reinterpret_cast<sockaddr_in6&>(address.storage);
  if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    address.size = sizeof v6;
    return true;
  }
  return false;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) close(fd_);
}

Socket::Socket(Descriptor descriptor, std::chrono::seconds receive_timeout,
               std::chrono::seconds send_timeout)
    : descriptor_(std::move(descriptor)),
      receive_timeout_(receive_timeout),
      send_timeout_(send_timeout) {
  const int on = 1;
  setsockopt(descriptor_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  Address address;
  if (getpeername(descriptor_.get(), address.get(), &address.size) == 0) peer_ = address.text();
}

size_t Socket::receive(char* data, size_t size, Clock::time_point deadline) {
  const auto limit = std::min(deadline, after(receive_timeout_));
  while (true) {
    if (!wait_for(descriptor_.get(), POLLIN, limit)) {
      throw ConnectionLost("the client sent nothing for too long");
    }
    const ssize_t count = recv(descriptor_.get(), data, size, MSG_DONTWAIT);
    if (count >= 0) return static_cast<size_t>(count);
    if (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      throw ConnectionLost(std::strerror(errno));
    }
  }
}

bool Socket::wait_readable(int stop_fd, Clock::time_point deadline) {
  while (true) {
    pollfd entries[] = {{descriptor_.get(), POLLIN, 0}, {stop_fd, POLLIN, 0}};
    const int ready = poll(entries, 2, milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR) return false;
    if (ready > 0 && entries[0].revents != 0) return true;
    if (ready > 0 && entries[1].revents != 0) return false;
    if (ready == 0 && Clock::now() >= deadline) return false;
  }
}

void Socket::send(std::string_view data) {
  auto limit = after(send_timeout_);
  while (!data.empty()) {
    const ssize_t count =
        ::send(descriptor_.get(), data.data(), data.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count > 0) {
      data.remove_prefix(static_cast<size_t>(count));
      limit = after(send_timeout_);
    } else if (count < 0 && errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK) {
      throw ConnectionLost(std::strerror(errno));
    } else if (!wait_for(descriptor_.get(), POLLOUT, limit)) {
      throw ConnectionLost("the client took nothing for too long");
    }
  }
}

void Socket::finish() {
  constexpr auto kPatience = std::chrono::seconds(5);
  shutdown(descriptor_.get(), SHUT_WR);
  const auto deadline = Clock::now() + kPatience;
  char ignored[64 * 1024];
  try {
    while (receive(ignored, sizeof ignored, deadline) > 0 && Clock::now() < deadline) {
    }
  } catch (const ConnectionLost&) {
    // The answer has been sent; whether the client wants to know is its affair.
  }
}

Descriptor listen_on(const std::string& address, uint16_t port) {
  Address parsed;
  const std::string place = address + " port " + std::to_string(port);
  if (!parse_address(address, port, parsed)) {
    throw std::runtime_error("'" + address +
                             "' is not a numeric IPv4 or IPv6 address: use 127.0.0.1, ::1, "
                             "0.0.0.0 or an address of this machine");
  }
  Descriptor listener(
      socket(parsed.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (listener.get() < 0 || bind(listener.get(), parsed.get(), parsed.size) != 0 ||
      listen(listener.get(), kBacklog) != 0) {
    throw std::runtime_error("cannot listen on " + place + ": " + std::strerror(errno));
  }
  return listener;
}

std::string local_address(const Descriptor& listener) {
  Address address;
  getsockname(listener.get(), address.get(), &address.size);
  return address.text();
}

bool is_loopback(const std::string& address) {
  return address.substr(0, 4) == "127." || address == "::1";
}

}  // namespace chdb
