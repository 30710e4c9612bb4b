// SPDX-License-Identifier: Apache-2.0
#include "create_table.hpp"

#include <cphost/abi.h>
#include <gtest/gtest.h>
#include <cphost/schema.hpp>

#include "exactly_once.hpp"
#include "sql_text.hpp"
#include "target_table.hpp"
#include "test_server.hpp"

namespace clickhouse {
namespace {

cphost::Field typed(const std::string& name, const std::string& type,
                    const std::string& expression = "") {
  cphost::Field field{name, "z"};
  cphost::set_clickhouse_type(field, type);
  if (!expression.empty()) field.set("cphost.default_expression", expression);
  return field;
}

TEST(CreateTable, ColumnsTypesAndDefaultsAreWrittenOut) {
  const cphost::Schema wanted{typed("id", "UInt64"),
                              typed("odd `name`", "LowCardinality(String)", "'x'"),
                              {"plain", "l"},
                              {"sure", "tsm:UTC", {}, {}, false}};
  EXPECT_EQ(create_table_sql({"db", "t"}, *wanted.to_arrow(),
                             {"MergeTree", "id, plain", "toYYYYMM(sure)", ""}),
            "CREATE TABLE IF NOT EXISTS `db`.`t`\n(\n    `id` UInt64,\n    `odd \\`name\\`` "
            "LowCardinality(String) DEFAULT 'x',\n"
            "    `plain` Nullable(Int64),\n    `sure` DateTime64(3, 'UTC')\n)\nENGINE = MergeTree\n"
            "PARTITION BY toYYYYMM(sure)\nORDER BY (id, plain)\nSETTINGS "
            "non_replicated_deduplication_window = 10000");
}

TEST(CreateTable, OnlyTheMergeTreeFamilyIsSortedAndRemembersTokens) {
  const cphost::Schema wanted{typed("id", "UInt64")};
  const auto sql = [&](const std::string& engine) {
    return create_table_sql({"", "t"}, *wanted.to_arrow(), {engine, "", "", ""});
  };
  EXPECT_EQ(sql("Null"), "CREATE TABLE IF NOT EXISTS `t`\n(\n    `id` UInt64\n)\nENGINE = Null");
  EXPECT_NE(sql("ReplacingMergeTree(id)").find("ORDER BY tuple()\nSETTINGS"), std::string::npos);
  EXPECT_EQ(sql("ReplicatedMergeTree").find("SETTINGS"), std::string::npos);
}

TEST(CreateTable, AnErrorTableForgetsAfterItsTime) {
  const cphost::Schema wanted{typed("ts", "DateTime64(6)"), typed("pipe", "String")};
  const std::string sql =
      create_table_sql({"", "e"}, *wanted.to_arrow(), error_table_shape("Null", 7'000));
  EXPECT_NE(sql.find("ENGINE = MergeTree\nORDER BY (pipe, ts)\nTTL toDateTime(ts) + INTERVAL 7 "
                     "SECOND\nSETTINGS"),
            std::string::npos)
      << sql;
  EXPECT_EQ(error_table_shape("MergeTree", 0).ttl, "");
  EXPECT_EQ(error_table_shape("ReplicatedReplacingMergeTree(v)", 1).engine, "ReplicatedMergeTree");
}

TEST(TableName, DatabaseAndTableAreQuotedApart) {
  EXPECT_EQ(TableName::from_options("", "db.t").sql(), "`db`.`t`");
  EXPECT_EQ(TableName::from_options("", "t").sql(), "`t`");
  EXPECT_EQ(TableName::from_options("db", "a.b").sql(), "`db`.`a.b`");
}

TEST(SqlText, NothingEscapesItsQuotes) {
  EXPECT_EQ(quote_identifier("a`; DROP TABLE t; --\\"), "`a\\`; DROP TABLE t; --\\\\`");
  EXPECT_EQ(quote_string("it's"), "'it\\'s'");
}

TEST(TargetTable, MaterializedAndAliasColumnsAreNotThere) {
  const auto columns = parse_description(
      R"json({"data":[{"name":"a","type":"UInt8","default_type":"","default_expression":""},
                  {"name":"m","type":"UInt8","default_type":"MATERIALIZED",
                   "default_expression":"1"},
                  {"name":"l","type":"UInt8","default_type":"ALIAS","default_expression":"a"},
                  {"name":"e","type":"String","default_type":"EPHEMERAL","default_expression":"''"},
                  {"name":"d","type":"Nullable(String)","default_type":"DEFAULT",
                   "default_expression":"'x'"}]})json");
  ASSERT_EQ(columns.size(), 3u);
  EXPECT_EQ(columns[1].name, "e");
  EXPECT_EQ(columns[2].default_expression, "'x'");
  EXPECT_THROW(parse_description("<html>"), std::runtime_error);
  EXPECT_THROW(parse_description(R"({"data":[1]})"), std::runtime_error);
  EXPECT_THROW(parse_description(R"({"data":[{"name":[]}]})"), std::runtime_error);
}

// A load balancer's page, with the status of success.
TEST(TargetTable, AnAnswerThatIsNotTheServersIsAnOutage) {
  TestServer balancer([](const std::string&) { return ok("<html>one moment</html>"); });
  Server server(balancer.options());
  const auto expect_outage = [](auto&& ask) {
    try {
      ask();
      FAIL() << "HTML was taken for an answer";
    } catch (const ServerError& e) {
      EXPECT_EQ(e.failure.status, CPHOST_RETRY);
      EXPECT_STREQ(e.failure.code, "BAD_ANSWER");
      EXPECT_NE(e.failure.text.find("<html>one moment"), std::string::npos);
    }
  };
  expect_outage([&] { describe_table(server, {"", "t"}); });
  expect_outage([&] { exactly_once_fault(server, {"", "t"}); });
}

TEST(TargetTable, TheSchemaSaysTypesAndDefaults) {
  cphost::UniqueSchema schema;
  export_columns({{"a", "UInt8", "", ""},
                  {"d", "Nullable(String)", "DEFAULT", "'x'"},
                  {"s", "AggregateFunction(sum, UInt8)", "", ""}},
                 schema.out());
  ASSERT_EQ(schema->n_children, 3);
  EXPECT_STREQ(schema->children[0]->format, "C");
  EXPECT_EQ(cphost::clickhouse_type(*schema->children[1]), "Nullable(String)");
  EXPECT_EQ(cphost::metadata(schema->children[1], "cphost.default"), "1");
  EXPECT_EQ(cphost::metadata(schema->children[0], "cphost.default"), "");
  EXPECT_EQ(cphost::clickhouse_type(*schema->children[2]), "AggregateFunction(sum, UInt8)");
}

}  // namespace
}  // namespace clickhouse
