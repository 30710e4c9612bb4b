// SPDX-License-Identifier: Apache-2.0
// cphost/sink.hpp: a class becomes a sink.
//
//     class Writer {
//      public:
//       Writer(Shared& shared, Env env, const ArrowSchema& rows);     `rows` lives until the writer
//       is closed Status write(const cphost_block& block, Result& out); void interrupt(); optional,
//       [any] struct Shared;                                                optional:
//       Shared(options, env)
//     };
//
// Shared may have
//     Status describe(ArrowSchema* target);                        again: there is no target yet
//     Status prepare(const ArrowSchema& wanted, uint32_t flags, const Statements& out);
//     Status runs(const cphost_runs_query& query, const ArrowRows& out);      extension, runs.h
//     Status read_rejects(const cphost_rejects_query& query, const ArrowRows& out);
//     Status mark_rejects(std::string_view pipe, std::span<const cphost_str> ids, int64_t mark);
//                                                            together an extension, rejects.h
// The meaning of each call: sink.h.
#pragma once

#include <span>
#include <string_view>

#include "arrow.hpp"
#include "rejects.h"
#include "runs.h"
#include "sink.h"
#include "thunk.hpp"

namespace cphost {

// Out of write.
class Result {
 public:
  explicit Result(const cphost_result* result) : result_(result) {}

  // With Status::reject: this row of the block is why.
  void reject(int64_t row, const char* code, std::string_view text, std::string_view column = {}) {
    result_->reject(result_->ctx, row, code, str(column), str(text));
  }
  // With Status::retry: not sooner than in `ms` milliseconds.
  void retry_after(uint32_t ms) { result_->retry_after(result_->ctx, ms); }

 private:
  const cphost_result* result_;
};

// Out of prepare: each statement that is run, or would be.
class Statements {
 public:
  Statements(void* ctx, void (*text)(void*, cphost_str)) : ctx_(ctx), text_(text) {}
  void operator()(std::string_view statement) const { text_(ctx_, str(statement)); }

 private:
  void* ctx_;
  void (*text_)(void*, cphost_str);
};

// Out of runs and read_rejects: struct arrays, given away one after the other.
class ArrowRows {
 public:
  ArrowRows(void* ctx, void (*rows)(void*, ArrowArray*)) : ctx_(ctx), rows_(rows) {}
  void operator()(UniqueArray rows) const {
    ArrowArray moved = rows.move_out();
    rows_(ctx_, &moved);
  }

 private:
  void* ctx_;
  void (*rows_)(void*, ArrowArray*);
};

template <class W, const auto& kOptions>
class SinkTable {
  using O = typename std::remove_cvref_t<decltype(kOptions)>::Struct;
  using S = typename thunk::SharedOf<W, O>::Type;

  static int32_t write(void* writer, const cphost_block* block,
                       const cphost_result* result) noexcept {
    return thunk::guard(thunk::env_of<W>(writer), [&] {
      Result out(result);
      return thunk::self<W>(writer).write(*block, out);
    });
  }

  static constexpr cphost_sink make_table() {
    cphost_sink table{};
    table.struct_size = sizeof table;
    thunk::set_create<S, kOptions>(table);
    table.open = [](void* shared, const cphost_env* env, const ArrowSchema* rows,
                    void** out) noexcept {
      return thunk::make<W>(env, out, thunk::self<S>(shared), Env(env), *rows);
    };
    table.write = write;
    table.close = thunk::drop<W>;
    if constexpr (requires(W & w) { w.interrupt(); }) {
      table.interrupt = [](void* writer) noexcept {
        thunk::guard_void(thunk::env_of<W>(writer), [&] { thunk::self<W>(writer).interrupt(); });
      };
    }
    if constexpr (requires(S & s, ArrowSchema * target) { s.describe(target); }) {
      table.describe = [](void* shared, ArrowSchema* target) noexcept {
        return thunk::guard(thunk::env_of<S>(shared),
                            [&] { return thunk::self<S>(shared).describe(target); });
      };
    }
    if constexpr (requires(S & s, const ArrowSchema& a, const Statements& t) {
                    s.prepare(a, 0u, t);
                  }) {
      table.prepare = [](void* shared, const ArrowSchema* wanted, uint32_t flags, void* ctx,
                         void (*text)(void*, cphost_str)) noexcept {
        return thunk::guard(thunk::env_of<S>(shared), [&] {
          return thunk::self<S>(shared).prepare(*wanted, flags, Statements(ctx, text));
        });
      };
    }
    return table;
  }

  static constexpr bool kHasRuns =
      requires(S & s, const cphost_runs_query& query, const ArrowRows& out) {
    s.runs(query, out);
  };

  static constexpr bool kHasRejects =
      requires(S & s, const cphost_rejects_query& query, const ArrowRows& out) {
    s.read_rejects(query, out);
    s.mark_rejects(std::string_view(), std::span<const cphost_str>(), int64_t{});
  };

  static int32_t read_rejects(void* shared, const cphost_rejects_query* query, void* ctx,
                              void (*rows)(void*, ArrowArray*)) noexcept {
    return thunk::guard(thunk::env_of<S>(shared), [&] {
      return thunk::self<S>(shared).read_rejects(*query, ArrowRows(ctx, rows));
    });
  }
  static int32_t mark_rejects(void* shared, cphost_str pipe, const cphost_str* ids, uint32_t count,
                              int64_t mark) noexcept {
    return thunk::guard(thunk::env_of<S>(shared), [&] {
      return thunk::self<S>(shared).mark_rejects(view(pipe),
                                                 std::span<const cphost_str>(ids, count), mark);
    });
  }

  static int32_t runs(void* shared, const cphost_runs_query* query, void* ctx,
                      void (*rows)(void*, ArrowArray*)) noexcept {
    return thunk::guard(thunk::env_of<S>(shared),
                        [&] { return thunk::self<S>(shared).runs(*query, ArrowRows(ctx, rows)); });
  }

 public:
  static constexpr cphost_sink kTable = make_table();

  // What the class has of the extensions that the SDK knows.
  static const void* extension(void*, const char* id) noexcept {
    if constexpr (kHasRuns) {
      static constexpr cphost_runs kRuns = {sizeof(cphost_runs), 0, runs};
      if (std::string_view(id) == CPHOST_RUNS_EXTENSION) return &kRuns;
    }
    if constexpr (kHasRejects) {
      static constexpr cphost_rejects kRejects = {sizeof(cphost_rejects), 0, read_rejects,
                                                  mark_rejects};
      if (std::string_view(id) == CPHOST_REJECTS_EXTENSION) return &kRejects;
    }
    return nullptr;
  }
};

}  // namespace cphost
