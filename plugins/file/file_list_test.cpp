// SPDX-License-Identifier: Apache-2.0
#include "file_list.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>
#include <filesystem>

#include "temporary_folder_test.hpp"

namespace file {
namespace {

using Files = std::vector<std::string>;

std::string refusal(const std::vector<std::string>& patterns) {
  try {
    list_files(patterns);
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::config);
    return error.code();
  }
  return "";
}

TEST(FileList, SortsMatchesOfAllPatternsAndNamesEachFileOnce) {
  const TemporaryFolder folder;
  const std::string b = folder.write("b.json", "");
  const std::string a = folder.write("a.json", "");
  const std::string c = folder.write("c.txt", "");
  EXPECT_EQ(list_files({folder.path("*.json"), c, a}), (Files{a, b, c}));
}

TEST(FileList, FollowsLinksToOneName) {
  const TemporaryFolder folder;
  const std::string target = folder.write("target", "");
  std::filesystem::create_symlink(target, folder.path("link"));
  EXPECT_EQ(list_files({folder.path("*")}), Files{target});
}

TEST(FileList, PutsStandardInputFirst) {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", "");
  EXPECT_EQ(list_files({a, "-"}), (Files{"-", a}));
}

TEST(FileList, RefusesWhatMatchesNothing) {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", "");
  EXPECT_EQ(refusal({a, folder.path("*.json")}), "NO_FILES");
  EXPECT_EQ(refusal({folder.path("missing")}), "NO_FILES");
  EXPECT_EQ(refusal({}), "NO_FILES");
}

TEST(FileList, RefusesFolders) {
  const TemporaryFolder folder;
  EXPECT_EQ(refusal({folder.path("")}), "FILE_OPEN");
}

}  // namespace
}  // namespace file
