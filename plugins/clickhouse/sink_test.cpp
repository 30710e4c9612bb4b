// SPDX-License-Identifier: Apache-2.0
// Delivery, errors and tables: the sink against the real engine.
#include "sink.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>

#include "engine_fixture.hpp"
#include "error_codes.hpp"
#include "test_server.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using cphost::Status;
using Bytes16 = std::array<uint8_t, 16>;

// The schema that describe tells is the one that these arrays have: nothing in between is lost.
TEST_F(SinkOnEngine, DescribeTellsTypesDefaultsAndInsertableColumnsOnly) {
  create("described",
         "id UInt64, name LowCardinality(Nullable(String)) DEFAULT 'x', m UInt8 MATERIALIZED 1, a "
         "UInt8 ALIAS 2, e String EPHEMERAL, "
         "t DateTime64(3), n Nested(k String, v UInt8), s AggregateFunction(sum, UInt64)");
  Sink::Shared shared(options("described"), env_->env());
  cphost::UniqueSchema schema;
  ASSERT_EQ(shared.describe(schema.out()), Status::ok) << env_->reason;
  std::string all;
  for (int64_t i = 0; i < schema->n_children; ++i) {
    const ArrowSchema& f = *schema->children[i];
    all += std::string(f.name) + ":" + f.format + ":" + std::string(cphost::clickhouse_type(f)) +
           ":" + std::string(cphost::metadata(f, "cphost.default")) + "\n";
  }
  EXPECT_EQ(all,
            "id:L:UInt64:\nname:z:LowCardinality(Nullable(String)):1\ne:z:String:1\nt:tsm:UTC:"
            "DateTime64(3):\n"
            "n.k:+l:Array(String):\nn.v:+l:Array(UInt8):\n"
            "s:z:AggregateFunction(sum, UInt64):\n");
}

