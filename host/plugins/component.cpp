// SPDX-License-Identifier: Apache-2.0
#include "host/plugins/component.hpp"

#include <algorithm>
#include <cstring>

namespace cphost::host {
namespace {

/// A table as this host knows it: what the plugin's own lacks is null, what it has beyond is not
/// looked at.
template <class Table>
Table known_part(const void* theirs) {
  Table table{};
  uint32_t size = 0;
  std::memcpy(&size, theirs, sizeof size);
  std::memcpy(&table, theirs, std::min<size_t>(sizeof table, size));
  return table;
}

template <class Item>
std::vector<Item> copied(const Item* first, uint32_t count, uint32_t stride) {
  std::vector<Item> items(count);
  const char* at = reinterpret_cast<const char*>(first);
  for (Item& item : items) {
    std::memcpy(static_cast<void*>(&item), at, std::min<size_t>(sizeof item, stride));
    at += stride;
  }
  return items;
}

void complete_source(Component& component) {
  cphost_source& table = component.source;
  component.has_commit = table.commit != nullptr;
  component.has_pause = table.pause != nullptr;
  if (!table.commit) {
    table.commit = [](void*, cphost_commit*, uint32_t) -> int32_t { return CPHOST_UNSUPPORTED; };
  }
  if (!table.release) table.release = [](void*, uint64_t) {};
  if (!table.pause) {
    table.pause = [](void*, uint64_t, int32_t) -> int32_t { return CPHOST_UNSUPPORTED; };
  }
  if (!table.interrupt) table.interrupt = [](void*) {};
  if (!table.lag) table.lag = [](void*) -> int64_t { return -1; };
}

void complete_format(Component& component) {
  cphost_format& table = component.format;
  if (!table.infer) {
    table.infer = [](void*, const ArrowSchema*, uint32_t, const ArrowArray*,
                     ArrowSchema*) -> int32_t { return CPHOST_UNSUPPORTED; };
  }
}

void complete_sink(Component& component) {
  cphost_sink& table = component.sink;
  component.has_describe = table.describe != nullptr;
  component.has_prepare = table.prepare != nullptr;
  if (!table.describe) {
    table.describe = [](void*, ArrowSchema*) -> int32_t { return CPHOST_UNSUPPORTED; };
  }
  if (!table.prepare) {
    table.prepare = [](void*, const ArrowSchema*, uint32_t, void*,
                       void (*)(void*, cphost_str)) -> int32_t { return CPHOST_UNSUPPORTED; };
  }
  if (!table.interrupt) table.interrupt = [](void*) {};
}

}  // namespace

Component make_component(const cphost_component& descriptor) {
  Component component;
  component.kind = descriptor.kind;
  component.name = descriptor.name;
  component.summary = descriptor.summary;
  component.options = copied(descriptor.options, descriptor.option_count, descriptor.option_size);
  component.metrics = copied(descriptor.metrics, descriptor.metric_count, descriptor.metric_size);
  constexpr size_t kWithExtension =
      offsetof(cphost_component, extension) + sizeof descriptor.extension;
  if (descriptor.struct_size >= kWithExtension) component.extension = descriptor.extension;
  if (!component.extension) {
    component.extension = [](void*, const char*) -> const void* { return nullptr; };
  }
  if (component.kind == "source") {
    component.source = known_part<cphost_source>(descriptor.table);
    complete_source(component);
  } else if (component.kind == "format") {
    component.format = known_part<cphost_format>(descriptor.table);
    complete_format(component);
  } else {
    component.sink = known_part<cphost_sink>(descriptor.table);
    complete_sink(component);
  }
  return component;
}

}  // namespace cphost::host
