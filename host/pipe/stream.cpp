// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/stream.hpp"

#include <utility>

#include "host/pipe/position.hpp"

namespace cphost::host {

int64_t Stream::advance() {
  int64_t filtered = 0;
  while (!open.empty() && open.front()->unsettled == 0) {
    filtered += open.front()->filtered;
    watermark = std::move(open.front()->last);
    open.pop_front();
  }
  return filtered;
}

void Stream::reach(std::string_view position) {
  const bool fresh = open.empty() && watermark.empty();
  if (!position_less(open.empty() ? watermark : open.back()->last, position)) return;
  start_pending |= fresh;
  // While something before it is open, one span tells of any number of such positions.
  if (!open.empty() && !open.back()->batch && open.back()->unsettled == 0) {
    open.back()->last = position;
    return;
  }
  auto span = std::make_shared<Span>();
  span->stream = id;
  span->last = position;
  open.push_back(std::move(span));
}

}  // namespace cphost::host
