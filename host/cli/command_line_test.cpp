// SPDX-License-Identifier: Apache-2.0
#include "host/cli/command_line.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "host/cli/default_folders.hpp"

namespace cphost::host {
namespace {

std::string usage_error(const std::vector<std::string>& words) {
  try {
    parse_command_line(words);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(CommandLineWords, RunPipes) {
  const CommandLine line =
      parse_command_line({"--plugins", "a", "--plugins=b", "--pipe", "p.toml", "--pipe", "q.toml",
                          "--state", "/s", "--log-format", "json", "--log-level", "debug",
                          "--progress", "never", "--connections", "c.toml"});
  EXPECT_EQ(line.command, Command::kRun);
  EXPECT_EQ(line.plugin_folders, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(line.pipes, (std::vector<std::string>{"p.toml", "q.toml"}));
  EXPECT_EQ(line.connections, std::vector<std::string>{"c.toml"});
  EXPECT_FALSE(line.core_dumps);
  EXPECT_EQ(line.state_folder, "/s");
  EXPECT_EQ(line.log_style, LogStyle::kJson);
  EXPECT_EQ(line.log_level, LogLevel::kDebug);
  EXPECT_EQ(line.progress, ProgressMode::kNever);
}

TEST(CommandLineWords, NameCommands) {
  EXPECT_EQ(parse_command_line({"run", "--pipe", "p"}).command, Command::kRun);
  EXPECT_EQ(parse_command_line({"plugins"}).command, Command::kPlugins);
  EXPECT_EQ(parse_command_line({"--help"}).command, Command::kHelp);
  EXPECT_EQ(parse_command_line({"--version"}).command, Command::kVersion);
  const CommandLine describe = parse_command_line({"describe", "kafka", "--json-schema"});
  EXPECT_EQ(describe.command, Command::kDescribe);
  EXPECT_EQ(describe.component, "kafka");
  EXPECT_EQ(describe.describe_style, DescribeStyle::kJsonSchema);
  const CommandLine check = parse_command_line({"check", "--pipe", "p", "--connect"});
  EXPECT_EQ(check.command, Command::kCheck);
  EXPECT_TRUE(check.connect);
  const CommandLine verify = parse_command_line({"verify", "--pipe", "p", "--runs", "7"});
  EXPECT_EQ(verify.command, Command::kVerify);
  EXPECT_EQ(verify.runs_max, 7u);
  const CommandLine replay = parse_command_line(
      {"replay", "--pipe", "p", "--code", "JSON_SYNTAX", "--since", "1970-01-02", "--dry-run"});
  EXPECT_EQ(replay.command, Command::kReplay);
  EXPECT_EQ(replay.reject_code, "JSON_SYNTAX");
  EXPECT_EQ(replay.since_us, 86'400'000'000);
  EXPECT_TRUE(replay.dry_run);
}

TEST(CommandLineWords, SayWherePositionsGo) {
  EXPECT_EQ(parse_command_line({"positions", "show", "--pipe", "p"}).command,
            Command::kPositionsShow);
  const CommandLine set = parse_command_line({"positions", "set", "--pipe", "p", "--to=-2h",
                                              "t/0=5", "t/1=7", "--dry-run", "--drop-pending"});
  EXPECT_EQ(set.command, Command::kPositionsSet);
  EXPECT_EQ(set.to, "-2h");
  EXPECT_EQ(set.changes, (std::vector<std::string>{"t/0=5", "t/1=7"}));
  EXPECT_TRUE(set.dry_run && set.drop_pending);
  EXPECT_NE(usage_error({"positions"}).find("positions what?"), std::string::npos);
  EXPECT_NE(usage_error({"positions", "reset"}).find("positions what?"), std::string::npos);
  EXPECT_NE(usage_error({"positions", "show"}).find("no pipe"), std::string::npos);
  EXPECT_NE(usage_error({"positions", "show", "t/0", "--pipe", "p"}).find("too many"),
            std::string::npos);
  EXPECT_NE(usage_error({"positions", "set", "--pipe", "p"}).find("set to what?"),
            std::string::npos);
  EXPECT_NE(usage_error({"--pipe", "p", "--dry-run"}).find("positions set"), std::string::npos);
}

TEST(CommandLineWords, ThatAreWrongAreExplained) {
  EXPECT_EQ(usage_error({}), "no pipe is given; add --pipe FILE, or see `cphost --help`");
  EXPECT_EQ(usage_error({"--pipes", "p"}), "there is no option --pipes; did you mean \"--pipe\"?");
  EXPECT_NE(usage_error({"plugin"}).find("did you mean \"plugins\"?"), std::string::npos);
  EXPECT_NE(usage_error({"describe"}).find("describe what?"), std::string::npos);
  EXPECT_NE(usage_error({"plugins", "x"}).find("one word too many"), std::string::npos);
  EXPECT_NE(usage_error({"--pipe", "p", "--log-level", "loud"}).find("debug, error, info, warning"),
            std::string::npos);
  EXPECT_NE(usage_error({"--pipe", "p", "--connect"}).find("cphost check"), std::string::npos);
  EXPECT_NE(usage_error({"describe", "a", "--markdown", "--json-schema"}).find("exclude"),
            std::string::npos);
  EXPECT_NE(usage_error({"--pipe", "p", "--runs", "9"}).find("cphost verify"), std::string::npos);
  EXPECT_NE(usage_error({"verify", "--pipe", "p", "--runs", "0"}).find("1 to 10000000"),
            std::string::npos);
  EXPECT_NE(usage_error({"--pipe", "p", "--dry-run"}).find("cphost replay"), std::string::npos);
  EXPECT_NE(usage_error({"replay", "--pipe", "p", "--since", "noon"}).find("in UTC"),
            std::string::npos);
  EXPECT_NE(usage_error({"verify"}).find("no pipe is given"), std::string::npos);
  EXPECT_NE(usage_error({"--pipe"}), "no error");
  EXPECT_NE(usage_error({"--pipe", "p", "--state", "a", "--state", "b"}), "no error");
  EXPECT_NE(usage_error({"--plu", "a", "--pipe", "p"}), "no error");
}

TEST(DefaultFolders, FollowTheServiceManagerThenXdg) {
  ::setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
  ::setenv("XDG_STATE_HOME", "/xdg", 1);
  EXPECT_EQ(default_state_folder(), "/var/lib/one");
  ::unsetenv("STATE_DIRECTORY");
  EXPECT_EQ(default_state_folder(), "/xdg/cphost");
  ::unsetenv("XDG_STATE_HOME");
  ::setenv("HOME", "/home/someone", 1);
  EXPECT_EQ(default_state_folder(), "/home/someone/.local/state/cphost");
}

TEST(Help, NamesEveryOption) {
  const std::string help = help_text();
  for (const char* option :
       {"--plugins", "--pipe", "--state", "--log-format", "--log-level", "--progress", "--connect",
        "--runs", "--markdown", "--json-schema", "--version", "--help"}) {
    EXPECT_NE(help.find(option), std::string::npos) << option;
  }
}

}  // namespace
}  // namespace cphost::host
