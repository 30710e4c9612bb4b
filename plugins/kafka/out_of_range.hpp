// SPDX-License-Identifier: Apache-2.0
// Streams whose next record a broker does not have, and how they go on.
//
// Where the log goes on later, the host is told that nothing comes up to there. Where it ends
// before, offsets are given a second time: the host's positions and notes of the stream mean
// records that are gone, so the stream is lost, the group's position is set, and a new stream
// begins.
#pragma once

#include <cphost/source.hpp>

#include "client.hpp"
#include "ends.hpp"
#include "streams.hpp"

namespace kafka {

/// Deals with the streams in state kOutOfRange; a sample has no group to tell. `ends` is null
/// unless the run is bounded. True if something was told. HALT where the user is to decide, RETRY
/// while the brokers do not answer.
bool leave_lost_offsets(Client& client, Streams& streams, bool has_group, Ends* ends,
                        cphost::Events& out);

}  // namespace kafka
