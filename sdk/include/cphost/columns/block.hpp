// SPDX-License-Identifier: Apache-2.0
// cphost/columns/block.hpp: the memory of one finished batch, and how it comes back.
//
// A finished batch owns the memory of its columns. When its last part is released (on whatever
// thread) it goes back to the pool whole, and a later batch swaps memory with it, column for
// column: sizes match, pages are warm, and nothing is allocated.
#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "../arrow_c_data.h"
#include "../buffer.hpp"

namespace cphost::columns {

// One struct array with all its descendants; nodes[0] is the root's. The tree is laid out once.
struct Block {
  static constexpr size_t kBuffers = 3;  // validity, values or offsets, text

  std::shared_ptr<Pool<Block>> home;  // while it is out
  std::vector<ArrowArray> nodes;
  std::vector<ArrowArray*> children;
  std::vector<const void*> pointers;
  std::vector<Buffer> memory;
  std::atomic<size_t> alive{0};

  Buffer& buffer(size_t node, size_t i) { return memory[node * kBuffers + i]; }
  const void*& pointer(size_t node, size_t i) { return pointers[node * kBuffers + i]; }

  size_t bytes() const {
    size_t sum = 0;
    for (const Buffer& buffer : memory) sum += buffer.capacity();
    return sum;
  }

  // Arrow's release. A child that was moved out (its own release is null then) lives until its new
  // owner releases it.
  static void release(ArrowArray* array) {
    auto* block = static_cast<Block*>(array->private_data);
    for (int64_t i = 0; i < array->n_children; ++i) {
      ArrowArray* child = array->children[i];
      if (child->release != nullptr) child->release(child);
    }
    array->release = nullptr;
    if (block->alive.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    const std::shared_ptr<Pool<Block>> home = std::move(block->home);
    home->give(std::unique_ptr<Block>(block));
  }
};

}  // namespace cphost::columns
