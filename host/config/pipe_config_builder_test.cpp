// SPDX-License-Identifier: Apache-2.0
#include "host/config/pipe_config_builder.hpp"

#include <gtest/gtest.h>

#include "host/config/host_options.hpp"
#include "host/testing/temporary_folder.hpp"

namespace cphost::host {
namespace {

constexpr const char* kGoodFile = R"(
[source]
plugin = "sample"
brokers = "localhost:9092"
topics = "orders"
[format]
plugin = "sample"
[sink]
plugin = "sample"
table = "orders"
)";

class PipeConfigBuilder : public testing::Test {
 protected:
  std::unique_ptr<PipeConfig> read(const std::string& text,
                                   const std::string& name = "orders.toml") {
    return read_only(folder_.file(name, text));
  }
  std::unique_ptr<PipeConfig> read_only(const std::string& path) {
    diagnostics_ = Diagnostics{};
    auto pipes = read_pipes({path}, Connections{}, registry_, diagnostics_);
    return pipes.empty() ? nullptr : std::move(pipes[0]);
  }
  std::vector<std::string> errors() const {
    std::vector<std::string> lines;
    const std::string folder = folder_.path().string() + "/";
    for (std::string line : diagnostics_.errors()) {
      lines.push_back(line.starts_with(folder) ? line.substr(folder.size()) : line);
    }
    return lines;
  }
  std::string only_error() const {
    return errors().size() == 1 ? errors()[0] : std::to_string(errors().size());
  }

  /// Text of option `name` of a stage, or "unset".
  static std::string text(const Stage& stage, std::string_view name) {
    const cphost_value& value =
        (*stage.options)[option_index(stage.component->options, name).value()];
    return value.set != 0 ? std::string(value.s.data, value.s.size) : "unset";
  }
  static int64_t number(const Stage& stage, std::string_view name) {
    return (*stage.options)[option_index(stage.component->options, name).value()].i;
  }

