// SPDX-License-Identifier: Apache-2.0
// cphost/columns/ip.hpp: addresses from text. IPv4 as a number whose highest byte is the first
// octet, IPv6 as 16 bytes in network order; an IPv4 address in an IPv6 column becomes
// ::ffff:a.b.c.d.
#pragma once

#include <arpa/inet.h>

#include <string_view>

#include "bytes.hpp"

namespace cphost::columns {

// a.b.c.d at p: returns the end or nullptr. Reads at most 16 bytes.
inline const Byte* parse_ipv4(const Byte* p, uint32_t& value) {
  value = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && *p++ != '.') return nullptr;
    unsigned octet = 0, n = 0;
    for (; n < 3 && is_digit(*p); ++n) octet = octet * 10 + static_cast<unsigned>(*p++ - '0');
    if (n == 0 || octet > 255) return nullptr;
    value = value << 8 | octet;
  }
  return p;
}

// The whole text.
inline bool parse_ipv6(std::string_view text, Byte* out) {
  char buffer[INET6_ADDRSTRLEN + 1];
  if (text.size() >= sizeof buffer || text.find('\0') != text.npos) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  if (inet_pton(AF_INET6, buffer, out) == 1) return true;
  std::memset(out, 0, 10);
  out[10] = out[11] = 0xff;
  return inet_pton(AF_INET, buffer, out + 12) == 1;
}

}  // namespace cphost::columns
