// SPDX-License-Identifier: Apache-2.0
// CRC-32C (Castagnoli, reflected), of what the host keeps in files and beside positions. Bit by
// bit: it sees a few hundred bytes a second.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cphost::host {

uint32_t crc32c(std::string_view bytes);

/// Eight hexadecimal digits.
std::string hex8(uint32_t value);

}  // namespace cphost::host
