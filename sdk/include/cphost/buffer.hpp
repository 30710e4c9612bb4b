// SPDX-License-Identifier: Apache-2.0
// cphost/buffer.hpp: memory that columns are built in, and the pool that it comes back to.
//
// Fresh memory for every batch costs page faults, 30 to 50 % of the CPU of a fast pipe. So a batch
// is built in a set of buffers, the set travels with the batch, and Arrow's release brings it back:
// from any thread, and also after whoever built the batch is gone, since every set that is under
// way holds the pool. The lock is taken once for a set.
#pragma once

#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "abi.h"
#include "status.hpp"

namespace cphost {

// Bytes in a row that grow by doubling: aligned to 64, never zeroed, kSlack readable bytes behind
// the capacity, so that text may be read and written a vector at a time.
class Buffer {
 public:
  static constexpr size_t kAlignment = 64;
  static constexpr size_t kSlack = 64;
  // What 32-bit offsets can say.
  static constexpr size_t kBytesMax = 0x7fffff00;

  Buffer() = default;
  Buffer(Buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { std::free(data_); }

  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
  }

  uint8_t* data() const { return data_; }
  uint8_t* end() const { return data_ + size_; }
  size_t size() const { return size_; }
  size_t capacity() const { return capacity_; }

  // Sizes grow and shrink within the capacity without a look at the bytes.
  void set_size(size_t bytes) { size_ = bytes; }
  void clear() { size_ = 0; }
  void reset() {
    std::free(std::exchange(data_, nullptr));
    size_ = capacity_ = 0;
  }

  void reserve(size_t bytes) {
    if (bytes > capacity_) grow(bytes);
  }
  // Room for `bytes` more behind the end.
  void ensure(size_t bytes) {
    if (capacity_ - size_ < bytes) [[unlikely]]
      grow(size_ + bytes);
  }
  void append(const void* bytes, size_t n) {
    ensure(n);
    if (n != 0) std::memcpy(data_ + size_, bytes, n);
    size_ += n;
  }
  template <class T>
  void push(T value) {
    ensure(sizeof value);
    std::memcpy(data_ + size_, &value, sizeof value);
    size_ += sizeof value;
  }

 private:
  [[gnu::noinline]] void grow(size_t bytes) {
    if (bytes > kBytesMax) {
      throw Error(fatal, "BATCH_TOO_LARGE",
                  "a column of one batch would pass 2 GiB; ask for smaller batches");
    }
    size_t capacity = bytes > 2 * capacity_ ? bytes : 2 * capacity_;
    if (capacity > kBytesMax) capacity = kBytesMax;
    const size_t total = (capacity + kSlack + kAlignment - 1) / kAlignment * kAlignment;
    auto* data = static_cast<uint8_t*>(std::aligned_alloc(kAlignment, total));
    if (data == nullptr) throw std::bad_alloc();
    if (size_ != 0) std::memcpy(data, data_, size_);
    std::free(data_);
    data_ = data;
    capacity_ = total - kSlack;
  }

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
};

// Sets of memory that wait for their next batch. `Set` says with bytes() how much it keeps; it must
// be safe to give back from any thread. Held by shared_ptr: by the builder, and by each set that is
// under way.
template <class Set>
class Pool {
 public:
  // Sets beyond either bound are freed when they come back.
  explicit Pool(size_t bytes_max, size_t sets_max = 256)
      : bytes_max_(bytes_max), sets_max_(sets_max) {
    sets_.reserve(sets_max);
  }

  // The set that came back last, whose memory is the warmest, or null.
  std::unique_ptr<Set> take() noexcept {
    const std::lock_guard lock(mutex_);
    if (sets_.empty()) return nullptr;
    std::unique_ptr<Set> set = std::move(sets_.back());
    sets_.pop_back();
    bytes_ -= set->bytes();
    return set;
  }

  void give(std::unique_ptr<Set> set) noexcept {
    const size_t bytes = set->bytes();
    const std::lock_guard lock(mutex_);  // a set that is not kept is freed after the unlock
    if (sets_.size() == sets_max_ || bytes_ + bytes > bytes_max_) return;
    bytes_ += bytes;
    sets_.push_back(std::move(set));
  }

  size_t bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
  }

 private:
  const size_t bytes_max_;
  const size_t sets_max_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Set>> sets_;
  size_t bytes_ = 0;
};

}  // namespace cphost
