// SPDX-License-Identifier: Apache-2.0
// A format for tests. A record's value says what becomes of it:
//
//     "STREAM POSITION ROWS [x|b]"   ROWS rows; x: the format rejects it; b: the sink is to refuse
//     it
//
// Its columns are stream (z), pos (l), i (i: number of the row in its record), bad (C) and extra
// (l, position + 1); those that are wanted. Where each record is one row, it gives no map.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "host/pipe/testing/fake_stage.hpp"

namespace cphost::host::testing {

struct FakeValue {
  std::string stream;
  int64_t position = 0;
  int32_t rows = 1;
  char fate = ' ';

  std::string text() const;
  static FakeValue parse(std::string_view text);
};

class FakeFormat {
 public:
  FakeFormat();
  Stage stage() { return fake_stage(*component_, this); }

  /// In place of decoding, when set.
  std::function<int32_t(const cphost_env*, const ArrowArray& records, const cphost_rows&)>
      on_decode;
  /// In place of opening, when it answers other than OK.
  std::function<int32_t(const cphost_env*, const ArrowSchema* wanted)> on_open;

  int decoders_open = 0;  ///< Opened and not closed.

 private:
  struct Decoder;
  static int32_t open(void* self, const cphost_env* env, const ArrowSchema* records,
                      uint32_t column, const ArrowSchema* wanted, ArrowSchema* rows,
                      void** decoder);
  static int32_t decode(void* decoder, const ArrowArray* records, const cphost_rows* out);
  static void close(void* decoder);

  std::unique_ptr<Component> component_;
};

}  // namespace cphost::host::testing
