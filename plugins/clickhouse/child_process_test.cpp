// SPDX-License-Identifier: Apache-2.0
#include "child_process.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <system_error>

#include "chdb_child.hpp"

namespace clickhouse {
namespace {

std::string read_all(int fd) {
  std::string out;
  char buffer[256];
  for (ssize_t n; (n = ::read(fd, buffer, sizeof buffer)) > 0;)
    out.append(buffer, static_cast<size_t>(n));
  return out;
}

TEST(ChildProcess, ItEndsWhenItsInputDoes) {
  ChildProcess cat("/bin/cat", {});
  EXPECT_TRUE(cat.running());
  cat.end();
  EXPECT_FALSE(cat.running());
  EXPECT_EQ(cat.exit_code(), 0);
}

TEST(ChildProcess, ItsOutputsAndExitCodeAreSeen) {
  ChildProcess child("/bin/sh", {"-c", "echo out; echo err >&2; exit 7"});
  EXPECT_EQ(read_all(child.output()), "out\n");
  EXPECT_EQ(read_all(child.errors()), "err\n");
  child.end();
  EXPECT_EQ(child.exit_code(), 7);
  EXPECT_EQ(child.how_it_ended(), "exit code 7");
}

TEST(ChildProcess, ASecretIsReadOnceFromAFileDescriptor) {
  ChildProcess child("/bin/sh", {"-c", std::string("cat ") + ChildProcess::kSecretFile},
                     "open sesame");
  EXPECT_EQ(read_all(child.output()), "open sesame\n");
}

TEST(ChildProcess, WhatCannotBeStartedThrows) {
  EXPECT_THROW(ChildProcess("/nonexistent/program", {}), std::system_error);
}

// A shell script in the place of cphost-chdb.
class FakeEngine {
 public:
  explicit FakeEngine(const std::string& script) {
    char name[] = "/tmp/cphost-fake-XXXXXX";
    folder_ = ::mkdtemp(name);
    std::ofstream(folder_ + "/engine") << "#!/bin/sh\n" << script;
    std::filesystem::permissions(folder_ + "/engine", std::filesystem::perms::owner_all);
  }
  ~FakeEngine() { std::filesystem::remove_all(folder_); }

  ChdbOptions options() const {
    return {folder_ + "/db", folder_ + "/engine", "", "me", "", 10'000};
  }
  size_t starts() const {
    std::ifstream in(folder_ + "/starts");
    size_t n = 0;
    for (std::string line; std::getline(in, line);) ++n;
    return n;
  }

 private:
  std::string folder_;
};

constexpr const char* kServe =
    "echo x >> $(dirname $0)/starts\necho cphost-chdb listening on 127.0.0.1:12345\necho hello "
    ">&2\nexec cat >/dev/null\n";

TEST(ChdbChild, OneChildServesAllSinksOfAFolder) {
  const FakeEngine engine(kServe);
  const auto a = ChdbChild::acquire(engine.options(), [](const std::string&) {});
  const auto b = ChdbChild::acquire(engine.options(), [](const std::string&) {});
  EXPECT_EQ(a->endpoint().url, "http://127.0.0.1:12345");
  EXPECT_EQ(a->endpoint().user, "me");
  EXPECT_EQ(a->endpoint().password.size(), 64u);
  EXPECT_EQ(a->endpoint().password, b->endpoint().password);
  EXPECT_TRUE(b->serves(a->endpoint().url));
  EXPECT_FALSE(b->serves("http://127.0.0.1:1"));
  EXPECT_EQ(engine.starts(), 1u);
}

TEST(ChdbChild, ItIsStartedAgainAfterItDied) {
  const FakeEngine engine(
      "echo x >> $(dirname $0)/starts\necho cphost-chdb listening on 127.0.0.1:1\nexit 3\n");
  const auto child = ChdbChild::acquire(engine.options(), [](const std::string&) {});
  const std::string url = child->endpoint().url;
  while (child->serves(url)) ::usleep(1000);
  child->endpoint();
  EXPECT_EQ(engine.starts(), 2u);
}

TEST(ChdbChild, WhatItSaidLastIsTheReason) {
  const FakeEngine engine("echo no libchdb.so anywhere >&2\nexit 1\n");
  std::string logged;
  const auto child =
      ChdbChild::acquire(engine.options(), [&](const std::string& line) { logged += line; });
  try {
    child->endpoint();
    FAIL() << "it did not throw";
  } catch (const ChdbError& e) {
    EXPECT_TRUE(e.user_must_act);
    EXPECT_NE(std::string(e.what()).find("no libchdb.so anywhere"), std::string::npos) << e.what();
  }
  EXPECT_NE(logged.find("no libchdb.so"), std::string::npos);
}

TEST(ChdbChild, AFolderInUseIsToldAndMayBeFreeLater) {
  const FakeEngine engine(
      "echo 'Cannot lock file x/status. Another server instance in same directory is already "
      "running.' >&2\nexit 75\n");
  const auto child = ChdbChild::acquire(engine.options(), [](const std::string&) {});
  try {
    child->endpoint();
    FAIL() << "it did not throw";
  } catch (const ChdbError& e) {
    EXPECT_FALSE(e.user_must_act);
    EXPECT_NE(std::string(e.what()).find("in use by another process"), std::string::npos)
        << e.what();
  }
}

TEST(ChdbChild, AProgramThatIsNotThereIsTheUsersToMend) {
  ChdbOptions options;
  options.folder = "/tmp/cphost-none";
  options.program = "/nonexistent/cphost-chdb";
  const auto child = ChdbChild::acquire(options, [](const std::string&) {});
  try {
    child->endpoint();
    FAIL() << "it did not throw";
  } catch (const ChdbError& e) {
    EXPECT_TRUE(e.user_must_act);
  }
}

TEST(ChdbUrl, TheFolderIsAbsolute) {
  EXPECT_EQ(chdb_folder("chdb:///var/lib/db"), "/var/lib/db");
  EXPECT_EQ(chdb_folder("http://host"), "");
  EXPECT_THROW(chdb_folder("chdb://db"), std::invalid_argument);
  EXPECT_THROW(chdb_folder("chdb:///"), std::invalid_argument);
}

}  // namespace
}  // namespace clickhouse
