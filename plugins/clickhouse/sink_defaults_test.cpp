// SPDX-License-Identifier: Apache-2.0
// What becomes of absent values and nulls, row by row, in the real engine; and which row of a block
// the engine refuses.
#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using cphost::Status;

TEST_F(SinkOnEngine, AbsentAndNullOfANullableAreToldApartInOneBlock) {
  create("mixed", "id UInt64, n Nullable(UInt64) DEFAULT id * 10, s Nullable(String) DEFAULT 'd'");
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2, 3}));
  rows.add("n", "Nullable(UInt64)", A::fixed<uint64_t>({A::kNull, A::kNull, 7}));
  rows.add("n_absent", "Bool", A::bits({true, false, false}), {{"cphost.absent", "n"}});
  rows.add("s", "Nullable(String)", A::strings({"x", A::kNull, A::kNull}));
  rows.add("s_absent", "Bool", A::bits({false, false, true}), {{"cphost.absent", "s"}});
  rows.finish();
  ASSERT_EQ(write(options("mixed"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT * FROM mixed ORDER BY id FORMAT TSV"),
            "1\t10\tx\n2\t\\N\t\\N\n3\t7\td\n");
}

TEST_F(SinkOnEngine, AbsentContainersTakeTheirDefaultRowByRow) {
  create("lists",
         "id UInt64, a Array(UInt64) DEFAULT [id], m Map(String, UInt8) DEFAULT map('k', 1), "
         "t Tuple(x UInt8, y String) DEFAULT (1, 'y'), p Point DEFAULT (1, 2)");
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2}));
  rows.add("a", "Array(UInt64)", A::lists({A::kNull, 1}, A::fixed<uint64_t>({7})));
  rows.add("m", "Map(String, UInt8)",
           A::maps({0, A::kNull}, A::strings({}), A::fixed<uint8_t>({})));
  rows.add("t", "Tuple(x UInt8, y String)",
           A::tuples(2, {A::fixed<uint8_t>({5, 6}), A::strings({"a", "b"})}));
  rows.add("p", "Point", A::tuples(2, {A::fixed<double>({5, 6}), A::fixed<double>({7, 8})}));
  rows.finish();
  ASSERT_EQ(write(options("lists"), rows), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT * FROM lists ORDER BY id FORMAT TSV"),
            "1\t[1]\t{}\t(5,'a')\t(5,7)\n2\t[7]\t{'k':1}\t(6,'b')\t(6,8)\n");
}

TEST_F(SinkOnEngine, NullsOfNewTypesTakeTheDefault) {
  create(
      "typed",
      "id UInt64, j JSON DEFAULT '{\"q\":1}', w UInt128 DEFAULT id + 1, t Time DEFAULT '00:00:05', "
      "b BFloat16 DEFAULT 2, z Decimal(76, 2) DEFAULT 3, d Dynamic DEFAULT id, "
      "v Variant(UInt8, String) DEFAULT CAST('z', 'Variant(UInt8, String)')");
  for (const bool beyond_native : {false, true}) {
    query("TRUNCATE TABLE typed");
    TestRows rows;
    rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2}));
    rows.add("j", "JSON", A::strings({A::kNull, R"({"a":1})"}));
    rows.add("w", "UInt128",
             A::fixed<std::array<uint64_t, 2>>({A::kNull, std::array<uint64_t, 2>{7, 0}}));
    rows.add("t", "Time", A::fixed<int32_t>({A::kNull, 9}));
    rows.add("b", "BFloat16", A::fixed<uint16_t>({A::kNull, 0x3f80}));
    rows.add("z", "Decimal(76, 2)",
             A::fixed<std::array<uint64_t, 4>>({A::kNull, std::array<uint64_t, 4>{7}}));
    if (beyond_native) {
      rows.add("d", "Dynamic", A::strings({A::kNull, "1.5"}));
      rows.add("v", "Variant(UInt8, String)", A::strings({A::kNull, "8"}));
    }
    rows.finish();
    ASSERT_EQ(write(options("typed"), rows), Status::ok) << env_->reason;
    EXPECT_EQ(
        query("SELECT * FROM typed ORDER BY id FORMAT TSV"),
        std::string("1\t{\"q\":1}\t2\t00:00:05\t2\t3\t1\tz\n2\t{\"a\":1}\t7\t00:00:09\t1\t0.07\t") +
            (beyond_native ? "1.5\t8\n" : "2\tz\n"));
  }
}

