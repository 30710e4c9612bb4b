// SPDX-License-Identifier: Apache-2.0
#include "host/cli/describe_command.hpp"

#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "host/cli/describe_json_schema.hpp"
#include "host/cli/describe_text.hpp"
#include "host/cli/load_pipes.hpp"
#include "host/config/nearest_name.hpp"
#include "host/exit_code.hpp"

namespace cphost::host {
namespace {

constexpr const char* kKinds[] = {"source", "format", "sink"};

/// The components that a word of the command line means: "kafka" or "source:kafka".
std::vector<const Component*> find_components(Registry& registry, const std::string& word,
                                              bool& refused) {
  const size_t colon = word.find(':');
  const std::string name = colon == std::string::npos ? word : word.substr(colon + 1);
  std::vector<const Component*> found;
  for (const std::string kind : kKinds) {
    if (colon != std::string::npos && word.substr(0, colon) != kind) continue;
    if (registry.catalog().find(kind, name) == nullptr) continue;
    std::string refusal;
    if (const Component* component = registry.find(kind, name, refusal)) {
      found.push_back(component);
    } else {
      refused = true;
      std::fprintf(stderr, "cphost: %s\n", refusal.c_str());
    }
  }
  return found;
}

void report_unknown(const Registry& registry, const std::string& word) {
  std::set<std::string> names;
  for (const char* kind : kKinds) {
    for (const std::string& name : registry.catalog().names(kind)) names.insert(name);
  }
  const std::vector<std::string> all(names.begin(), names.end());
  std::fprintf(stderr,
               "cphost: no component named \"%s\" is installed%s; `cphost plugins` lists all\n",
               word.c_str(), did_you_mean(word, all).c_str());
}

}  // namespace

int describe_component(const CommandLine& line) {
  bool ok = false;
  Registry registry(scan_plugins(line, ok));
  if (!ok) return kExitConfig;
  bool refused = false;
  const std::vector<const Component*> components =
      find_components(registry, line.component, refused);
  if (components.empty() && !refused) {
    report_unknown(registry, line.component);
    return kExitUsage;
  }
  if (refused) return kExitConfig;
  std::string text;
  switch (line.describe_style) {
    case DescribeStyle::kText:
      text = describe_as_text(components);
      break;
    case DescribeStyle::kMarkdown:
      text = describe_as_markdown(components);
      break;
    case DescribeStyle::kJsonSchema:
      text = describe_as_json_schema(components);
      break;
  }
  std::fputs(text.c_str(), stdout);
  return kExitDone;
}

}  // namespace cphost::host
