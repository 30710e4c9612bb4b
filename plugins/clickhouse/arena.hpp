// SPDX-License-Identifier: Apache-2.0
// Scratch memory of one block: pieces are taken one after the other, none moves, all are given back
// at once. The chunks stay for the next block: fresh pages for every block would cost more than
// encoding.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace clickhouse {

class Arena {
 public:
  /// Room for `size` bytes, aligned to 16; `slack` bytes behind them may be scribbled on.
  uint8_t* take(size_t size, size_t slack = 0);

  /// Gives the unused end of the last piece back: it was `taken`, `used` bytes of it stay.
  void shrink_last(uint8_t* piece, size_t used);

  /// Forgets all pieces. Chunks that the last block did not need are freed.
  void reset();

  /// Bytes held from the system.
  size_t capacity() const;

 private:
  struct Chunk {
    std::unique_ptr<uint8_t[]> data;
    size_t size;
  };
  std::vector<Chunk> chunks_;
  size_t current_ = 0;  // Index of the chunk in use.
  size_t used_ = 0;     // Bytes taken from it.
};

}  // namespace clickhouse
