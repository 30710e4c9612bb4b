// SPDX-License-Identifier: Apache-2.0
#include "host/config/option_default.hpp"

#include <string>
#include <string_view>

#include "host/config/pipe_file.hpp"

namespace cphost::host {

bool default_is_text(const cphost_option& option) {
  switch (option.type) {
    case CPHOST_STRING:
    case CPHOST_DURATION:
    case CPHOST_BYTES:
      return true;
    case CPHOST_LIST:
      return *option.default_value != '[';
    default:
      return false;
  }
}

std::optional<ConfigValue> parse_default(const cphost_option& option) {
  const std::string_view text = option.default_value;
  if (default_is_text(option)) return ConfigValue::text_value(std::string(text), 0);
  return parse_value(text);
}

}  // namespace cphost::host
