// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/stream.hpp"

#include <algorithm>
#include <utility>

#include "host/pipe/position.hpp"
#include "host/pipe/safeguard.hpp"

namespace cphost::host {
namespace {

// Of a note, less what it has besides ranges.
constexpr size_t kRoom = Note::kBytesMax - 64;

constexpr size_t room_of(size_t position) {
  constexpr size_t kSaltSize = 16;
  return position + kSaltSize + 2;
}

}  // namespace

bool Stream::settled() const {
  return std::none_of(open.begin(), open.end(),
                      [](const auto& span) { return span->unsettled > 0; });
}

void Stream::mark_committed() {
  committed = watermark;
  start_pending = false;
  note_is_old = false;
  for (const auto& range : ranges) {
    if (range->state == Range::State::kSealed) range->state = Range::State::kNoted;
  }
}

int64_t Stream::advance() {
  for (const auto& range : ranges) {
    if (range->state != Range::State::kNoted) continue;
    const bool waits = std::any_of(open.begin(), open.end(), [&](const auto& span) {
      return span->range == range->number && span->unsettled > 0;
    });
    if (waits) continue;
    range->state = Range::State::kDone;
    note_is_old = true;
  }
  int64_t filtered = 0;
  while (!open.empty() &&
         (open.front()->unsettled == 0 || !in_force(Safeguard::kContiguousWatermark))) {
    const Range* range = find_range(open.front()->range);
    if (range && range->state != Range::State::kDone) break;  // never into the midst of one
    filtered += open.front()->filtered;
    watermark = std::move(open.front()->last);
    open.pop_front();
  }
  while (!ranges.empty() && ranges.front()->state == Range::State::kDone &&
         !position_less(watermark, ranges.front()->last)) {
    ranges.pop_front();
  }
  return filtered;
}

void Stream::reach(std::string_view position) {
  const bool fresh = open.empty() && watermark.empty();
  if (!position_less(open.empty() ? watermark : open.back()->last, position)) return;
  start_pending |= fresh;
  // While something before it is open, one span tells of any number of such positions.
  if (!open.empty() && !open.back()->batch && open.back()->unsettled == 0 &&
      open.back()->range == 0) {
    open.back()->last = position;
    return;
  }
  auto span = std::make_shared<Span>();
  span->stream = id;
  span->last = position;
  open.push_back(std::move(span));
}

Range& Stream::add_range(Range::State state) {
  ranges.push_back(std::make_unique<Range>(++last_range, state));
  return *ranges.back();
}

Range& Stream::rest_of(const Range& range) {
  const auto it = std::find_if(ranges.begin(), ranges.end(),
                               [&](const auto& other) { return other.get() == &range; });
  const auto next = it + 1;
  if (next != ranges.end() && (*next)->held && !(*next)->sent) return **next;
  auto rest = std::make_unique<Range>(++last_range, Range::State::kSealed);
  rest->held = true;
  rest->last = range.last;
  return **ranges.insert(next, std::move(rest));
}

Range* Stream::find_range(uint64_t number) {
  for (const auto& range : ranges) {
    if (range->number == number) return range.get();
  }
  return nullptr;
}

Range* Stream::noted_range(std::string_view position) {
  for (const auto& range : ranges) {
    if (range->is_noted() && !position_less(range->last, position)) return range.get();
  }
  return nullptr;
}

bool Stream::can_seal() const {
  size_t noted = 0;
  size_t longest = ranges.empty() ? 0 : ranges.back()->last.size();
  for (const NotedRange& range : pending(0).ranges) {
    ++noted;
    longest = std::max(longest, range.last.size());
  }
  // Each may be cut in two.
  return noted < Note::kRangesMax && 2 * (noted + 1) * room_of(longest) <= kRoom;
}

bool Stream::can_cut() const {
  size_t bytes = 0;
  size_t longest = 0;
  for (const NotedRange& range : pending(0).ranges) {
    bytes += room_of(range.last.size());
    longest = std::max(longest, range.last.size());
  }
  return bytes + room_of(longest) <= kRoom;
}

bool Stream::has_work() const {
  return std::any_of(ranges.begin(), ranges.end(), [](const auto& range) {
    return range->state != Range::State::kReplaying && range->state != Range::State::kDone;
  });
}

Note Stream::pending(uint32_t recipe) const {
  Note pending;
  pending.recipe = recipe;
  for (const auto& range : ranges) {
    if (!range->is_noted()) continue;
    const bool done = range->state == Range::State::kDone;
    if (done && !pending.ranges.empty() && pending.ranges.back().is_written()) {
      pending.ranges.back().last = range->last;
      continue;
    }
    pending.ranges.push_back({range->last, done ? std::string(NotedRange::kWritten) : range->salt});
    if (pending.since_ms == 0 || range->since_ms < pending.since_ms)
      pending.since_ms = range->since_ms;
  }
  return pending;
}

int64_t Stream::forget_replays() {
  int64_t forgotten = 0;
  for (const auto& span : open) {
    const Range* range = find_range(span->range);
    if (!range || range->state != Range::State::kReplaying) continue;
    forgotten += span->unsettled + std::exchange(span->filtered, 0);
    span->dropped = true;
    span->unsettled = 0;
  }
  return forgotten;
}

}  // namespace cphost::host
