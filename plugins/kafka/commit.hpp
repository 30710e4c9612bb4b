// SPDX-License-Identifier: Apache-2.0
// The host's positions and Kafka's offsets, and the way of the one into the other.
//
// A position is the offset of the last record that is done, as decimal text; Kafka commits the
// offset of the next one.
#pragma once

#include <cphost/status.hpp>
#include <cstdint>
#include <span>
#include <string_view>

#include "client.hpp"
#include "streams.hpp"

namespace kafka {

/// The offset that a position names. FATAL when it is none.
int64_t parse_position(std::string_view position);

/// Commits all items in one request, notes as metadata, and gives each item its status. Items of
/// streams that are not held any more are not sent: their partitions may be another member's.
cphost::Status commit_positions(Client& client, const Streams& streams,
                                std::span<cphost_commit> items);

}  // namespace kafka
