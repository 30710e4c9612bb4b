// SPDX-License-Identifier: Apache-2.0
// The streams that a reader holds, from assigned to released. Used by the worker's thread alone.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream.hpp"

namespace kafka {

class Streams {
 public:
  /// Numbers are never used again: they are the epoch that keeps a late commit from being mistaken.
  Stream& add(std::string_view topic, int32_t partition) {
    auto stream = std::make_unique<Stream>();
    stream->id = ++last_id_;
    stream->topic = topic;
    stream->partition = partition;
    streams_.push_back(std::move(stream));
    return *streams_.back();
  }

  /// Nothing when the host has released it, or never had it.
  Stream* find(uint64_t id) const {
    const auto found = position_of(id);
    return found == streams_.end() ? nullptr : found->get();
  }

  void remove(uint64_t id) {
    const auto found = position_of(id);
    if (found != streams_.end()) streams_.erase(found);
  }

  bool empty() const { return streams_.empty(); }
  auto begin() const { return streams_.begin(); }
  auto end() const { return streams_.end(); }

 private:
  using List = std::vector<std::unique_ptr<Stream>>;

  // Sorted by number, since numbers only grow.
  List::const_iterator position_of(uint64_t id) const {
    const auto found = std::lower_bound(
        streams_.begin(), streams_.end(), id,
        [](const std::unique_ptr<Stream>& stream, uint64_t wanted) { return stream->id < wanted; });
    return found != streams_.end() && (*found)->id == id ? found : streams_.end();
  }

  List streams_;
  uint64_t last_id_ = 0;
};

}  // namespace kafka