  TemporaryFolder folder_;
  Registry registry_{Catalog::scan({CPHOST_TEST_PLUGINS})};
  Diagnostics diagnostics_;
};

TEST_F(PipeConfigBuilder, FillsDefaults) {
  const auto pipe = read(kGoodFile);
  ASSERT_EQ(errors(), std::vector<std::string>{});
  EXPECT_EQ(pipe->name, "orders");
  EXPECT_EQ(pipe->workers, 1u);
  EXPECT_EQ(pipe->writers, 1u);
  EXPECT_EQ(pipe->memory_bytes, 256 << 20);
  EXPECT_EQ(pipe->block.rows_max, 100'000);
  EXPECT_EQ(pipe->block.bytes_max, (256 << 20) / 32 * 3) << "what the memory has room for";
  EXPECT_EQ(pipe->block.wait_max_ms, 5'000);
  EXPECT_EQ(pipe->poll_records_max, 8192);
  EXPECT_EQ(pipe->poll_bytes_max, 4 << 20);
  EXPECT_EQ(pipe->start_timeout_ms, 60'000);
  EXPECT_EQ(pipe->drain_timeout_ms, 10'000);
  EXPECT_EQ(pipe->commit_interval_ms, 1'000);
  EXPECT_EQ(pipe->source.component->name, "sample");
  EXPECT_EQ(pipe->source.where.line, 2u);
  EXPECT_EQ(text(pipe->source, "start"), "earliest");
  EXPECT_TRUE(pipe->format.has_value());
}

TEST_F(PipeConfigBuilder, ReadsEveryKeyOfTheHost) {
  const auto pipe = read(R"toml(
name = "shop.orders-1"
delivery = "at_least_once"
workers = 2
memory = "128MiB"
start_timeout = "1m"
drain_timeout = "20s"
commit_interval = "500ms"
columns_only = true
[source]
plugin = "sample"
brokers = "b"
topics = ["a", "b"]
[sink]
plugin = "sample"
table = "t"
writers = 3
[columns]
city = "user.address.city"
amount = { path = "price", type = "Decimal(18, 4)", default = "0" }
plain = { type = "String" }
[batch]
max_rows = 10_000
max_bytes = "1MiB"
max_wait = "250ms"
poll_records = 100
poll_bytes = "1MiB"
)toml");
  ASSERT_EQ(errors(), std::vector<std::string>{});
  EXPECT_EQ(pipe->name, "shop.orders-1");
  EXPECT_EQ(pipe->workers, 2u);
  EXPECT_EQ(pipe->writers, 3u);
  EXPECT_EQ(pipe->memory_bytes, 128 << 20);
  EXPECT_EQ(pipe->drain_timeout_ms, 20'000);
  EXPECT_EQ(pipe->commit_interval_ms, 500);
  EXPECT_TRUE(pipe->columns_only);
  EXPECT_FALSE(pipe->format.has_value());
  EXPECT_EQ(pipe->block.rows_max, 10'000);
  EXPECT_EQ(pipe->block.bytes_max, 1 << 20);
  EXPECT_EQ(pipe->block.wait_max_ms, 250);
  ASSERT_EQ(pipe->columns.size(), 3u);
  EXPECT_EQ(pipe->columns[0].column, "city");
  EXPECT_EQ(pipe->columns[0].path, "user.address.city");
  EXPECT_EQ(pipe->columns[1].type, "Decimal(18, 4)");
  EXPECT_EQ(pipe->columns[1].default_value, "0");
  EXPECT_EQ(pipe->columns[2].path, "plain");
}

TEST_F(PipeConfigBuilder, ShowsAllErrorsOfAFileAtOnce) {
  read(R"(workers = 65
[source]
plugin = "sample"
brokers = "localhost:9092"
topcis = ["orders"]
session_timeout = 45
[format]
plugin = "smaple"
[sink]
plugin = "sample"
table = "orders"
url = "ftp://localhost"
[batch]
max_rows = 0
)");
  EXPECT_EQ(errors(),
            (std::vector<std::string>{
                "orders.toml:1: workers is the number 65; allowed is 1..64",
                "orders.toml:2: [source] topics is missing; the source sample needs it: The topics "
                "to read.",
                "orders.toml:5: [source] \"topcis\" is not an option of the source sample; did you "
                "mean \"topics\"?",
                "orders.toml:6: [source] session_timeout is the number 45; a duration with its "
                "unit is wanted, such as "
                "\"5s\" (ms, s, m, h, d)",
                "orders.toml:8: [format] no format named \"smaple\" is installed; installed are: "
                "sample; did you mean "
                "\"sample\"?",
                "orders.toml:12: [sink] url is the text \"ftp://localhost\"; allowed is text like "
                "/https?:\\/\\/.+/",
                "orders.toml:14: [batch] max_rows is the number 0; allowed is 1..10000000"}));
}

TEST_F(PipeConfigBuilder, ReadsWhatExactlyOnceDeliveryRestsOn) {
  const auto pipe = read(std::string("delivery = \"exactly_once\"\ndedup_window = \"45m\"\n"
                                     "on_window_expiry = \"skip\"\n") +
                         kGoodFile);
  EXPECT_EQ(pipe->delivery, Delivery::kExactlyOnce);
  EXPECT_EQ(pipe->dedup_window_ms, 45 * 60'000);
  EXPECT_EQ(pipe->on_window_expiry, WindowExpiry::kSkip);
  EXPECT_EQ(read(kGoodFile)->delivery, Delivery::kAtLeastOnce);
}

TEST_F(PipeConfigBuilder, RefusesUnknownTablesAndMissingOnes) {
  read("[sorce]\nplugin = 'sample'\n[sink]\nplugin = 'tableless'\n");
  EXPECT_EQ(
      errors(),
      (std::vector<std::string>{
          "orders.toml: [source] is missing; a pipe needs it: [source] with plugin = \"NAME\"",
          "orders.toml:1: \"sorce\" is not an option of a pipe; did you mean \"source\"?"}));
}

TEST_F(PipeConfigBuilder, ChecksTheName) {
  read(std::string("name = \"a b\"\n") + kGoodFile);
  EXPECT_NE(only_error().find("orders.toml:1: name is the text \"a b\""), std::string::npos);
  read(kGoodFile, "o r.toml");
  EXPECT_NE(only_error().find("set name"), std::string::npos);
}

TEST_F(PipeConfigBuilder, RefusesTwoPipesOfOneName) {
  const std::string a = folder_.file("a.toml", std::string("name = 'same'\n") + kGoodFile);
  const std::string b = folder_.file("b.toml", std::string("name = 'same'\n") + kGoodFile);
  read_pipes({folder_.path().string()}, Connections{}, registry_, diagnostics_);
  EXPECT_NE(only_error().find("the name \"same\""), std::string::npos);
}

TEST_F(PipeConfigBuilder, SaysThatAFolderIsEmpty) {
  read_only(folder_.path().string());
  EXPECT_NE(only_error().find("no *.toml"), std::string::npos);
}

TEST_F(PipeConfigBuilder, GivesTheErrorTableTheTargetsOptions) {
  const auto pipe =
      read(std::string(kGoodFile) + "url = \"http://other:1\"\nttl = \"1h\"\nwriters = 2\n");
  ASSERT_EQ(errors(), std::vector<std::string>{});
  ASSERT_TRUE(pipe->errors.enabled);
  EXPECT_EQ(text(pipe->errors.sink, "table"), "orders_errors");
  EXPECT_EQ(text(pipe->errors.sink, "url"), "http://other:1");
  EXPECT_EQ(number(pipe->errors.sink, "ttl"), 7 * 86'400'000);
  EXPECT_EQ(pipe->errors.raw_bytes_max, 1 << 20);
  EXPECT_EQ(number(pipe->sink, "ttl"), 3'600'000);
}

TEST_F(PipeConfigBuilder, LetsTheErrorTableDiffer) {
  const auto pipe =
      read(std::string(kGoodFile) +
           "[errors]\ntable = 'bad'\nttl = '1d'\nraw_max = '2KiB'\nurl = 'http://x:1'\n");
  ASSERT_EQ(errors(), std::vector<std::string>{});
  EXPECT_EQ(text(pipe->errors.sink, "table"), "bad");
  EXPECT_EQ(text(pipe->errors.sink, "url"), "http://x:1");
  EXPECT_EQ(number(pipe->errors.sink, "ttl"), 86'400'000);
  EXPECT_EQ(pipe->errors.raw_bytes_max, 2048);
}

TEST_F(PipeConfigBuilder, TakesAnotherSinkForErrorsWithItsOwnOptions) {
  const auto pipe = read(std::string(kGoodFile) + "[errors]\nplugin = 'tableless'\n");
  ASSERT_EQ(errors(), std::vector<std::string>{});
  EXPECT_EQ(pipe->errors.sink.component->name, "tableless");
}

TEST_F(PipeConfigBuilder, TellsMistakesOfTheErrorTableOnce) {
  read(std::string(kGoodFile) + "url = 'ftp://x'\n[errors]\nraw_max = 5\nttll = '1d'\n");
  const std::vector<std::string> found = errors();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_NE(found[0].find("orders.toml:11: [sink] url"), std::string::npos);
  EXPECT_NE(found[1].find("orders.toml:13: [errors] raw_max"), std::string::npos);
  EXPECT_NE(found[2].find("did you mean \"ttl\"?"), std::string::npos);
}

TEST_F(PipeConfigBuilder, ReadsWhenRejectsStopAPipe) {
  EXPECT_EQ(read(kGoodFile)->errors.stop_at.window_ms, 0) << "by default never";
  const auto pipe = read(std::string(kGoodFile) + "[errors]\nstop_at = '10%/1m'\n");
  ASSERT_EQ(errors(), std::vector<std::string>{});
  EXPECT_EQ(pipe->errors.stop_at.window_ms, 60'000);
  EXPECT_DOUBLE_EQ(pipe->errors.stop_at.share, 0.1);
  read(std::string(kGoodFile) + "[errors]\nstop_at = '100%/1m'\n");
  EXPECT_NE(only_error().find("orders.toml:12: [errors] stop_at is \"100%/1m\""), std::string::npos)
      << only_error();
  read(std::string(kGoodFile) + "[errors]\nstop_at = 'often'\n");
  EXPECT_NE(only_error().find("stop_at"), std::string::npos);
}

TEST_F(PipeConfigBuilder, CanDoWithoutAnErrorTable) {
  EXPECT_FALSE(read(std::string("errors = false\n") + kGoodFile)->errors.enabled);
  read(std::string("errors = 5\n") + kGoodFile);
  EXPECT_NE(only_error().find("errors = false is wanted"), std::string::npos);
}

TEST_F(PipeConfigBuilder, KeepsBlocksWithinASmallMemory) {
  EXPECT_EQ(read(std::string("memory = '16MiB'\n") + kGoodFile)->block.bytes_max,
            (16 << 20) * 3 / 32);
  EXPECT_TRUE(diagnostics_.warnings().empty());
  read(std::string("memory = '16MiB'\n") + kGoodFile + "[batch]\nmax_bytes = '32MiB'\n");
  EXPECT_NE(only_error().find("more than the pipe's memory"), std::string::npos);
}

TEST_F(PipeConfigBuilder, WarnsOfBlocksThatItsMemoryHasNoRoomFor) {
  const std::string two = "memory = '96MiB'\nworkers = 2\n";
  const auto fits = read(two + kGoodFile + "[batch]\nmax_bytes = '4MiB'\n");
  EXPECT_EQ(fits->block.bytes_max, 4 << 20);
  EXPECT_TRUE(diagnostics_.warnings().empty());
  const auto cut = read(two + kGoodFile + "[batch]\nmax_bytes = '6MiB'\n");
  EXPECT_EQ(cut->block.bytes_max, 4'718'592);
  ASSERT_EQ(diagnostics_.warnings().size(), 1u);
  EXPECT_NE(diagnostics_.warnings()[0].find("room for blocks of 4718592 bytes"), std::string::npos)
      << diagnostics_.warnings()[0];
}

TEST_F(PipeConfigBuilder, SaysWhyAPluginIsRefused) {
  read("[source]\nplugin = 'sample'\nbrokers = 'b'\ntopics = 't'\n[sink]\nplugin = 'newer'\n");
  EXPECT_NE(only_error().find("needs ABI 1.77, this host has 1.0; install a newer cphost"),
            std::string::npos);
}

}  // namespace
}  // namespace cphost::host
