// SPDX-License-Identifier: Apache-2.0
// The positions of a group that has no members, for people: offsets as Kafka counts them, of the
// record that is read next. Each call waits for the brokers.
#pragma once

#include <cphost/positions.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "client.hpp"

namespace kafka {

/// Tells all partitions of `topics`. `to` as the option `start`, or "".
void list_positions(Client& client, std::string_view to, int64_t now_ms, cphost::KeptStreams& out);

/// All of them or none. CONFIG for a partition or an offset that there is not, and while the group
/// has members; RETRY when the brokers do not answer.
void set_positions(Client& client, std::span<const cphost_position_change> changes);

}  // namespace kafka
