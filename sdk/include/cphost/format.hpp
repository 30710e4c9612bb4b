// SPDX-License-Identifier: Apache-2.0
// cphost/format.hpp: a class becomes a format.
//
//     class Decoder {
//      public:
//       Decoder(Shared& shared, Env env, const ArrowSchema& records, uint32_t column, const
//       ArrowSchema* wanted); Schema rows() const;                                     what decode
//       emits; also UniqueSchema void decode(const ArrowArray& records, Rows& out); struct Shared;
//       optional: Shared(options, env)
//     };
//
// Shared may have `Schema infer(const ArrowSchema& records, uint32_t column, const ArrowArray&
// sample)`. Both schemas that the constructor is given live until the decoder is closed. The
// meaning of each call: format.h.
#pragma once

#include "batch.hpp"
#include "format.h"
#include "thunk.hpp"

namespace cphost {

// Out of decode.
class Rows {
 public:
  explicit Rows(const cphost_rows* rows) : rows_(rows) {}

  // At most once a decode. `record_of_row` names the record of each row; null: row i is record i.
  void rows(UniqueArray rows, const uint32_t* record_of_row = nullptr) {
    ArrowArray moved = rows.move_out();
    rows_->rows(rows_->ctx, &moved, record_of_row);
  }
  void reject(uint32_t record, const char* code, std::string_view text,
              std::string_view column = {}, int64_t byte_offset = -1) {
    rows_->reject(rows_->ctx, record, code, str(column), str(text), byte_offset);
  }

 private:
  const cphost_rows* rows_;
};

template <class D, const auto& kOptions>
class FormatTable {
  using O = typename std::remove_cvref_t<decltype(kOptions)>::Struct;
  using S = typename thunk::SharedOf<D, O>::Type;
  using Object = thunk::Object<D>;

  static int32_t open(void* shared, const cphost_env* env, const ArrowSchema* records,
                      uint32_t column, const ArrowSchema* wanted, ArrowSchema* rows,
                      void** out) noexcept {
    *out = nullptr;
    return thunk::guard(env, [&] {
      std::unique_ptr<Object> made(
          new Object{env, D(thunk::self<S>(shared), Env(env), *records, column, wanted)});
      thunk::export_schema(made->value.rows(), rows);
      *out = made.release();
    });
  }

  static int32_t decode(void* decoder, const ArrowArray* records,
                        const cphost_rows* rows) noexcept {
    return thunk::guard(thunk::env_of<D>(decoder), [&] {
      Rows out(rows);
      return thunk::self<D>(decoder).decode(*records, out);
    });
  }

  static constexpr cphost_format make_table() {
    cphost_format table{};
    table.struct_size = sizeof table;
    thunk::set_create<S, kOptions>(table);
    table.open = open;
    table.decode = decode;
    table.close = thunk::drop<D>;
    if constexpr (requires(S & s, const ArrowSchema& r, const ArrowArray& a) {
                    s.infer(r, 0u, a);
                  }) {
      table.infer = [](void* shared, const ArrowSchema* records, uint32_t column,
                       const ArrowArray* sample, ArrowSchema* columns) noexcept {
        return thunk::guard(thunk::env_of<S>(shared), [&] {
          thunk::export_schema(thunk::self<S>(shared).infer(*records, column, *sample), columns);
        });
      };
    }
    return table;
  }

 public:
  static constexpr cphost_format kTable = make_table();
};

}  // namespace cphost
