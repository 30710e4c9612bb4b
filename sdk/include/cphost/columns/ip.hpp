// SPDX-License-Identifier: Apache-2.0
// cphost/columns/ip.hpp: addresses from text. IPv4 as a number whose highest byte is the first
// octet, IPv6 as 16 bytes in network order; an IPv4 address in an IPv6 column becomes
// ::ffff:a.b.c.d.
#pragma once

#include <arpa/inet.h>

#include <string_view>

#include "bytes.hpp"

namespace cphost::columns {

// a.b.c.d at p: returns the end or nullptr. An octet may have four digits, as in ClickHouse. Reads
// at most 20 bytes.
inline const Byte* parse_ipv4(const Byte* p, uint32_t& value) {
  value = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0 && *p++ != '.') return nullptr;
    unsigned octet = 0, n = 0;
    for (; n < 4 && is_digit(*p); ++n) octet = octet * 10 + static_cast<unsigned>(*p++ - '0');
    if (n == 0 || octet > 255) return nullptr;
    value = value << 8 | octet;
  }
  return p;
}

// The whole text, with a byte that is no digit behind it.
inline bool parse_ipv6(std::string_view text, Byte* out) {
  uint32_t v4;
  const auto* p = reinterpret_cast<const Byte*>(text.data());
  // ClickHouse takes 01.2.3.4 for the beginning of an IPv6 address.
  const bool v6 = text.size() > 1 && text[0] == '0' && text[1] != '.';
  if (!v6 && parse_ipv4(p, v4) == p + text.size()) {
    std::memset(out, 0, 10);
    out[10] = out[11] = 0xff;
    for (int i = 0; i < 4; ++i) out[12 + i] = static_cast<Byte>(v4 >> (24 - 8 * i));
    return true;
  }
  char buffer[INET6_ADDRSTRLEN + 1];
  if (text.size() >= sizeof buffer || text.find('\0') != text.npos) return false;
  std::memcpy(buffer, text.data(), text.size());
  buffer[text.size()] = '\0';
  return inet_pton(AF_INET6, buffer, out) == 1;
}

}  // namespace cphost::columns
