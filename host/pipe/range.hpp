// SPDX-License-Identifier: Apache-2.0
// Records of one stream that are written as one block under one token, with exactly-once delivery.
//
//     kFilling --> kSealed --> kNoted --> kDone       of this run
//                  kReplaying --> kNoted --> kDone    of the note of an earlier one
//
// A block is sent only when the range stands in a note that is durable: so whatever becomes of this
// process, the same rows go under the same token, or under none. Worker's thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/pipe/block.hpp"
#include "host/pipe/note.hpp"
#include "host/pipe/refused.hpp"

namespace cphost::host {

struct Range {
  enum class State : uint8_t {
    kFilling,    // takes what comes
    kReplaying,  // takes what comes up to `last`, and then nothing but that
    kSealed,     // complete; to be noted
    kNoted,      // its note is durable: it may be sent, and may have been
    kDone,       // every record of it is written or in the error table
  };

  Range(uint64_t its_number, State its_state) : number(its_number), state(its_state) {}

  bool is_noted() const { return state != State::kFilling; }  // or is to be

  uint64_t number;  ///< Within its stream, from 1.
  State state;
  std::string last;      ///< Position of its last record.
  std::string salt;      ///< Of its token.
  int64_t since_ms = 0;  ///< When it was sealed; Unix time.
  int64_t born_ms = 0;   ///< When its first record came; monotonic.
  bool sent = false;
  bool held = false;  ///< The rest of the range before it, which was cut: goes after that.
  std::unique_ptr<Block> block = std::make_unique<Block>();  ///< Null once it is sent.
  bool from_note = false;                                    ///< An earlier run may have sent it.
  int64_t refused_bytes = 0;     ///< Of records that have no batch to hold them.
  std::vector<Refused> refused;  ///< Written when no row of the block can be refused any more.
};

}  // namespace cphost::host
