// SPDX-License-Identifier: Apache-2.0
#include "host/config/pipe_file.hpp"

#include <gtest/gtest.h>

#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

TEST(PipeFile, KeepsLinesAndOrder) {
  Diagnostics diagnostics;
  const auto root =
      parse_pipe_text("name = 'a'\n\n[columns]\nz = 'x'\na = 'y'\n", "p.toml", diagnostics);
  ASSERT_TRUE(root);
  const ConfigValue* columns = root->find("columns");
  ASSERT_NE(columns, nullptr);
  EXPECT_EQ(columns->line, 3u);
  EXPECT_EQ(columns->keys, (std::vector<std::string>{"z", "a"}));
  EXPECT_EQ(columns->find("a")->line, 5u);
}

TEST(PipeFile, SaysWhereItIsNotToml) {
  Diagnostics diagnostics;
  EXPECT_FALSE(parse_pipe_text("name = 'a'\n[source\n", "p.toml", diagnostics));
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_EQ(diagnostics.errors()[0].substr(0, 19), "p.toml:2: not TOML:");
}

TEST(PipeFile, SaysThatItIsAbsentOrNoFile) {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  EXPECT_FALSE(read_pipe_file((folder.path() / "absent.toml").string(), diagnostics));
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_NE(diagnostics.errors()[0].find("No such file"), std::string::npos);
  EXPECT_FALSE(read_pipe_file(folder.path().string(), diagnostics));
  EXPECT_EQ(diagnostics.errors().size(), 2u);
}

TEST(PipeFile, HasALimit) {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const std::string path = folder.file("big.toml", "#" + std::string(2 << 20, 'x'));
  EXPECT_FALSE(read_pipe_file(path, diagnostics));
  EXPECT_NE(diagnostics.errors().at(0).find("1 MiB"), std::string::npos);
}

TEST(PipeFile, ReadsSingleValues) {
  EXPECT_EQ(parse_value("5")->integer, 5);
  EXPECT_EQ(parse_value("[\"a\"]")->items.size(), 1u);
  EXPECT_FALSE(parse_value("nonsense"));
  EXPECT_FALSE(parse_value("1\nw = 2"));
}

}  // namespace
}  // namespace cphost::host
