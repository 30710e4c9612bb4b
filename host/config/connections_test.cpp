// SPDX-License-Identifier: Apache-2.0
#include "host/config/connections.hpp"

#include <gtest/gtest.h>

#include "host/config/host_options.hpp"
#include "host/config/pipe_config_builder.hpp"
#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

class ConnectionsOfPipes : public testing::Test {
 protected:
  /// The pipe of `pipe`, with `shared` as the file of connections unless it is "".
  std::unique_ptr<PipeConfig> read(const std::string& pipe, const std::string& shared = "") {
    diagnostics_ = Diagnostics{};
    Connections connections;
    if (!shared.empty()) connections.read_file(folder_.file("c.toml", shared), diagnostics_);
    auto pipes = read_pipes({folder_.file("p.toml", pipe)}, connections, registry_, diagnostics_);
    return std::move(pipes.at(0));
  }

  std::string errors() const {
    std::string all;
    const std::string folder = folder_.path().string() + "/";
    for (const std::string& line : diagnostics_.errors()) {
      all += (line.starts_with(folder) ? line.substr(folder.size()) : line) + "\n";
    }
    return all;
  }

  static std::string text(const Stage& stage, std::string_view name) {
    const cphost_value& value =
        (*stage.options)[option_index(stage.component->options, name).value()];
    return value.set != 0 ? std::string(value.s.data, value.s.size) : "unset";
  }

  TemporaryFolder folder_;
  Registry registry_{Catalog::scan({CPHOST_TEST_PLUGINS})};
  Diagnostics diagnostics_;
};

constexpr const char* kPipe =
    "[source]\nplugin = 'sample'\nconnection = 'prod'\ntopics = 't'\n"
    "[sink]\nplugin = 'sample'\ntable = 't'\n";
constexpr const char* kShared = "[connections.prod]\nbrokers = 'b:9092'\nstart = 'latest'\n";

TEST_F(ConnectionsOfPipes, StandInThePipeFile) {
  const auto pipe = read(std::string(kPipe) + kShared);
  EXPECT_EQ(errors(), "");
  EXPECT_EQ(text(pipe->source, "brokers"), "b:9092");
  EXPECT_EQ(text(pipe->source, "start"), "latest");
}

TEST_F(ConnectionsOfPipes, StandInAFileOfTheirOwn) {
  EXPECT_EQ(text(read(kPipe, kShared)->source, "brokers"), "b:9092");
  EXPECT_EQ(errors(), "");
}

TEST_F(ConnectionsOfPipes, YieldToTheOptionsOfTheTable) {
  const std::string own = "start = 'earliest'\n";
  const auto pipe = read("[source]\n" + own + std::string(kPipe).substr(9), kShared);
  EXPECT_EQ(errors(), "");
  EXPECT_EQ(text(pipe->source, "start"), "earliest");
  EXPECT_EQ(text(pipe->source, "brokers"), "b:9092");
}

TEST_F(ConnectionsOfPipes, OfThePipeFileStandBeforeSharedOnes) {
  const auto pipe = read(std::string(kPipe) + "[connections.prod]\nbrokers = 'own:1'\n", kShared);
  EXPECT_EQ(errors(), "");
  EXPECT_EQ(text(pipe->source, "brokers"), "own:1");
}

TEST_F(ConnectionsOfPipes, ThatAreUnknownAreGuessed) {
  read(kPipe, "[connections.prdo]\nbrokers = 'b'\n");
  EXPECT_NE(errors().find("p.toml:3: [source] connection is \"prod\"; there is no such connection; "
                          "did you mean \"prdo\"?"),
            std::string::npos)
      << errors();
  read(kPipe);
  EXPECT_NE(errors().find("--connections"), std::string::npos) << errors();
}

TEST_F(ConnectionsOfPipes, TellTheirErrorsWhereTheyStand) {
  read(kPipe, "# shared\n[connections.prod]\nbrokers = 7\nstrat = 'latest'\nplugin = 'x'\n");
  EXPECT_EQ(errors(),
            "c.toml:3: [connections.prod] brokers is the number 7; a text in quotes is wanted\n"
            "c.toml:4: [connections.prod] \"strat\" is not an option of the source sample; did you "
            "mean \"start\"?\n"
            "c.toml:5: [connections.prod] \"plugin\" can't be set by a connection; it stands in "
            "[source]\n");
}

TEST_F(ConnectionsOfPipes, FindSecretsBesideTheirOwnFile) {
  const TemporaryFolder other;
  other.file("password", "hidden");
  Connections connections;
  connections.read_file(
      other.file("c.toml", "[connections.prod]\nbrokers = { file = 'password' }\n"), diagnostics_);
  const auto pipes =
      read_pipes({folder_.file("p.toml", kPipe)}, connections, registry_, diagnostics_);
  EXPECT_EQ(errors(), "");
  EXPECT_EQ(text(pipes.at(0)->source, "brokers"), "hidden");
}

TEST_F(ConnectionsOfPipes, AreCheckedByWhatTheirOwnFileAllows) {
  const std::string shared = std::string(kShared) + "password = 'hidden-secret'\n";
  read(std::string("allow_literal_secrets = true\n") + kPipe, shared);
  EXPECT_NE(errors().find("c.toml:4: [connections.prod] password is a secret"), std::string::npos)
      << errors();
  EXPECT_EQ(errors().find("hidden-secret"), std::string::npos);
  read(kPipe, "allow_literal_secrets = true\n" + shared);
  EXPECT_EQ(errors(), "");
}

TEST_F(ConnectionsOfPipes, ServeTheErrorTableToo) {
  const std::string pipe =
      "[source]\nplugin = 'sample'\nbrokers = 'b'\ntopics = 't'\n"
      "[sink]\nplugin = 'sample'\ntable = 't'\nconnection = 'db'\n";
  const std::string shared =
      "[connections.db]\nurl = 'http://one'\n[connections.other]\nurl = 'http://two'\n";
  EXPECT_EQ(text(read(pipe, shared)->errors.sink, "url"), "http://one");
  EXPECT_EQ(text(read(pipe + "[errors]\nconnection = 'other'\n", shared)->errors.sink, "url"),
            "http://two");
  EXPECT_EQ(errors(), "");
}

TEST_F(ConnectionsOfPipes, HaveNamesOfTheirOwn) {
  Connections connections;
  connections.read_file(folder_.file("one.toml", kShared), diagnostics_);
  connections.read_file(folder_.file("two.toml", kShared), diagnostics_);
  EXPECT_NE(errors().find("two.toml:1: the name \"prod\" is that of a connection in"),
            std::string::npos)
      << errors();
}

TEST_F(ConnectionsOfPipes, AreAllThatTheirFileHolds) {
  read(kPipe, std::string("[conections.a]\nx = 1\n") + kShared);
  EXPECT_EQ(errors(),
            "c.toml:1: \"conections\" does not belong into a file of connections; did you mean "
            "\"connections\"?\n");
}

}  // namespace
}  // namespace cphost::host
