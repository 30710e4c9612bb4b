// SPDX-License-Identifier: Apache-2.0
// [connections.NAME]: options that several tables share, of one pipe file or, from a file of their
// own, of many. A table that says `connection = "NAME"` takes those options that it has not itself.
//
// Each value keeps its place, so that an error in it is told where it stands, and a relative secret
// is looked up beside the file that names it. [main]
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/config/config_value.hpp"
#include "host/config/diagnostics.hpp"

namespace cphost::host {

class Connections {
 public:
  /// Adds those of a file that has nothing else, but allow_literal_secrets.
  void read_file(const std::string& path, Diagnostics& diagnostics);

  /// Adds those of `root`, the top of `file`. Names that are there already are errors, unless
  /// `replaces`.
  void add(const ConfigValue& root, const std::string& file, bool replaces,
           Diagnostics& diagnostics);

  /// `table`, which stands in `file` as `section`, with what the connection that it names adds.
  ConfigValue applied(const ConfigValue& table, const std::string& file, const std::string& section,
                      Diagnostics& diagnostics) const;

 private:
  struct Connection {
    std::string name;
    std::shared_ptr<const ValueOrigin> origin;
    ConfigValue options;
  };

  const Connection* find(const std::string& name) const;

  std::vector<Connection> all_;
};

/// Whether the top of a file, `root`, lets secrets stand in it.
bool allows_literal_secrets(const ConfigValue& root);

}  // namespace cphost::host
