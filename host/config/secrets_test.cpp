// SPDX-License-Identifier: Apache-2.0
#include "host/config/secrets.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "host/config/option_binding.hpp"
#include "host/config/pipe_file.hpp"
#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

constexpr const char* kSecret = "hunter2-very-secret";

struct Bound {
  std::string error;
  std::string value;
};

Bound bind_password(std::string_view toml, const std::string& folder, bool allow_literals = false,
                    const char* check = nullptr) {
  static const char* const kNoCheck = nullptr;
  const std::vector<cphost_option> options{{"password", "The password.", nullptr,
                                            check ? check : kNoCheck, CPHOST_STRING,
                                            CPHOST_SECRET}};
  Diagnostics diagnostics;
  const auto table = parse_pipe_text(toml, "p.toml", diagnostics);
  const BindingPlace place{"p.toml", "[source]", "the source sample", folder, allow_literals};
  const auto values = bind_options(options, *table, {}, place, diagnostics);
  Bound bound;
  for (const std::string& error : diagnostics.errors()) bound.error += error;
  const cphost_value& value = (*values)[0];
  if (value.set != 0) bound.value.assign(value.s.data, value.s.size);
  return bound;
}

TEST(Secrets, ComeFromAFileWithoutItsLastNewline) {
  const TemporaryFolder folder;
  const std::string path = folder.file("password", std::string(kSecret) + "\n");
  EXPECT_EQ(bind_password("password = { file = '" + path + "' }", "").value, kSecret);
}

TEST(Secrets, ComeFromAFileBesideThePipeFile) {
  const TemporaryFolder folder;
  folder.file("password", kSecret);
  EXPECT_EQ(bind_password("password = { file = 'password' }", folder.path().string()).value,
            kSecret);
}

TEST(Secrets, ComeFromTheEnvironment) {
  ::setenv("CPHOST_TEST_SECRET", kSecret, 1);
  EXPECT_EQ(bind_password("password = { env = 'CPHOST_TEST_SECRET' }", "").value, kSecret);
  ::unsetenv("CPHOST_TEST_SECRET");
  EXPECT_EQ(bind_password("password = { env = 'CPHOST_TEST_SECRET' }", "").error,
            "p.toml:1: [source] password can't be resolved: the environment variable "
            "\"CPHOST_TEST_SECRET\" is "
            "not set");
}

TEST(Secrets, ComeFromSystemdCredentials) {
  const TemporaryFolder folder;
  folder.file("kafka", kSecret);
  ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
  EXPECT_EQ(bind_password("password = { credential = 'kafka' }", "").value, kSecret);
  EXPECT_NE(bind_password("password = { credential = '../kafka' }", "").error, "");
  ::unsetenv("CREDENTIALS_DIRECTORY");
  EXPECT_NE(bind_password("password = { credential = 'kafka' }", "").error.find("LoadCredential"),
            std::string::npos);
}

TEST(Secrets, InThePipeFileAreRefusedAndNotShown) {
  const Bound bound = bind_password(std::string("password = '") + kSecret + "'", "");
  EXPECT_NE(bound.error.find("allow_literal_secrets"), std::string::npos);
  EXPECT_EQ(bound.error.find(kSecret), std::string::npos);
}

TEST(Secrets, InThePipeFileAreTakenWhenAllowed) {
  EXPECT_EQ(bind_password(std::string("password = '") + kSecret + "'", "", true).value, kSecret);
}

TEST(Secrets, ThatFailTheirCheckAreNotShown) {
  const Bound bound =
      bind_password(std::string("password = '") + kSecret + "'", "", true, "/[0-9]+/");
  EXPECT_NE(bound.error, "");
  EXPECT_EQ(bound.error.find(kSecret), std::string::npos);
}

TEST(Secrets, AreNotShownWhereAnOptionThatIsNoneReadsThem) {
  const TemporaryFolder folder;
  folder.file("password", kSecret);
  const std::vector<cphost_option> options{
      {"mode", "The mode.", nullptr, "hunter|gatherer", CPHOST_STRING, 0}};
  Diagnostics diagnostics;
  const auto table = parse_pipe_text("mode = { file = 'password' }", "p.toml", diagnostics);
  const BindingPlace place{"p.toml", "[source]", "the source sample", folder.path().string(),
                           false};
  bind_options(options, *table, {}, place, diagnostics);
  ASSERT_EQ(diagnostics.errors().size(), 1u);
  EXPECT_EQ(diagnostics.errors()[0].find(kSecret), std::string::npos) << diagnostics.errors()[0];
}

TEST(Secrets, OfAWrongTypeAreNotShown) {
  const Bound bound = bind_password("password = 123456789", "", true);
  EXPECT_NE(bound.error, "");
  EXPECT_EQ(bound.error.find("123456789"), std::string::npos);
}

TEST(Secrets, ThatCanNotBeReadAreErrors) {
  const TemporaryFolder folder;
  EXPECT_NE(bind_password("password = { file = 'absent' }", folder.path().string())
                .error.find("No such file"),
            std::string::npos);
  folder.file("empty", "\n");
  EXPECT_NE(
      bind_password("password = { file = 'empty' }", folder.path().string()).error.find("empty"),
      std::string::npos);
  folder.file("long", std::string(100'000, 'x'));
  EXPECT_NE(
      bind_password("password = { file = 'long' }", folder.path().string()).error.find("64 KiB"),
      std::string::npos);
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  EXPECT_NE(
      bind_password("password = { file = 'fifo' }", folder.path().string()).error.find("regular"),
      std::string::npos);
  EXPECT_NE(bind_password("password = { file = 'a', env = 'b' }", "").error.find("write {"),
            std::string::npos);
}

}  // namespace
}  // namespace cphost::host
