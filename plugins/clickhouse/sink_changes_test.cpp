// SPDX-License-Identifier: Apache-2.0
// Tables that change while a writer is open: the sink against the real engine.
#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using cphost::Status;

TEST_F(SinkOnEngine, ATableThatGoesOrChangesIsReopened) {
  create("fickle", "v Int32, w Int32");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.add("w", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  Sink::Shared shared(options("fickle"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "a"), Status::ok) << env_->reason;
  query("ALTER TABLE fickle DROP COLUMN w");
  EXPECT_EQ(write(sink, rows, "b"), Status::reopen) << env_->code << env_->reason;
  query("DROP TABLE fickle");
  EXPECT_EQ(write(sink, rows, "c"), Status::reopen) << env_->code << env_->reason;
}

// The server casts without a check of ranges: 300 would become 44.
TEST_F(SinkOnEngine, AColumnThatIsNarrowedMeanwhileIsReopenedAndNothingIsStored) {
  create("narrowed", "v UInt64, s LowCardinality(String), d UInt8 DEFAULT 7, n Nullable(Int8)");
  TestRows rows;
  rows.add("v", "UInt64", A::fixed<uint64_t>({1, 300}));
  rows.add("s", "String", A::strings({"a", A::kNull}));
  rows.add("d", "UInt8", A::fixed<uint8_t>({A::kNull, 1}));
  rows.add("n", "Nullable(Int8)", A::fixed<int8_t>({A::kNull, 1}));
  rows.finish();
  Sink::Shared shared(options("narrowed"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "a", {{0, 1}}), Status::ok) << env_->reason;
  query("ALTER TABLE narrowed MODIFY COLUMN v UInt8");
  EXPECT_EQ(write(sink, rows, "b"), Status::reopen) << env_->code << ": " << env_->reason;
  EXPECT_EQ(env_->code, "TYPE_MISMATCH");
  EXPECT_EQ(query("SELECT * FROM narrowed FORMAT TSV"), "1\ta\t7\t\\N\n");
  Sink again(shared, env_->env(), rows.schema());
  EXPECT_EQ(write(again, rows, "b"), Status::reject);
  EXPECT_EQ(result_.rows, std::vector<int64_t>{1});
}

// The server reads JSON and casts what is not of the table's types as if nothing had happened.
TEST_F(SinkOnEngine, AColumnThatIsNarrowedIsReopenedWhateverTheServerChecks) {
  for (const char* other : {"Dynamic", "Enum8('a' = 1)"}) {
    SCOPED_TRACE(other);
    query("DROP TABLE IF EXISTS narrowed");
    create("narrowed", std::string("v UInt64, o ") + other);
    TestRows rows;
    rows.add("v", "UInt64", A::fixed<uint64_t>({1, 300}));
    rows.add("o", "String", A::strings({"a", "a"}));
    rows.finish();
    Sink::Shared shared(options("narrowed"), env_->env());
    Sink sink(shared, env_->env(), rows.schema());
    ASSERT_EQ(write(sink, rows, "a", {{0, 1}}), Status::ok) << env_->reason;
    query("ALTER TABLE narrowed ADD COLUMN unrelated UInt8");
    ASSERT_EQ(write(sink, rows, "b", {{0, 1}}), Status::ok) << env_->reason;
    query("ALTER TABLE narrowed MODIFY COLUMN v UInt8");
    EXPECT_EQ(write(sink, rows, "c"), Status::reopen) << env_->code << ": " << env_->reason;
    EXPECT_EQ(env_->code, "TYPE_MISMATCH");
    EXPECT_EQ(query("SELECT v FROM narrowed FORMAT TSV"), "1\n1\n");
    Sink again(shared, env_->env(), rows.schema());
    EXPECT_EQ(write(again, rows, "c"), Status::reject);
    EXPECT_EQ(result_.rows, std::vector<int64_t>{1});
    query("DROP TABLE narrowed");
    EXPECT_EQ(write(again, rows, "d", {{0, 1}}), Status::reopen) << env_->code << env_->reason;
  }
}

// Whether an absent value is left out depends on it.
TEST_F(SinkOnEngine, AColumnThatGetsADefaultIsReopenedAndBothAreNamed) {
  create("given", "v UInt64, e Enum8('a' = 1)");
  TestRows rows;
  rows.add("v", "UInt64", A::fixed<uint64_t>({1}));
  rows.add("e", "String", A::strings({"a"}));
  rows.finish();
  Sink::Shared shared(options("given"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "a"), Status::ok) << env_->reason;
  query("ALTER TABLE given MODIFY COLUMN v DEFAULT 7");
  EXPECT_EQ(write(sink, rows, "b"), Status::reopen) << env_->code << ": " << env_->reason;
  EXPECT_EQ(env_->code, "TYPE_MISMATCH");
  EXPECT_NE(env_->reason.find("now of type UInt64 DEFAULT, and was of type UInt64, without"),
            std::string::npos)
      << env_->reason;
}

// Its numbers mean other labels now: a cast compares them, storing them as they are would not.
TEST_F(SinkOnEngine, AnEnumWhoseNumbersMeanSomethingElseIsReopened) {
  create("enums", "e Enum8('a' = 1, 'b' = 2)");
  TestRows rows;
  rows.add("e", "Enum8('a' = 1, 'b' = 2)", A::fixed<int8_t>({1}));
  rows.finish();
  Sink::Shared shared(options("enums"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "a"), Status::ok) << env_->reason;
  query("CREATE OR REPLACE TABLE enums (e Enum8('b' = 1, 'a' = 2)) ENGINE = MergeTree ORDER BY e");
  EXPECT_EQ(write(sink, rows, "b"), Status::reopen) << env_->code << ": " << env_->reason;
  EXPECT_EQ(query("SELECT count() FROM enums"), "0\n");
}

}  // namespace
}  // namespace clickhouse
