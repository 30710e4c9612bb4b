// SPDX-License-Identifier: Apache-2.0
#include "host/config/option_binding.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/config/nearest_name.hpp"
#include "host/config/option_check.hpp"
#include "host/config/option_default.hpp"
#include "host/config/option_value_reader.hpp"

namespace cphost::host {
namespace {

class Binder {
 public:
  Binder(const std::vector<cphost_option>& options, const ConfigValue& table,
         const BindingPlace& place, Diagnostics& diagnostics)
      : options_(options),
        table_(table),
        place_(place),
        diagnostics_(diagnostics),
        values_(std::make_shared<OptionValues>(options.size())) {}

  std::shared_ptr<OptionValues> bind(const std::vector<std::string>& other_keys) {
    report_unknown_keys(other_keys);
    for (size_t i = 0; i < options_.size(); ++i) bind_option(options_[i], (*values_)[i]);
    return values_;
  }

 private:
  /// The key as messages call it; `value` is what stands behind it, if anything.
  std::string named(std::string_view key, const ConfigValue* value = nullptr) const {
    const std::string& section =
        value != nullptr && value->origin ? value->origin->section : place_.section;
    return section.empty() ? std::string(key) : fmt::format("{} {}", section, key);
  }

  Location where(const ConfigValue& value) const {
    return Location{value.origin ? value.origin->file : place_.file, value.line};
  }

  TextSources sources(const ConfigValue& value) const {
    return value.origin ? TextSources{value.origin->folder, value.origin->allow_literal_secrets}
                        : TextSources{place_.folder, place_.allow_literal_secrets};
  }

  void report_unknown_keys(const std::vector<std::string>& other_keys) {
    std::vector<std::string> options;
    for (const cphost_option& option : options_) options.emplace_back(option.name);
    std::vector<std::string> all = other_keys;
    all.insert(all.end(), options.begin(), options.end());
    for (size_t i = 0; i < table_.keys.size(); ++i) {
      const std::string& key = table_.keys[i];
      const ConfigValue& value = table_.items[i];
      // What comes from elsewhere can't set what is the table's own.
      const std::vector<std::string>& known = value.origin ? options : all;
      if (std::find(known.begin(), known.end(), key) != known.end()) continue;
      diagnostics_.error(where(value),
                         fmt::format("{} is not an option of {}{}", named(in_quotes(key), &value),
                                     place_.owner, did_you_mean(key, known)));
    }
  }

  void bind_option(const cphost_option& option, cphost_value& value) {
    const std::optional<OptionCheck> check = parse_check(option);
    if (!check) return report_plugin_bug(option, "check", option.check);
    cphost_value read{};
    if (const ConfigValue* given = table_.find(option.name)) {
      if ((option.flags & CPHOST_DEPRECATED) != 0) {
        diagnostics_.warning(where(*given), fmt::format("{} is deprecated: {}",
                                                        named(option.name, given), option.doc));
      }
      if (const std::string error =
              read_option_value(option, *check, sources(*given), *given, *values_, read);
          !error.empty()) {
        diagnostics_.error(where(*given), fmt::format("{} {}", named(option.name, given), error));
        return;
      }
    } else if (option.default_value != nullptr) {
      const std::optional<ConfigValue> from = parse_default(option);
      const TextSources literal{{}, true};
      if (!from || !read_option_value(option, *check, literal, *from, *values_, read).empty()) {
        return report_plugin_bug(option, "default", option.default_value);
      }
    } else {
      if ((option.flags & CPHOST_REQUIRED) != 0) report_missing(option);
      return;
    }
    read.set = 1;
    value = read;
  }

  void report_missing(const cphost_option& option) {
    diagnostics_.error(Location{place_.file, table_.line},
                       fmt::format("{} is missing; {} needs it: {}", named(option.name),
                                   place_.owner, option.doc));
  }

  void report_plugin_bug(const cphost_option& option, std::string_view what,
                         std::string_view text) {
    diagnostics_.error(
        Location{place_.file, table_.line},
        fmt::format("{}: {} declares the {} {}, which is not one of type {}; this is "
                    "a bug of the plugin",
                    named(option.name), place_.owner, what, in_quotes(text),
                    option_type_name(option.type)));
  }

  const std::vector<cphost_option>& options_;
  const ConfigValue& table_;
  const BindingPlace& place_;
  Diagnostics& diagnostics_;
  std::shared_ptr<OptionValues> values_;
};

}  // namespace

std::shared_ptr<OptionValues> bind_options(const std::vector<cphost_option>& options,
                                           const ConfigValue& table,
                                           const std::vector<std::string>& other_keys,
                                           const BindingPlace& place, Diagnostics& diagnostics) {
  return Binder(options, table, place, diagnostics).bind(other_keys);
}

}  // namespace cphost::host
