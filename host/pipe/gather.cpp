// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/gather.hpp"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <string_view>

#include <cphost/arrow.hpp>

#include "host/pipe/arrow_size.hpp"

namespace cphost::host {
namespace {

std::vector<uint8_t> bits_at(const void* from, int64_t offset, std::span<const uint32_t> indices) {
  std::vector<uint8_t> bits((indices.size() + 7) / 8 + 1);
  for (size_t i = 0; i < indices.size(); ++i) {
    bits[i >> 3] |= static_cast<uint8_t>(bit_at(from, offset + indices[i]) << (i & 7));
  }
  return bits;
}

void push_offset(std::vector<uint8_t>& offsets, size_t i, size_t value) {
  if (value > std::numeric_limits<int32_t>::max()) {
    throw std::length_error("a column of one batch is larger than 2 GiB");
  }
  const auto offset = static_cast<int32_t>(value);
  std::memcpy(offsets.data() + 4 * i, &offset, sizeof offset);
}

}  // namespace

GatheredArray::GatheredArray(const ArrowSchema& schema, const ArrowArray& from,
                             std::span<const uint32_t> indices) {
  const std::string_view format = schema.format;
  array_.length = static_cast<int64_t>(indices.size());
  array_.null_count = -1;
  take_validity(from, indices);
  if (const int64_t width = fixed_width(format)) {
    take_fixed(from, indices, width);
  } else if (format == "b") {
    take_bits(from, indices);
  } else if (format == "z" || format == "u") {
    take_bytes(from, indices);
  } else if (format == "+l" || format == "+m") {
    take_list(schema, from, indices);
  } else if (format == "+s") {
    std::vector<uint32_t> shifted(indices.begin(), indices.end());
    for (uint32_t& i : shifted) i += static_cast<uint32_t>(from.offset);
    for (int64_t i = 0; i < from.n_children; ++i) {
      add_child(*schema.children[i], *from.children[i], shifted);
    }
  } else {
    throw std::runtime_error("a source's column has the Arrow type '" + std::string(format) +
                             "', which the profile does not have");
  }
  array_.n_buffers = static_cast<int64_t>(buffers_.size());
  array_.buffers = buffers_.data();
  array_.n_children = static_cast<int64_t>(child_arrays_.size());
  array_.children = child_arrays_.data();
}

void GatheredArray::take_validity(const ArrowArray& from, std::span<const uint32_t> indices) {
  if (from.n_buffers > 0 && from.buffers[0]) {
    validity_ = bits_at(from.buffers[0], from.offset, indices);
    buffers_.push_back(validity_.data());
  } else {
    array_.null_count = 0;
    buffers_.push_back(nullptr);
  }
}

void GatheredArray::take_fixed(const ArrowArray& from, std::span<const uint32_t> indices,
                               int64_t width) {
  const auto size = static_cast<size_t>(width);
  const auto* source = static_cast<const uint8_t*>(from.buffers[1]) + from.offset * width;
  values_.resize(indices.size() * size + 1);
  for (size_t i = 0; i < indices.size(); ++i) {
    std::memcpy(values_.data() + i * size, source + indices[i] * size, size);
  }
  buffers_.push_back(values_.data());
}

void GatheredArray::take_bits(const ArrowArray& from, std::span<const uint32_t> indices) {
  values_ = bits_at(from.buffers[1], from.offset, indices);
  buffers_.push_back(values_.data());
}

void GatheredArray::take_bytes(const ArrowArray& from, std::span<const uint32_t> indices) {
  const auto* offsets = static_cast<const int32_t*>(from.buffers[1]) + from.offset;
  const auto* source = static_cast<const uint8_t*>(from.buffers[2]);
  values_.resize(4 * (indices.size() + 1));
  push_offset(values_, 0, 0);
  for (size_t i = 0; i < indices.size(); ++i) {
    const int32_t begin = offsets[indices[i]], end = offsets[indices[i] + 1];
    data_.insert(data_.end(), source + begin, source + end);
    push_offset(values_, i + 1, data_.size());
  }
  data_.push_back(0);  // so that the buffer has an address
  buffers_.push_back(values_.data());
  buffers_.push_back(data_.data());
}

void GatheredArray::take_list(const ArrowSchema& schema, const ArrowArray& from,
                              std::span<const uint32_t> indices) {
  const auto* offsets = static_cast<const int32_t*>(from.buffers[1]) + from.offset;
  std::vector<uint32_t> items;
  values_.resize(4 * (indices.size() + 1));
  push_offset(values_, 0, 0);
  for (size_t i = 0; i < indices.size(); ++i) {
    for (int32_t item = offsets[indices[i]]; item < offsets[indices[i] + 1]; ++item) {
      items.push_back(static_cast<uint32_t>(item));
    }
    push_offset(values_, i + 1, items.size());
  }
  buffers_.push_back(values_.data());
  add_child(*schema.children[0], *from.children[0], items);
}

void GatheredArray::add_child(const ArrowSchema& schema, const ArrowArray& from,
                              std::span<const uint32_t> indices) {
  children_.push_back(std::make_unique<GatheredArray>(schema, from, indices));
  child_arrays_.push_back(children_.back()->array());
}

}  // namespace cphost::host
