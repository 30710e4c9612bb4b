// SPDX-License-Identifier: Apache-2.0
#include "host/cli/describe_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/cli/text_table.hpp"
#include "host/config/host_options.hpp"
#include "host/config/option_check.hpp"
#include "host/config/option_default.hpp"

namespace cphost::host {
namespace {

std::string flag_words(const cphost_option& option) {
  std::string words;
  const auto add = [&](uint32_t flag, const char* word) {
    if ((option.flags & flag) == 0) return;
    if (!words.empty()) words += ", ";
    words += word;
  };
  add(CPHOST_REQUIRED, "required");
  add(CPHOST_SECRET, "secret");
  add(CPHOST_ADVANCED, "advanced");
  add(CPHOST_DEPRECATED, "deprecated");
  return words;
}

/// The default as it would stand in a pipe file.
std::string default_text(const cphost_option& option) {
  if (option.default_value == nullptr) return {};
  const std::string text = option.default_value;
  return default_is_text(option) ? "\"" + text + "\"" : text;
}

std::string allowed_text(const cphost_option& option) {
  const auto check = parse_check(option);
  return check ? check->allowed() : std::string();
}

std::string escaped_cell(std::string text) {
  for (size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.insert(at, 1, '\\');
  return text;
}

std::string code(const std::string& text) {
  return text.empty() ? text : "`" + escaped_cell(text) + "`";
}

std::string metric_kind(const cphost_metric& metric) {
  return metric.gauge != 0 ? "gauge" : "counter";
}

}  // namespace

std::vector<cphost_option> shown_options(const Component& component) {
  std::vector<cphost_option> options = component.options;
  if (component.kind == "sink")
    options.insert(options.end(), sink_options().begin(), sink_options().end());
  if (component.kind != "format")
    options.insert(options.end(), connected_options().begin(), connected_options().end());
  std::stable_partition(options.begin(), options.end(),
                        [](const cphost_option& o) { return (o.flags & CPHOST_ADVANCED) == 0; });
  return options;
}

std::string describe_as_text(const std::vector<const Component*>& components) {
  std::string out;
  for (const Component* component : components) {
    if (!out.empty()) out += "\n";
    out += fmt::format("{}:{} {}\n{}\n\n", component->kind, component->name,
                       component->plugin_version, component->summary);
    std::vector<std::vector<std::string>> rows{
        {"OPTION", "TYPE", "DEFAULT", "ALLOWED", "FLAGS", "MEANING"}};
    for (const cphost_option& option : shown_options(*component)) {
      rows.push_back({option.name, std::string(option_type_name(option.type)), default_text(option),
                      allowed_text(option), flag_words(option), option.doc});
    }
    out += text_table(rows);
    if (component->metrics.empty()) continue;
    rows = {{"METRIC", "KIND", "UNIT", "MEANING"}};
    for (const cphost_metric& metric : component->metrics) {
      rows.push_back({metric.name, metric_kind(metric), metric.unit, metric.help});
    }
    out += "\n" + text_table(rows);
  }
  return out;
}

std::string describe_as_markdown(const std::vector<const Component*>& components) {
  std::string out;
  for (const Component* component : components) {
    if (!out.empty()) out += "\n";
    out +=
        fmt::format("### {} `{}`\n\n{}\n\n", component->kind, component->name, component->summary);
    out += "| Option | Type | Default | Allowed | Meaning |\n|---|---|---|---|---|\n";
    for (const cphost_option& option : shown_options(*component)) {
      const std::string flags = flag_words(option);
      out += fmt::format("| `{}` | {} | {} | {} | {}{} |\n", option.name,
                         option_type_name(option.type), code(default_text(option)),
                         code(allowed_text(option)), escaped_cell(option.doc),
                         flags.empty() ? "" : " (" + flags + ")");
    }
    if (component->metrics.empty()) continue;
    out += "\n| Metric | Kind | Unit | Meaning |\n|---|---|---|---|\n";
    for (const cphost_metric& metric : component->metrics) {
      out += fmt::format("| `{}` | {} | {} | {} |\n", metric.name, metric_kind(metric), metric.unit,
                         escaped_cell(metric.help));
    }
  }
  return out;
}

}  // namespace cphost::host
