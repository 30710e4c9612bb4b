// SPDX-License-Identifier: Apache-2.0
// The commands as users call them: the real executable, its exit codes and what it prints.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>

#include "host/exit_code.hpp"
#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

struct Ended {
  int exit_code = -1;
  std::string output;  ///< Standard output and error.
};

Ended call(const std::string& words) {
  const std::string command = std::string(CPHOST_TEST_EXECUTABLE) + " " + words + " 2>&1";
  Ended ended;
  FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> chunk;
  while (const size_t got = std::fread(chunk.data(), 1, chunk.size(), pipe))
    ended.output.append(chunk.data(), got);
  const int status = ::pclose(pipe);
  ended.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

const std::string kPlugins = std::string(" --plugins ") + CPHOST_TEST_PLUGINS;

constexpr const char* kGoodFile =
    "[source]\nplugin = 'sample'\nbrokers = 'b'\ntopics = 't'\n"
    "[format]\nplugin = 'sample'\n[sink]\nplugin = 'sample'\ntable = 't'\n";

TEST(Commands, ListAPluginWithoutLoadingIt) {
  const Ended ended = call("plugins" + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitDone) << ended.output;
  EXPECT_NE(ended.output.find("aborting    sink    0.1"), std::string::npos) << ended.output;
  EXPECT_NE(ended.output.find("REFUSED: no plugin: it has no cphost note"), std::string::npos);
  EXPECT_NE(ended.output.find("REFUSED: needs ABI 1.77"), std::string::npos);
}

TEST(Commands, TellAFolderThatIsNotThere) {
  const Ended ended = call("plugins --plugins /nonexistent");
  EXPECT_EQ(ended.exit_code, kExitConfig);
  EXPECT_NE(ended.output.find("/nonexistent can't be read"), std::string::npos);
}

TEST(Commands, DescribeAllComponentsOfAName) {
  const Ended ended = call("describe sample" + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitDone);
  for (const char* title : {"source:sample 1.2.3", "format:sample 1.2.3", "sink:sample 1.2.3"}) {
    EXPECT_NE(ended.output.find(title), std::string::npos) << title;
  }
  EXPECT_EQ(call("describe sink:sample" + kPlugins).output.find("source:sample"),
            std::string::npos);
}

TEST(Commands, DescribeGuessesTheName) {
  const Ended ended = call("describe smaple" + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitUsage);
  EXPECT_NE(ended.output.find("did you mean \"sample\"?"), std::string::npos);
}

TEST(Commands, CheckPassesAGoodFile) {
  const TemporaryFolder folder;
  const Ended ended = call("check --pipe " + folder.file("good.toml", kGoodFile) + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitDone) << ended.output;
  EXPECT_TRUE(ended.output.ends_with("good.toml: ok\n"));
}

TEST(Commands, CheckShowsEveryError) {
  const TemporaryFolder folder;
  const std::string file = folder.file(
      "bad.toml", std::string("workers = 0\nmemroy = '1GiB'\n") + kGoodFile + "x = 1\n");
  const Ended ended = call("check --pipe " + file + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitConfig);
  for (const char* place : {"bad.toml:1: ", "bad.toml:2: ", "bad.toml:12: ", "3 errors\n"}) {
    EXPECT_NE(ended.output.find(place), std::string::npos) << ended.output;
  }
}

TEST(Commands, CheckTellsABugFromAWrongOption) {
  const TemporaryFolder folder;
  const std::string file =
      folder.file("bug.toml",
                  "[source]\nplugin = 'sample'\nbrokers = 'b'\ntopics = 't'\n"
                  "[format]\nplugin = 'sample'\n[sink]\nplugin = 'tableless'\n");
  const Ended ended = call("check --pipe " + file + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitInternal) << ended.output;
  EXPECT_NE(ended.output.find("the sample has a bug (BUG)"), std::string::npos) << ended.output;
}

TEST(Commands, CheckConnectsWhenAsked) {
  const TemporaryFolder folder;
  const Ended ended =
      call("check --connect --pipe " + folder.file("good.toml", kGoodFile) + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitUnreachable) << ended.output;
  EXPECT_NE(ended.output.find("no broker answers at localhost:1 (UNREACHABLE)"), std::string::npos)
      << ended.output;
}

TEST(Commands, RunRefusesABadFileBeforeItCreatesAnything) {
  const TemporaryFolder folder;
  const std::string state = (folder.path() / "state").string();
  const Ended ended =
      call("--pipe " + folder.file("bad.toml", "[source]\n") + " --state " + state + kPlugins);
  EXPECT_EQ(ended.exit_code, kExitConfig);
  EXPECT_FALSE(std::filesystem::exists(state));
}

TEST(Commands, ExplainTheCommandLine) {
  EXPECT_EQ(call("--pipo x").exit_code, kExitUsage);
  EXPECT_EQ(call("--help").exit_code, kExitDone);
  EXPECT_EQ(call("--version").output.substr(0, 7), "cphost ");
}

}  // namespace
}  // namespace cphost::host
