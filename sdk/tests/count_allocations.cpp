// SPDX-License-Identifier: Apache-2.0
// Alone in its file: where the compiler sees a new and this delete together, it warns of a
// mismatch.
#include "count_allocations.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local int64_t allocations = 0;
}  // namespace

int64_t allocations_of_this_thread() {
  return allocations;
}

void* operator new(size_t size) {
  ++allocations;
  if (void* p = std::malloc(size)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
  std::free(p);
}
void operator delete(void* p, size_t) noexcept {
  std::free(p);
}
