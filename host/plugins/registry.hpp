// SPDX-License-Identifier: Apache-2.0
// Finds components by kind and name, and loads their plugins when they are first asked for: a
// plugin that no pipe uses runs no code. [main]
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/plugins/catalog.hpp"
#include "host/plugins/library.hpp"

namespace cphost::host {

class Registry {
 public:
  explicit Registry(Catalog catalog) : catalog_(std::move(catalog)) {}

  /// The component, which lives as long as the registry; or nullptr, and `refusal` says why and
  /// what to do.
  const Component* find(const std::string& kind, const std::string& name, std::string& refusal);

  const Catalog& catalog() const { return catalog_; }

 private:
  std::string not_installed(const std::string& kind, const std::string& name) const;

  Catalog catalog_;
  std::map<std::string, LoadedPlugin> loaded_;  // by path
};

}  // namespace cphost::host
