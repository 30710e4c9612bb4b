// SPDX-License-Identifier: Apache-2.0
// The option `start`: what a partition begins with that has no committed position.
#pragma once

#include <cphost/source.hpp>
#include <cstdint>
#include <string_view>

#include "client.hpp"
#include "streams.hpp"

namespace kafka {

/// What Client::read_offsets takes: Client::kEarliest, Client::kLatest or milliseconds since 1970.
/// CONFIG for a time that does not exist.
int64_t parse_start(std::string_view text);

/// Gives each stream that was sought without a position its first offset, and tells the host what
/// lies before it. True if something was told. RETRY.
bool resolve_starts(Client& client, const Streams& streams, int64_t start, bool has_group,
                    cphost::Events& out);

}  // namespace kafka
