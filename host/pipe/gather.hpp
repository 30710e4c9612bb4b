// SPDX-License-Identifier: Apache-2.0
// Repeats or leaves out values of a source's column, so that it stands beside rows that are not one
// to one with records.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <cphost/arrow_c_data.h>

namespace cphost::host {

/// An array that owns its buffers; `array()` is valid as long as this object and needs no release.
class GatheredArray {
 public:
  /// Value i is value indices[i] of `from`, whose type is `schema`. The types are those of the
  /// Arrow profile (no dictionaries, views or unions). Throws std::bad_alloc, std::length_error
  /// beyond 32-bit offsets.
  GatheredArray(const ArrowSchema& schema, const ArrowArray& from,
                std::span<const uint32_t> indices);
  GatheredArray(GatheredArray&&) = delete;

  ArrowArray* array() { return &array_; }

 private:
  void take_validity(const ArrowArray& from, std::span<const uint32_t> indices);
  void take_fixed(const ArrowArray& from, std::span<const uint32_t> indices, int64_t width);
  void take_bits(const ArrowArray& from, std::span<const uint32_t> indices);
  void take_bytes(const ArrowArray& from, std::span<const uint32_t> indices);
  void take_list(const ArrowSchema& schema, const ArrowArray& from,
                 std::span<const uint32_t> indices);
  void add_child(const ArrowSchema& schema, const ArrowArray& from,
                 std::span<const uint32_t> indices);

  ArrowArray array_{};
  std::vector<uint8_t> validity_;
  std::vector<uint8_t> values_;
  std::vector<uint8_t> data_;
  std::vector<const void*> buffers_;
  std::vector<std::unique_ptr<GatheredArray>> children_;
  std::vector<ArrowArray*> child_arrays_;
};

}  // namespace cphost::host
