// SPDX-License-Identifier: Apache-2.0
// cphost/source.hpp: a class becomes a source.
//
//     class Reader {
//      public:
//       Reader(Shared& shared, Env env);                open: one a worker
//       Status poll(const Limits& limits, Events& out);
//       void seek(uint64_t stream, std::string_view after);
//                                                       optional:
//       Status commit(std::span<cphost_commit> items);  positions and notes are durable in the
//       source void release(uint64_t stream); void pause(uint64_t stream, bool on); void
//       interrupt();                               [any] int64_t lag(); struct Shared; made as
//       Shared(options, env); default: OnlyOptions<O>
//     };
//
// The records' schema: `static Schema schema()` of the class, or `Schema records_schema() const` of
// its Shared where it depends on the options. Threads, lifetimes and the meaning of each call:
// source.h.
#pragma once

#include <span>
#include <string_view>

#include "batch.hpp"
#include "positions.hpp"
#include "source.h"
#include "thunk.hpp"

namespace cphost {

// Of one poll: stop at the first limit that is reached.
struct Limits {
  uint32_t records;
  uint64_t bytes;
  uint32_t timeout_ms;
};

// Out of poll; strings are copied and arrays moved before each call returns.
class Events {
 public:
  explicit Events(const cphost_events* events) : events_(events) {}

  void assigned(uint64_t stream, std::string_view name, std::string_view position = {},
                std::string_view note = {}) {
    events_->assigned(events_->ctx, stream, str(name), str(position), str(note));
  }
  void records(uint64_t stream, UniqueArray records) {
    ArrowArray moved = records.move_out();
    events_->records(events_->ctx, stream, &moved);
  }
  // What the batch holds, if anything.
  void records(uint64_t stream, BatchBuilder& batch) {
    if (!batch.empty()) records(stream, batch.finish());
  }
  void reached(uint64_t stream, std::string_view position) {
    events_->reached(events_->ctx, stream, str(position));
  }
  void reject(uint64_t stream, std::string_view position, const char* code, std::string_view text,
              std::string_view head, uint64_t size) {
    events_->reject(events_->ctx, stream, str(position), code, str(text), str(head), size);
  }
  void ended(uint64_t stream) { events_->ended(events_->ctx, stream); }
  void revoking(uint64_t stream, uint32_t deadline_ms) {
    events_->revoking(events_->ctx, stream, deadline_ms);
  }
  void lost(uint64_t stream) { events_->lost(events_->ctx, stream); }

 private:
  const cphost_events* events_;
};

template <class R, const auto& kOptions>
class SourceTable {
  using O = typename std::remove_cvref_t<decltype(kOptions)>::Struct;
  using S = typename thunk::SharedOf<R, O>::Type;

  static int32_t schema(void* shared, ArrowSchema* out) noexcept {
    return thunk::guard(thunk::env_of<S>(shared), [&] {
      if constexpr (requires(S & s) { s.records_schema(); }) {
        thunk::export_schema(thunk::self<S>(shared).records_schema(), out);
      } else {
        thunk::export_schema(R::schema(), out);
      }
    });
  }

  static int32_t poll(void* reader, uint32_t records, uint64_t bytes, uint32_t timeout_ms,
                      const cphost_events* events) noexcept {
    return thunk::guard(thunk::env_of<R>(reader), [&] {
      Events out(events);
      return thunk::self<R>(reader).poll(Limits{records, bytes, timeout_ms}, out);
    });
  }

  static constexpr void set_optional(cphost_source& table) {
    if constexpr (requires(R & r, std::span<cphost_commit> items) { r.commit(items); }) {
      table.commit = [](void* reader, cphost_commit* items, uint32_t n) noexcept {
        return thunk::guard(thunk::env_of<R>(reader), [&] {
          return thunk::self<R>(reader).commit(std::span<cphost_commit>(items, n));
        });
      };
    }
    if constexpr (requires(R & r) { r.release(uint64_t{}); }) {
      table.release = [](void* reader, uint64_t stream) noexcept {
        thunk::guard_void(thunk::env_of<R>(reader),
                          [&] { thunk::self<R>(reader).release(stream); });
      };
    }
    if constexpr (requires(R & r) { r.pause(uint64_t{}, true); }) {
      table.pause = [](void* reader, uint64_t stream, int32_t on) noexcept {
        return thunk::guard(thunk::env_of<R>(reader),
                            [&] { return thunk::self<R>(reader).pause(stream, on != 0); });
      };
    }
    if constexpr (requires(R & r) { r.interrupt(); }) {
      table.interrupt = [](void* reader) noexcept {
        thunk::guard_void(thunk::env_of<R>(reader), [&] { thunk::self<R>(reader).interrupt(); });
      };
    }
    if constexpr (requires(R & r) { r.lag(); }) {
      table.lag = [](void* reader) noexcept {
        int64_t records = -1;
        thunk::guard_void(thunk::env_of<R>(reader),
                          [&] { records = thunk::self<R>(reader).lag(); });
        return records;
      };
    }
  }

  static constexpr cphost_source make_table() {
    cphost_source table{};
    table.struct_size = sizeof table;
    thunk::set_create<S, kOptions>(table);
    table.schema = schema;
    table.open = [](void* shared, const cphost_env* env, void** out) noexcept {
      return thunk::make<R>(env, out, thunk::self<S>(shared), Env(env));
    };
    table.poll = poll;
    table.seek = [](void* reader, uint64_t stream, cphost_str after) noexcept {
      return thunk::guard(thunk::env_of<R>(reader),
                          [&] { return thunk::self<R>(reader).seek(stream, view(after)); });
    };
    table.close = thunk::drop<R>;
    set_optional(table);
    return table;
  }

 public:
  static constexpr cphost_source kTable = make_table();

  // Of the component; see plugin.h.
  static const void* extension(void*, const char* id) noexcept {
    if constexpr (KeepsPositions<S>) {
      if (std::string_view(id) == CPHOST_POSITIONS_EXTENSION) return &PositionsTable<S>::kTable;
    }
    return nullptr;
  }
};

}  // namespace cphost
