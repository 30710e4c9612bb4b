// SPDX-License-Identifier: Apache-2.0
// cphost/positions.hpp: a source whose Shared has these two lets users see and change positions.
//
//     struct Shared {
//       void list_positions(std::string_view to, KeptStreams& out);
//       void set_positions(std::span<const cphost_position_change> changes);
//     };
//
// Meaning and statuses: positions.h.
#pragma once

#include <span>
#include <string_view>

#include "positions.h"
#include "thunk.hpp"

namespace cphost {

struct KeptStream {
  std::string_view name;
  std::string_view position;
  std::string_view note;
  std::string_view first;
  std::string_view end;
  std::string_view target;
  int64_t lag = -1;
};

// Out of list_positions; the texts are copied before the call returns.
class KeptStreams {
 public:
  using Tell = void (*)(void* ctx, const cphost_kept_stream*);
  KeptStreams(Tell tell, void* ctx) : tell_(tell), ctx_(ctx) {}

  void add(const KeptStream& stream) {
    cphost_kept_stream out{};
    out.struct_size = sizeof out;
    out.name = str(stream.name);
    out.position = str(stream.position);
    out.note = str(stream.note);
    out.first = str(stream.first);
    out.end = str(stream.end);
    out.target = str(stream.target);
    out.lag = stream.lag;
    tell_(ctx_, &out);
  }

 private:
  Tell tell_;
  void* ctx_;
};

template <class S>
concept KeepsPositions = requires(S& shared, KeptStreams& out) {
  shared.list_positions(std::string_view(), out);
  shared.set_positions(std::span<const cphost_position_change>());
};

template <KeepsPositions S>
class PositionsTable {
  static int32_t list(void* self, cphost_str to, void* ctx, KeptStreams::Tell stream) noexcept {
    return thunk::guard(thunk::env_of<S>(self), [&] {
      KeptStreams out(stream, ctx);
      thunk::self<S>(self).list_positions(view(to), out);
    });
  }
  static int32_t set(void* self, const cphost_position_change* changes, uint32_t n) noexcept {
    return thunk::guard(thunk::env_of<S>(self), [&] {
      thunk::self<S>(self).set_positions(std::span<const cphost_position_change>(changes, n));
    });
  }

 public:
  static constexpr cphost_positions kTable{sizeof(cphost_positions), 0, list, set};
};

}  // namespace cphost
