// SPDX-License-Identifier: Apache-2.0
// Binds [source], [format] and [sink]: finds the component that `plugin` names, and binds the table
// to its options. [main]
#pragma once

#include <string>
#include <vector>

#include "host/config/config_value.hpp"
#include "host/config/diagnostics.hpp"
#include "host/config/option_binding.hpp"
#include "host/config/pipe_config.hpp"
#include "host/plugins/registry.hpp"

namespace cphost::host {

class StageBinder {
 public:
  /// All three must outlive this object.
  StageBinder(Registry& registry, const BindingPlace& place, Diagnostics& diagnostics)
      : registry_(registry), place_(place), diagnostics_(diagnostics) {}

  /// The stage that the table [kind] describes; without a component after an error. `host_keys` of
  /// the table are not the component's.
  Stage bind(const std::string& kind, const ConfigValue& table,
             const std::vector<std::string>& host_keys);

  /// The component that `plugin` names in `table`, or nullptr after an error.
  const Component* find(const std::string& kind, const std::string& section,
                        const ConfigValue& table);

  /// Binds `table` to the options of `component`; `section` is what messages call it.
  Stage bind_to(const Component& component, const std::string& section, const ConfigValue& table,
                const std::vector<std::string>& host_keys);

  Registry& registry() { return registry_; }
  const BindingPlace& place() const { return place_; }
  Diagnostics& diagnostics() { return diagnostics_; }

 private:
  Registry& registry_;
  const BindingPlace& place_;
  Diagnostics& diagnostics_;
};

}  // namespace cphost::host
