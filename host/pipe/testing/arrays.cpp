// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/testing/arrays.hpp"

#include <memory>

namespace cphost::host::testing {
namespace {

std::vector<uint8_t> bitmap(const std::vector<bool>& bits) {
  std::vector<uint8_t> bytes(bits.size() / 8 + 1);
  for (size_t i = 0; i < bits.size(); ++i) {
    bytes[i / 8] = static_cast<uint8_t>(bytes[i / 8] | (bits[i] ? 1u << (i % 8) : 0u));
  }
  return bytes;
}

struct Node {
  TestColumn column;
  std::vector<uint8_t> validity;
  std::vector<ArrowArray> children;
  std::vector<ArrowArray*> pointers;
  const void* buffers[3] = {};
};

void release(ArrowArray* array) {
  auto* node = static_cast<Node*>(array->private_data);
  for (ArrowArray& child : node->children) {
    if (child.release) child.release(&child);
  }
  delete node;
  array->release = nullptr;
}

void fill(ArrowArray& out, TestColumn column) {
  auto node = std::make_unique<Node>();
  node->column = std::move(column);
  TestColumn& c = node->column;
  out = {};
  out.length = c.length;
  out.offset = c.offset;
  out.n_buffers = 1;
  if (!c.valid.empty()) {
    node->validity = bitmap(c.valid);
    node->buffers[0] = node->validity.data();
    out.null_count = -1;
  }
  if (!c.offsets.empty()) {
    node->buffers[1] = c.offsets.data();
    node->buffers[2] = c.data.data();
    out.n_buffers = c.children.empty() ? 3 : 2;
  } else if (!c.values.empty()) {
    node->buffers[1] = c.values.data();
    out.n_buffers = 2;
  }
  node->children.resize(c.children.size());
  for (size_t i = 0; i < c.children.size(); ++i) {
    fill(node->children[i], std::move(c.children[i]));
    node->pointers.push_back(&node->children[i]);
  }
  out.n_children = static_cast<int64_t>(node->pointers.size());
  out.children = node->pointers.data();
  out.buffers = node->buffers;
  out.release = release;
  out.private_data = node.release();
}

}  // namespace

TestColumn bytes_column(const std::vector<std::optional<std::string>>& values) {
  TestColumn column;
  column.offsets.push_back(0);
  bool any_null = false;
  for (const auto& value : values) {
    any_null |= !value;
    column.valid.push_back(value.has_value());
    column.data += value.value_or("");
    column.offsets.push_back(static_cast<int32_t>(column.data.size()));
  }
  if (!any_null) column.valid.clear();
  column.length = static_cast<int64_t>(values.size());
  return column;
}

TestColumn bool_column(const std::vector<bool>& values) {
  TestColumn column;
  column.length = static_cast<int64_t>(values.size());
  column.values = bitmap(values);
  return column;
}

TestColumn list_column(std::vector<int32_t> offsets, TestColumn items) {
  TestColumn column;
  column.length = static_cast<int64_t>(offsets.size()) - 1;
  column.offsets = std::move(offsets);
  column.children.push_back(std::move(items));
  return column;
}

TestColumn struct_column(std::vector<TestColumn> children) {
  TestColumn column;
  column.length = children.empty() ? 0 : children.front().length;
  column.children = std::move(children);
  return column;
}

TestColumn skipping(TestColumn column, int64_t offset) {
  column.offset = offset;
  column.length -= offset;
  return column;
}

UniqueArray struct_array(std::vector<TestColumn> columns) {
  UniqueArray array;
  fill(*array.out(), struct_column(std::move(columns)));
  return array;
}

}  // namespace cphost::host::testing
