// SPDX-License-Identifier: Apache-2.0
// cphost/plugin.hpp: all of the C++20 layer, and the macros that make a plugin of its components.
//
//     CPHOST_SOURCE("lines", LinesReader, kOptions, "Lines of text files.")
//     CPHOST_PLUGIN(&cphost_component_LinesReader)
//
// The macros of the first kind stand in the namespace of the class, CPHOST_PLUGIN once in a plugin.
// The options are a constexpr variable of namespace scope; metrics, where there are any, are one
// more argument. The layer is header-only, exports nothing and needs the standard library only.
#pragma once

#include <iterator>

#include "arrow.hpp"
#include "batch.hpp"
#include "env.hpp"
#include "format.hpp"
#include "metrics.hpp"
#include "options.hpp"
#include "plugin.h"
#include "schema.hpp"
#include "sink.hpp"
#include "source.hpp"
#include "status.hpp"

namespace cphost::detail {

// `Of` is a SourceTable, FormatTable or SinkTable.
template <class Of, class Table, uint32_t kMetricCount = 0>
constexpr cphost_component component(const char* kind, const char* name, const Table& options,
                                     const char* summary,
                                     const Metrics<kMetricCount>& metrics = kNoMetrics) {
  cphost_component c{};
  c.struct_size = sizeof c;
  c.option_count = options.count;
  c.option_size = sizeof(cphost_option);
  c.metric_count = metrics.count;
  c.metric_size = sizeof(cphost_metric);
  c.kind = kind;
  c.name = name;
  c.summary = summary;
  c.table = &Of::kTable;
  c.options = options.table;
  c.metrics = metrics.table;
  if constexpr (requires { &Of::extension; }) c.extension = &Of::extension;
  return c;
}

}  // namespace cphost::detail

#define CPHOST_COMPONENT(KIND, TABLE, NAME, CLASS, OPTIONS, ...)                        \
  inline constexpr cphost_component cphost_component_##CLASS =                          \
      ::cphost::detail::component<::cphost::TABLE<CLASS, OPTIONS>>(KIND, NAME, OPTIONS, \
                                                                   __VA_ARGS__);

#define CPHOST_SOURCE(NAME, CLASS, OPTIONS, ...) \
  CPHOST_COMPONENT("source", SourceTable, NAME, CLASS, OPTIONS, __VA_ARGS__)
#define CPHOST_FORMAT(NAME, CLASS, OPTIONS, ...) \
  CPHOST_COMPONENT("format", FormatTable, NAME, CLASS, OPTIONS, __VA_ARGS__)
#define CPHOST_SINK(NAME, CLASS, OPTIONS, ...) \
  CPHOST_COMPONENT("sink", SinkTable, NAME, CLASS, OPTIONS, __VA_ARGS__)

#define CPHOST_PLUGIN(...)                                                                   \
  extern "C" const cphost_plugin* cphost_plugin_v1() {                                       \
    static constexpr const cphost_component* kComponents[] = {__VA_ARGS__};                  \
    static constexpr cphost_plugin kPlugin = {sizeof(cphost_plugin), std::size(kComponents), \
                                              kComponents};                                  \
    return &kPlugin;                                                                         \
  }