TEST_F(SinkOnEngine, NullsAndLeftOutColumnsTakeTheirDefaults) {
  create("defaults",
         "id UInt64, s String DEFAULT 'dflt', l LowCardinality(String) DEFAULT 'lc', w UInt64 "
         "DEFAULT id * 10, e Enum8('p' = 3, 'q' = 4), "
         "d Date32, f FixedString(2) DEFAULT 'zz', a Array(UInt8) DEFAULT [1], u UUID DEFAULT "
         "'61f0c404-5cb3-11e7-907b-a6006ad3dba0', "
         "o Nullable(String) DEFAULT 'opt', p String");
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2}));
  rows.add("s", "String", A::strings({A::kNull, "set"}));
  rows.add("l", "LowCardinality(String)", A::strings({A::kNull, "set"}));
  rows.add("w", "UInt64", A::fixed<uint64_t>({A::kNull, 7}));
  rows.add("e", "Enum8('p' = 3, 'q' = 4)", A::fixed<int8_t>({A::kNull, 4}));
  rows.add("d", "Date32", A::fixed<int32_t>({A::kNull, 0}));
  rows.add("f", "FixedString(2)", A::fixed<std::array<char, 2>>({A::kNull, {{'o', 'k'}}}));
  rows.add("a", "Array(UInt8)", A::lists({A::kNull, A::kNull}, A::fixed<uint8_t>({})));
  rows.add("u", "UUID", A::fixed<Bytes16>({A::kNull, Bytes16{}}));
  rows.add("o", "Nullable(String)", A::strings({A::kNull, A::kNull}));
  rows.add("o_absent", "Bool", A::bits({true, true}), {{"cphost.absent", "o"}});
  rows.finish();
  ASSERT_EQ(write(options("defaults"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT * FROM defaults ORDER BY id FORMAT CSV"),
            "1,\"dflt\",\"lc\",10,\"p\",\"1970-01-01\",\"zz\",\"[1]\",\"61f0c404-5cb3-11e7-907b-"
            "a6006ad3dba0\",\"opt\",\"\"\n"
            "2,\"set\",\"set\",7,\"q\",\"1970-01-01\",\"ok\",\"[1]\",\"00000000-0000-0000-0000-"
            "000000000000\",\"opt\",\"\"\n");
}

TEST_F(SinkOnEngine, SourceColumnsFindTheirWayIntoOtherTypes) {
  create("meta",
         "offset UInt64, part String, at DateTime64(6, 'UTC'), at2 DateTime('UTC'), headers "
         "Map(String, String), key FixedString(3)");
  TestRows rows;
  rows.add("offset", "Int64", A::fixed<int64_t>({7}));
  rows.add("part", "Int32", A::fixed<int32_t>({3}));
  rows.add("at", "DateTime64(3, 'UTC')", A::fixed<int64_t>({1500}));
  rows.add("at2", "DateTime64(3, 'UTC')", A::fixed<int64_t>({1500}));
  rows.add("headers", "Map(String, Nullable(String))",
           A::maps({2}, A::strings({"a", "b"}), A::strings({"1", A::kNull})));
  rows.add("key", "String", A::strings({"abc"}));
  rows.finish();
  ASSERT_EQ(write(options("meta"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT * FROM meta FORMAT TSV"),
            "7\t3\t1970-01-01 00:00:01.500000\t1970-01-01 00:00:01\t{'a':'1','b':''}\tabc\n");
}

TEST_F(SinkOnEngine, AConstraintNamesTheRowOfTheBlock) {
  create("checked", "v Int32, CONSTRAINT positive CHECK v > 0");
  TestRows rows;
  std::vector<std::optional<int32_t>> values(1000, 1);
  values[400] = -5;
  rows.add("v", "Int32", A::fixed<int32_t>(values));
  rows.finish();
  Sink::Shared shared(options("checked"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "c", {{300, 150}, {0, 300}}), Status::reject) << env_->reason;
  EXPECT_EQ(env_->code, "VIOLATED_CONSTRAINT");
  EXPECT_EQ(result_.rows, std::vector<int64_t>{100}) << env_->reason;
  EXPECT_EQ(query("SELECT count() FROM checked"), "0\n")
      << "a block is inserted whole or not at all";
  // The token is not burnt: the rest goes under the same one.
  EXPECT_EQ(write(sink, rows, "c", {{300, 100}, {401, 49}, {0, 300}}), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT count() FROM checked"), "449\n");
}

TEST_F(SinkOnEngine, ValuesThatDoNotFitNameTheirRowsAndNothingIsSent) {
  create("narrow", "v UInt8");
  TestRows rows;
  rows.add("v", "Int64", A::fixed<int64_t>({1, 300, 2, -1}));
  rows.finish();
  EXPECT_EQ(write(options("narrow"), rows), Status::reject);
  EXPECT_EQ(result_.rows, (std::vector<int64_t>{1, 3}));
  EXPECT_EQ(result_.columns, (std::vector<std::string>{"v", "v"}));
  EXPECT_EQ(query("SELECT count() FROM narrow"), "0\n");
}

TEST_F(SinkOnEngine, BadJsonIsARowErrorWithoutARow) {
  create("jsons", "j JSON");
  TestRows rows;
  rows.add("j", "JSON", A::strings({"{}", "{nope"}));
  rows.finish();
  EXPECT_EQ(write(options("jsons"), rows), Status::reject) << env_->reason;
  EXPECT_TRUE(result_.rows.empty());
}

TEST_F(SinkOnEngine, ARepeatedTokenIsDroppedAndAnotherIsNot) {
  create("tokens", "v Int32", " SETTINGS non_replicated_deduplication_window = 100");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1, 2, 3}));
  rows.finish();
  Sink::Shared shared(options("tokens"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  for (const char* token : {"cp1:p:s/0:2:x", "cp1:p:s/0:2:x", "cp1:p:s/0:5:y"}) {
    ASSERT_EQ(write(sink, rows, token), Status::ok) << env_->reason;
  }
  EXPECT_EQ(query("SELECT count() FROM tokens"), "6\n");
}

TEST_F(SinkOnEngine, ABlockOfManyRowsBecomesOnePart) {
  create("parts", "v UInt64");
  TestRows rows;
  std::vector<std::optional<uint64_t>> values(3'000'000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = i;
  rows.add("v", "UInt64", A::fixed<uint64_t>(values));
  rows.finish();
  ASSERT_EQ(write(options("parts"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT count(), sum(v), uniqExact(_part) FROM parts"),
            "3000000\t4499998500000\t1\n");
}

TEST_F(SinkOnEngine, AMissingTableIsTheUsersToMendAndToldWithAHint) {
  Sink::Shared shared(options("nowhere"), env_->env());
  cphost::UniqueSchema schema;
  try {
    static_cast<void>(shared.describe(schema.out()));
    FAIL() << "it was found";
  } catch (const cphost::Error& e) {
    EXPECT_EQ(e.status(), Status::config);
    EXPECT_NE(e.text().find("create_table"), std::string::npos) << e.text();
  }
  Options o = options("nowhere");
  o.create_table = true;
  EXPECT_EQ(Sink::Shared(o, env_->env()).describe(schema.out()), Status::again);
}

// The engine keeps the rows of the table when a view of it throws.
TEST_F(SinkOnEngine, AViewThatFailsHaltsBecauseItsTableHasTheRows) {
  create("viewed", "v Int32");
  create("looked_up", "v Int32");
  query(
      "CREATE MATERIALIZED VIEW `odd view` ENGINE = MergeTree ORDER BY v AS SELECT v FROM viewed "
      "WHERE v IN (SELECT v FROM looked_up)");
  query("DROP TABLE looked_up");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1, 2}));
  rows.finish();
  EXPECT_EQ(write(options("viewed"), rows), Status::halt) << env_->code << ": " << env_->reason;
  EXPECT_EQ(env_->code, "VIEW_FAILED");
  EXPECT_NE(env_->reason.find("view default.`odd view` failed"), std::string::npos) << env_->reason;
  EXPECT_NE(env_->reason.find("in the table already"), std::string::npos) << env_->reason;
  EXPECT_EQ(query("SELECT count() FROM viewed"), "2\n") << "a further attempt would double them";
  query("DROP TABLE `odd view`");
}

// The server would take 0 for what overflows.
TEST_F(SinkOnEngine, TextIntoANumberIsRefused) {
  create("wide", "v Int128");
  TestRows rows;
  rows.add("v", "String", A::strings({"1", ""}));
  rows.finish();
  EXPECT_THROW(static_cast<void>(write(options("wide"), rows)), cphost::Error);
}

TEST_F(SinkOnEngine, PrepareMakesTheTableOnceAndTellsWhatItRuns) {
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>({1}));
  rows.add("s", "LowCardinality(String)", A::strings({"a"}),
           {{"cphost.default_expression", "'x'"}});
  rows.finish();
  Options o = options("made");
  o.create_table = true;
  o.order_by = "id";
  std::string told;
  const cphost::Statements statements(&told, [](void* ctx, cphost_str text) {
    *static_cast<std::string*>(ctx) += cphost::view(text);
  });
  Sink::Shared shared(o, env_->env());
  ASSERT_EQ(shared.prepare(rows.schema(), CPHOST_DRY_RUN, statements), Status::ok);
  EXPECT_EQ(query("EXISTS TABLE made"), "0\n");
  told.clear();
  ASSERT_EQ(shared.prepare(rows.schema(), 0, statements), Status::ok);
  EXPECT_TRUE(told.starts_with("CREATE TABLE IF NOT EXISTS `made`")) << told;
  told.clear();
  ASSERT_EQ(shared.prepare(rows.schema(), 0, statements), Status::ok);
  EXPECT_EQ(told, "") << "it was there already";
  ASSERT_EQ(write(o, rows), Status::ok) << env_->reason;
  ASSERT_EQ(write(o, rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT id, s FROM made FORMAT CSV"), "1,\"a\"\n")
      << "the second block has the first one's token";
}

TEST_F(SinkOnEngine, AnErrorTableIsMadeWithATtlWhateverTheTargetLooksLike) {
  TestRows rows;
  rows.add("ts", "DateTime64(6)", A::fixed<int64_t>({int64_t{4000000000} * 1'000'000}));
  rows.add("pipe", "String", A::strings({"p"}));
  rows.add("stage", "Enum8('source' = 1, 'format' = 2, 'sink' = 3)", A::fixed<int8_t>({2}));
  rows.add("headers", "Map(String, String)", A::maps({1}, A::strings({"a"}), A::strings({"b"})));
  rows.finish();
  Options o = options("target_errors");
  o.engine = "Null";
  const cphost::Statements quiet(nullptr, [](void*, cphost_str) {});
  ASSERT_EQ(Sink::Shared(o, env_->env()).prepare(rows.schema(), CPHOST_ERROR_TABLE, quiet),
            Status::ok)
      << env_->reason;
  ASSERT_EQ(write(o, rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT pipe, stage, headers['a'] FROM target_errors FORMAT CSV"),
            "\"p\",\"format\",\"b\"\n");
  EXPECT_NE(query("SHOW CREATE TABLE target_errors").find("toIntervalSecond(3600)"),
            std::string::npos);
}

TEST_F(SinkOnEngine, AnErrorTableThatCannotTakeErrorRowsIsTheUsersToMend) {
  TestRows rows;
  rows.add("ts", "DateTime64(6)", A::fixed<int64_t>({1}));
  rows.add("code", "LowCardinality(String)", A::strings({"c"}));
  rows.add("raw", "String", A::strings({"r"}));
  rows.finish();
  const cphost::Statements quiet(nullptr, [](void*, cphost_str) {});
  const auto prepare = [&](const std::string& columns) -> std::string {
    query("DROP TABLE IF EXISTS foreign_errors");
    create("foreign_errors", columns);
    try {
      EXPECT_EQ(Sink::Shared(options("foreign_errors"), env_->env())
                    .prepare(rows.schema(), CPHOST_ERROR_TABLE, quiet),
                Status::ok);
      return "";
    } catch (const cphost::Error& e) {
      EXPECT_EQ(e.status(), Status::config) << e.text();
      EXPECT_STREQ(e.code(), "ERROR_TABLE_COLUMNS");
      return e.text();
    }
  };
  const std::string lacking = prepare("x UInt64");
  for (const char* name : {"`ts`", "`code`", "`raw`", "foreign_errors", "drop or rename"})
    EXPECT_NE(lacking.find(name), std::string::npos) << name << " in " << lacking;
  const std::string unfit = prepare("ts DateTime64(6), code UInt8, raw String");
  EXPECT_NE(unfit.find("`code`"), std::string::npos) << unfit;
  EXPECT_EQ(unfit.find("`raw`"), std::string::npos) << unfit;
  EXPECT_EQ(prepare("ts DateTime64(3), code String, raw Nullable(String), mine UInt8 DEFAULT 1"),
            "");
}

TEST_F(SinkOnEngine, AWrongPasswordIsTheUsersToMend) {
  Options o = options("tokens");
  const HttpOptions endpoint = keeper_->endpoint();
  o.url = endpoint.url;
  o.password = "guess";
  Sink::Shared shared(o, env_->env());
  cphost::UniqueSchema schema;
  try {
    static_cast<void>(shared.describe(schema.out()));
    FAIL() << "it was let in";
  } catch (const cphost::Error& e) {
    EXPECT_EQ(e.status(), Status::config) << e.text();
    EXPECT_EQ(e.text().find("guess"), std::string::npos);
  }
}

TEST_F(SinkOnEngine, SettingsOfTheUserGoWithEveryInsert) {
  create("settled", "v Int32");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  Options o = options("settled");
  o.settings = {{"no_such_setting", "1"}};
  EXPECT_EQ(write(o, rows), Status::config);
  EXPECT_EQ(env_->code, "UNKNOWN_SETTING");
  o.settings = {{"max_partitions_per_insert_block", "7"}};
  EXPECT_EQ(write(o, rows), Status::ok) << env_->reason;
}

TEST_F(SinkOnEngine, TooManyPartitionsAreHalved) {
  query("CREATE TABLE partitions (v UInt16) ENGINE = MergeTree PARTITION BY v ORDER BY v");
  TestRows rows;
  std::vector<std::optional<uint16_t>> values(150);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint16_t>(i);
  rows.add("v", "UInt16", A::fixed<uint16_t>(values));
  rows.finish();
  EXPECT_EQ(write(options("partitions"), rows), Status::reject) << env_->reason;
  EXPECT_EQ(env_->code, "TOO_MANY_PARTITIONS");
  EXPECT_TRUE(result_.rows.empty());
  EXPECT_EQ(write(options("partitions"), rows, "t", {{0, 75}}), Status::ok) << env_->reason;
}

TEST_F(SinkOnEngine, TooManyPartsAreWaitedFor) {
  create("crowded", "v Int32", " SETTINGS parts_to_throw_insert = 3, parts_to_delay_insert = 2");
  query("SYSTEM STOP MERGES crowded");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  Sink::Shared shared(options("crowded"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  Status status = Status::ok;
  for (int i = 0; i < 8 && status == Status::ok; ++i)
    status = write(sink, rows, std::to_string(i).c_str());
  EXPECT_EQ(status, Status::retry) << env_->reason;
  EXPECT_GE(result_.retry_after_ms, 1000u);
  query("DROP TABLE crowded");
}

TEST_F(SinkOnEngine, CodesAndNamesAreTheEnginesOwn) {
  std::map<int, std::string> engine;
  std::istringstream lines(
      query("SELECT code, name FROM system.errors SETTINGS system_events_show_zero_values = 1 "
            "FORMAT TSV"));
  int code = 0;
  std::string name;
  while (lines >> code >> name) engine[code] = name;
  ASSERT_GT(engine.size(), 500u);
  for (const ErrorRule& rule : error_rules()) EXPECT_EQ(engine[rule.code], rule.name) << rule.code;
}

// What is asked before the first block is part of its write, which can be interrupted.
TEST_F(SinkOnEngine, AWriterInFrontOfABlackHoleIsInterruptedAndHasTakenNothing) {
  std::atomic<bool> asked{false}, done{false};
  TestServer hole([&](const std::string&) {
    asked = true;
    while (!done) std::this_thread::yield();
    return std::string();
  });
  Options o = options("nowhere");
  o.url = hole.options().url;
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  Sink::Shared shared(o, env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  std::thread interrupter([&] {
    while (!asked) std::this_thread::yield();
    sink.interrupt();
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(write(sink, rows), Status::again);
  EXPECT_EQ(env_->code, "INTERRUPTED");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  done = true;
  interrupter.join();
}

// The engine that serves the folder, among this process's own children.
pid_t engine_of(const std::string& folder) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stat(entry.path() / "stat"),
        arguments(entry.path() / "cmdline", std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(arguments)), std::istreambuf_iterator<char>());
    pid_t pid = 0, parent = 0;
    std::string name, state;
    if (stat >> pid >> name >> state >> parent && parent == ::getpid() &&
        text.find(folder + '\0') != text.npos)
      return pid;
  }
  return 0;
}

TEST_F(SinkOnEngine, AnEngineThatDiesIsReopened) {
  Options o = options("mortal");
  o.url = "chdb://" + folder_ + "/other";
  o.create_table = true;
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  const cphost::Statements quiet(nullptr, [](void*, cphost_str) {});
  Sink::Shared shared(o, env_->env());
  ASSERT_EQ(shared.prepare(rows.schema(), 0, quiet), Status::ok) << env_->reason;
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "a"), Status::ok) << env_->reason;
  const pid_t engine = engine_of(folder_ + "/other");
  ASSERT_GT(engine, 0);
  ASSERT_EQ(::kill(engine, SIGKILL), 0);
  Status status = Status::retry;
  // Its port is closed a moment before it is gone.
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while ((status == Status::retry || status == Status::again) &&
         std::chrono::steady_clock::now() < deadline)
    status = write(sink, rows, "b");
  ASSERT_EQ(status, Status::reopen) << env_->reason;
  Sink again(shared, env_->env(), rows.schema());
  EXPECT_EQ(write(again, rows, "b"), Status::ok) << env_->reason;
  EXPECT_EQ(Server(shared.endpoint()).query("SELECT count() FROM mortal"), "2\n");
}

}  // namespace
}  // namespace clickhouse
