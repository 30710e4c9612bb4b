// SPDX-License-Identifier: Apache-2.0
// A value of a pipe file with the line where it stands, free of the notation that the file is
// written in. Plain data.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cphost::host {

/// Where a value stands that is bound as part of another table than its own.
struct ValueOrigin {
  std::string file;
  std::string section;  ///< "[connections.prod]"
  std::string folder;   ///< Of the file: relative secrets are looked up there.
  bool allow_literal_secrets = false;
};

struct ConfigValue {
  enum class Type : uint8_t { kBool, kInteger, kFloat, kText, kList, kTable };

  Type type = Type::kTable;
  uint32_t line = 0;                          ///< Of the key, for a value of a table.
  int64_t integer = 0;                        ///< kBool (0, 1), kInteger.
  double number = 0;                          ///< kFloat.
  std::string text;                           ///< kText; dates and times are taken as their text.
  std::vector<std::string> keys;              ///< kTable: of items[i], in the order of the file.
  std::vector<ConfigValue> items;             ///< kList, kTable.
  std::shared_ptr<const ValueOrigin> origin;  ///< nullptr: its own table's.

  bool is(Type wanted) const { return type == wanted; }

  /// The value of `key` in a table, or nullptr.
  const ConfigValue* find(std::string_view key) const;

  /// Sets `key` of a table, replacing the value that it had.
  void set(std::string_view key, ConfigValue value);

  static ConfigValue text_value(std::string text, uint32_t line);
};

/// What was found, for messages: `the text "abc"`, `the number 5`, `a list`. Long texts are
/// shortened.
std::string describe_value(const ConfigValue& value);

/// `text` within quotes, control characters escaped, shortened to what a message can carry.
std::string in_quotes(std::string_view text);

}  // namespace cphost::host
