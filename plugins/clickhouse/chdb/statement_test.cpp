// SPDX-License-Identifier: Apache-2.0
#include "statement.hpp"

#include <gtest/gtest.h>

#include "errors.hpp"
#include "sql_tokens.hpp"

namespace chdb {
namespace {

struct Split {
  std::string sql;
  std::string format;
  std::string data;
  bool operator==(const Split& other) const {
    return sql == other.sql && format == other.format && data == other.data;
  }
};

void PrintTo(const Split& split, std::ostream* out) {
  *out << "{" << split.sql << "|" << split.format << "|" << split.data << "}";
}

Split split(std::string_view text, bool complete = true) {
  const auto insert = split_insert(text, complete);
  if (!insert) return {"none", "", ""};
  return {insert->sql, std::string(insert->format), std::string(insert->data)};
}

const Split kNone{"none", "", ""};

int failure_code(std::string_view text) {
  try {
    split_insert(text, true);
  } catch (const Failure& failure) {
    return failure.code();
  }
  return 0;
}

TEST(SplitInsert, CutsTheFormatOut) {
  EXPECT_EQ(split("INSERT INTO t FORMAT Native"), (Split{"INSERT INTO t ", "Native", ""}));
  EXPECT_EQ(split("insert into t format CSV\n1,2\n"), (Split{"insert into t ", "CSV", "1,2\n"}));
  EXPECT_EQ(split("INSERT t FORMAT CSV 1,2"), (Split{"INSERT t ", "CSV", "1,2"}));
  EXPECT_EQ(split("INSERT INTO a.b(x, y)FORMAT TSV\n"),
            (Split{"INSERT INTO a.b(x, y)", "TSV", ""}));
}

TEST(SplitInsert, KeepsSettings) {
  EXPECT_EQ(split("INSERT INTO t SETTINGS a = 1, insert_deduplication_token='k/0/1-2' FORMAT "
                  "Native\nxyz"),
            (Split{"INSERT INTO t SETTINGS a = 1, insert_deduplication_token='k/0/1-2' ", "Native",
                   "xyz"}));
  EXPECT_EQ(split("INSERT INTO t SETTINGS format = 'x', values=1 FORMAT CSV 1"),
            (Split{"INSERT INTO t SETTINGS format = 'x', values=1 ", "CSV", "1"}));
}

TEST(SplitInsert, TreatsValuesAsAFormat) {
  EXPECT_EQ(split("INSERT INTO t VALUES (1, 'a')"),
            (Split{"INSERT INTO t ", "Values", "(1, 'a')"}));
  EXPECT_EQ(split("INSERT INTO t (a) VALUES"), (Split{"INSERT INTO t (a) ", "Values", ""}));
}

TEST(SplitInsert, TakesOneLineEndOffTheRowsAndNoMore) {
  EXPECT_EQ(split("INSERT INTO t FORMAT CSV \n\n1").data, "\n1");
  EXPECT_EQ(split("INSERT INTO t FORMAT CSV\r\n1").data, "1");
  EXPECT_EQ(split("INSERT INTO t FORMAT RowBinary\n\n\n").data, "\n\n");
}

TEST(SplitInsert, LeavesSqlInTheRowsAlone) {
  EXPECT_EQ(split("INSERT INTO t FORMAT CSV\nrow\n\nDROP TABLE victim").data,
            "row\n\nDROP TABLE victim");
}

TEST(SplitInsert, IsNotFooledByQuotesBackticksCommentsAndBrackets) {
  for (const char* sql : {
           "/* FORMAT X */ INSERT -- VALUES\nINTO `FORMAT`.\"VALUES\" (`FORMAT`) # FORMAT\n"
           "FORMAT CSV\n1",
           "INSERT INTO t SETTINGS a='x FORMAT y '' z' FORMAT CSV 1",
           "INSERT INTO t SETTINGS a='\\' FORMAT y' FORMAT CSV 1",
           "INSERT INTO t SETTINGS a=$q$ ' FORMAT y $q$ FORMAT CSV 1",
           "INSERT INTO t (format, values) FORMAT CSV 1",
           "INSERT INTO format FORMAT CSV 1",
           "INSERT INTO t (* EXCEPT(a)) FORMAT CSV 1",
       }) {
    EXPECT_EQ(split(sql).format, "CSV") << sql;
  }
}

TEST(SplitInsert, KnowsTheFormsOfATable) {
  for (const char* sql : {
           "INSERT INTO TABLE t FORMAT CSV",
           "INSERT INTO {d:Identifier}.{t:Identifier} FORMAT CSV",
           "INSERT INTO FUNCTION null('a UInt8') FORMAT CSV",
           "INSERT INTO db.format FORMAT CSV",
           "INSERT INTO `a`.`b c` FORMAT CSV",
       }) {
    EXPECT_EQ(split(sql).format, "CSV") << sql;
  }
  for (const char* sql : {
           "INSERT INTO table VALUES (1)",
           "INSERT INTO {t:Identifier} VALUES (1)",
           "INSERT INTO TABLE FUNCTION file('FORMAT', 'x') VALUES (1)",
       }) {
    EXPECT_EQ(split(sql).data, "(1)") << sql;
  }
}

TEST(SplitInsert, FindsNoneInOtherStatements) {
  for (const char* sql : {
           "SELECT 1 FORMAT CSV",
           "INSERT INTO t SELECT 1 FORMAT CSV",
           "INSERT INTO t WITH 1 AS x SELECT x",
           "INSERT INTO t",
           "INSERT INTO t; DROP TABLE x FORMAT CSV",
           "DROP TABLE x; INSERT INTO t FORMAT CSV 1",
           "INSERT INTO t SETTINGS a='unterminated FORMAT CSV",
           "INSERT INTO t FORMAT 'CSV'",
           "",
           "INSERT INTO {",
           "INSERT INTO a.",
           "INSERT",
       }) {
    EXPECT_EQ(split(sql), kNone) << sql;
  }
}

TEST(SplitInsert, WaitsForTheWholeNameOfTheFormat) {
  EXPECT_EQ(split("INSERT INTO t FORMAT Nat", false), kNone);
  EXPECT_EQ(split("INSERT INTO t FORMAT Native\n", false).format, "Native");
  EXPECT_EQ(split("INSERT INTO t VALUES", false), kNone);
  EXPECT_EQ(split("INSERT INTO t VALUES ", false).format, "Values");
}

TEST(SplitInsert, RefusesWhatAServerRefuses) {
  EXPECT_EQ(failure_code("INSERT INTO t FROM INFILE '/etc/passwd' FORMAT CSV"),
            kUnknownTypeOfQuery);
  EXPECT_EQ(failure_code("INSERT INTO t FORMAT CSV;"), kSyntaxError);
  EXPECT_EQ(failure_code("INSERT INTO t SELECT * FROM input('a UInt8') FORMAT CSV 1"),
            kNotImplemented);
  EXPECT_EQ(failure_code("INSERT INTO t SELECT input FROM x"), 0);
}

TEST(Statement, FindsTheFormatOfTheResult) {
  EXPECT_EQ(output_format("SELECT 1", "TSV"), "TSV");
  EXPECT_EQ(output_format("SELECT 1 FORMAT JSON", "TSV"), "JSON");
  EXPECT_EQ(output_format("SELECT 1 format JSON;", "TSV"), "JSON");
  EXPECT_EQ(output_format("SELECT 1 FORMAT JSON SETTINGS a=1", "TSV"), "JSON");
  EXPECT_EQ(output_format("SELECT 'FORMAT JSON' -- FORMAT CSV", "TSV"), "TSV");
  EXPECT_EQ(output_format("SELECT * FROM (SELECT 1 FORMAT JSON)", "TSV"), "TSV");
  EXPECT_EQ(output_format("SELECT format AS x FROM t", "TSV"), "TSV");
}

TEST(Statement, StreamsOnlyFormatsWithoutHeadAndTail) {
  for (auto format : {"Native", "TSV", "TabSeparated", "JSONEachRow", "CSV", "RowBinary"}) {
    EXPECT_TRUE(is_concatenable(format)) << format;
  }
  for (auto format : {"JSON", "CSVWithNames", "Parquet", "ArrowStream", "Pretty", "XML", "Values",
                      "RowBinaryWithNamesAndTypes", "Null", "TSVWithNamesAndTypes"}) {
    EXPECT_FALSE(is_concatenable(format)) << format;
  }
}

TEST(Statement, TellsKindsByTheFirstWord) {
  EXPECT_TRUE(is_select("/* a */ select 1"));
  EXPECT_TRUE(is_select("(SELECT 1)"));
  EXPECT_TRUE(is_select("WITH 1 AS x SELECT x"));
  EXPECT_FALSE(is_select("SHOW TABLES"));
  EXPECT_TRUE(is_empty(" /* a */ -- b\n"));
  EXPECT_FALSE(is_empty("1"));
  EXPECT_TRUE(is_kill_sync("KILL QUERY WHERE query_id='x' SYNC"));
  EXPECT_FALSE(is_kill_sync("KILL QUERY WHERE query_id='SYNC'"));
  EXPECT_FALSE(is_kill_sync("DROP TABLE x SYNC"));
}

TEST(TokenReader, EndsForEverAndSurvivesAnyCut) {
  const std::string sql =
      "SELECT 'a''b\\'c', `x\\`y`, $$ z $$, {p:String} /* c */ -- d\n[1, 2] #! e";
  for (size_t size = 0; size <= sql.size(); ++size) {
    TokenReader reader(std::string_view(sql).substr(0, size));
    size_t count = 0;
    while (reader.next().kind != TokenKind::kEnd) ASSERT_LT(++count, 100u) << size;
    EXPECT_EQ(reader.next().kind, TokenKind::kEnd);
  }
}

}  // namespace
}  // namespace chdb
