// SPDX-License-Identifier: Apache-2.0
// What a partition begins with that has no committed position.
#pragma once

#include <cphost/source.hpp>

#include "client.hpp"
#include "inventory.hpp"
#include "reading_plan.hpp"
#include "streams.hpp"

namespace kafka {

/// Gives each stream that was sought without a position its first offset, commits that, and tells
/// the host what lies before it. A sample has no group, and so no inventory. True if something was
/// told. RETRY; HALT for an offset that the log does not hold.
bool resolve_starts(Client& client, const Streams& streams, const ReadingPlan& plan,
                    Inventory* inventory, cphost::Events& out);

}  // namespace kafka