TEST_F(SinkOnEngine, EphemeralColumnsFeedTheirDependents) {
  create("fed",
         "id UInt64, e UInt8 EPHEMERAL 3, b UInt8 DEFAULT e + 1, m UInt8 MATERIALIZED e + 2");
  for (const bool beyond_native : {false, true}) {
    query("DROP TABLE fed");
    create("fed",
           "id UInt64, e UInt8 EPHEMERAL 3, b UInt8 DEFAULT e + 1, m UInt8 MATERIALIZED e + 2, d "
           "Dynamic");
    TestRows rows;
    rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2}));
    rows.add("e", "UInt8", A::fixed<uint8_t>({A::kNull, 9}));
    if (beyond_native) rows.add("d", "Dynamic", A::strings({"1", "2"}));
    rows.finish();
    ASSERT_EQ(write(options("fed"), rows), Status::ok) << env_->reason;
    EXPECT_EQ(query("SELECT id, b, m FROM fed ORDER BY id FORMAT TSV"), "1\t4\t5\n2\t10\t11\n");
  }
}

TEST_F(SinkOnEngine, AValueThatTheServerRefusesNamesItsRow) {
  create("variants", "id UInt64, v Variant(UInt8, Array(UInt8))");
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>({1, 2, 3}));
  rows.add(
      "v", "Variant(Array(UInt8), UInt8)",
      A::strings({"1", R"("(at row 1)\n: While executing JSONEachRowRowInputFormat")", "[2]"}));
  rows.finish();
  Sink::Shared shared(options("variants"), env_->env());
  Sink sink(shared, env_->env(), rows.schema());
  ASSERT_EQ(write(sink, rows, "v", {{2, 1}, {0, 2}}), Status::reject) << env_->reason;
  EXPECT_EQ(result_.rows, std::vector<int64_t>{2}) << env_->reason;
  EXPECT_EQ(query("SELECT count() FROM variants"), "0\n");
  EXPECT_EQ(write(sink, rows, "v", {{2, 1}, {0, 1}}), Status::ok) << env_->reason;
  EXPECT_EQ(query("SELECT id, variantType(v) FROM variants ORDER BY id FORMAT TSV"),
            "1\tUInt8\n3\tArray(UInt8)\n");
}

TEST_F(SinkOnEngine, ABlockOfJsonIsOnePartAndOneToken) {
  create("json_parts", "id UInt64, d Dynamic",
         " SETTINGS non_replicated_deduplication_window = 100");
  constexpr size_t kRows = 150'000;
  std::vector<std::optional<uint64_t>> ids(kRows);
  std::vector<std::optional<std::string>> values(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    ids[i] = i;
    values[i] = "{\"padding\":\"" + std::string(80, 'x') + "\"}";
  }
  TestRows rows;
  rows.add("id", "UInt64", A::fixed<uint64_t>(ids));
  rows.add("d", "Dynamic", A::strings(values));
  rows.finish();
  ASSERT_EQ(write(options("json_parts"), rows, "once"), Status::ok) << env_->reason;
  ASSERT_EQ(write(options("json_parts"), rows, "once"), Status::ok) << env_->reason;
  EXPECT_EQ(
      query("SELECT count(), uniqExact(_part), max(dynamicType(d)) FROM json_parts FORMAT TSV"),
      "150000\t1\tTuple(padding String)\n");
}

}  // namespace
}  // namespace clickhouse
