// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "host/cli/describe_json_schema.hpp"
#include "host/cli/describe_text.hpp"
#include "host/plugins/registry.hpp"

namespace cphost::host {
namespace {

std::vector<const Component*> sample_components() {
  static Registry registry(Catalog::scan({CPHOST_TEST_PLUGINS}));
  std::vector<const Component*> components;
  for (const char* kind : {"source", "format", "sink"}) {
    std::string refusal;
    components.push_back(registry.find(kind, "sample", refusal));
  }
  return components;
}

/// The file that holds what is expected; to accept a change, copy what the test printed beside it.
void expect_golden(const std::string& actual, const std::string& name) {
  const std::string path = std::string(CPHOST_TEST_DATA) + "/" + name;
  std::ifstream in(path, std::ios::binary);
  const std::string expected(std::istreambuf_iterator<char>(in), {});
  if (actual != expected) std::ofstream(testing::TempDir() + name, std::ios::binary) << actual;
  EXPECT_EQ(actual, expected) << "to accept it: cp " << testing::TempDir() + name << " " << path;
}

TEST(Describe, AsText) {
  expect_golden(describe_as_text(sample_components()), "describe.txt");
}

TEST(Describe, AsMarkdown) {
  expect_golden(describe_as_markdown(sample_components()), "describe.md");
}

TEST(Describe, AsJsonSchema) {
  expect_golden(describe_as_json_schema(sample_components()), "describe.json");
}

TEST(Describe, ListsAdvancedOptionsLast) {
  const std::vector<cphost_option> options = shown_options(*sample_components()[0]);
  bool advanced = false;
  for (const cphost_option& option : options) {
    EXPECT_FALSE(advanced && (option.flags & CPHOST_ADVANCED) == 0) << option.name;
    advanced = (option.flags & CPHOST_ADVANCED) != 0;
  }
  EXPECT_TRUE(advanced);
}

}  // namespace
}  // namespace cphost::host
