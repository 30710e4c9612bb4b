// SPDX-License-Identifier: Apache-2.0
// Makes a component of a C function table in the test itself. The fake that the table's functions
// work on goes in as the component's first option: its address.
#pragma once

#include <memory>
#include <string>

#include "host/config/pipe_config.hpp"
#include "host/plugins/component.hpp"

namespace cphost::host::testing {

template <class Table>
std::unique_ptr<Component> fake_component(const char* kind, const char* name, const Table& table) {
  cphost_component descriptor{};
  descriptor.struct_size = sizeof descriptor;
  descriptor.option_size = sizeof(cphost_option);
  descriptor.metric_size = sizeof(cphost_metric);
  descriptor.kind = kind;
  descriptor.name = name;
  descriptor.summary = "A fake.";
  descriptor.table = &table;
  return std::make_unique<Component>(make_component(descriptor));
}

inline Stage fake_stage(const Component& component, void* fake) {
  Stage stage;
  stage.component = &component;
  stage.options = std::make_shared<OptionValues>(1);
  (*stage.options)[0].set = 1;
  (*stage.options)[0].i = reinterpret_cast<int64_t>(fake);
  stage.where = {"test.toml", 1};
  return stage;
}

template <class Fake>
int32_t create_fake(const cphost_env*, const cphost_value* options, void** self) {
  *self = reinterpret_cast<Fake*>(options[0].i);
  return CPHOST_OK;
}

inline int32_t fail(const cphost_env* env, int32_t status,
                    const std::string& text = "as scripted") {
  return env->fail(env, status, "SCRIPTED", {text.data(), text.size()});
}

}  // namespace cphost::host::testing
