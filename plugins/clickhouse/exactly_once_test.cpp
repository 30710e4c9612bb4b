// SPDX-License-Identifier: Apache-2.0
// Which tables of the real engine can give exactly-once delivery, and what the others are told.
#include "exactly_once.hpp"

#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using A = TestArray;
using cphost::Status;

constexpr const char* kWindow = " SETTINGS non_replicated_deduplication_window = 10000";

class ExactlyOnce : public SinkOnEngine {
 protected:
  static std::string fault(const std::string& table) {
    return exactly_once_fault(*server_, TableName::from_options("", table));
  }
};

TEST_F(ExactlyOnce, NeedsATableThatRemembersTokens) {
  create("remembers", "v Int32", kWindow);
  EXPECT_EQ(fault("remembers"), "");
  create("forgets", "v Int32");
  EXPECT_EQ(fault("forgets"),
            "forgets remembers the tokens of 0 blocks (non_replicated_deduplication_window), and "
            "exactly-once delivery needs at least 10000: ALTER TABLE `forgets` MODIFY SETTING "
            "non_replicated_deduplication_window = 10000");
  query("ALTER TABLE `forgets` MODIFY SETTING non_replicated_deduplication_window = 10000");
  EXPECT_EQ(fault("forgets"), "");
}

TEST_F(ExactlyOnce, NeedsATableOfTheMergeTreeFamily) {
  create("behind", "v Int32", kWindow);
  query(
      "CREATE TABLE buffer (v Int32) ENGINE = Buffer(currentDatabase(), behind, 1, 1, 1, 1, 1, "
      "1, 1)");
  EXPECT_NE(fault("buffer").find("buffer is a Buffer table"), std::string::npos) << fault("buffer");
  query("CREATE TABLE nothing (v Int32) ENGINE = Null");
  EXPECT_NE(fault("nothing").find("nothing is a Null table"), std::string::npos);
}

TEST_F(ExactlyOnce, NeedsTheSameOfEveryTableThatViewsFill) {
  create("source", "v Int32", kWindow);
  query("CREATE TABLE sums (v Int32) ENGINE = SummingMergeTree ORDER BY v");
  query("CREATE MATERIALIZED VIEW to_sums TO sums AS SELECT v FROM source");
  const std::string told = fault("source");
  EXPECT_NE(told.find("source feeds "), std::string::npos) << told;
  EXPECT_NE(told.find("to_sums, which fills "), std::string::npos) << told;
  EXPECT_NE(told.find("sums remembers the tokens of 0 blocks"), std::string::npos) << told;
  query("ALTER TABLE sums MODIFY SETTING non_replicated_deduplication_window = 10000");
  EXPECT_EQ(fault("source"), "");
  query("CREATE MATERIALIZED VIEW own ENGINE = MergeTree ORDER BY v AS SELECT v FROM sums");
  EXPECT_NE(fault("source").find(".inner"), std::string::npos) << fault("source");
}

// What the check is for: a block that comes again under its token is there once, in the target of a
// view too.
TEST_F(ExactlyOnce, ARepeatedBlockIsThereOnce) {
  create("once", "v Int32", kWindow);
  create("once_seen", "v Int32", kWindow);
  query("CREATE MATERIALIZED VIEW to_once_seen TO once_seen AS SELECT v FROM once");
  ASSERT_EQ(fault("once"), "");
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1, 2, 3}));
  rows.finish();
  for (int attempt = 0; attempt < 2; ++attempt) {
    Sink::Shared shared(options("once"), env_->env());
    Sink sink(shared, env_->env(), rows.schema());
    ASSERT_EQ(write(sink, rows, "cp1:p:t/0:3:salt"), Status::ok) << env_->reason;
  }
  EXPECT_EQ(query("SELECT (SELECT count() FROM once), (SELECT count() FROM once_seen) FORMAT TSV"),
            "3\t3\n");
}

TEST_F(ExactlyOnce, PrepareRefusesAndMakesTablesThatCan) {
  TestRows rows;
  rows.add("v", "Int32", A::fixed<int32_t>({1}));
  rows.finish();
  const auto prepare = [&](Options given) {
    Sink::Shared shared(std::move(given), env_->env());
    const cphost::Statements ignored(nullptr, [](void*, cphost_str) {});
    return shared.prepare(rows.schema(), CPHOST_EXACTLY_ONCE, ignored);
  };
  create("too_short", "v Int32", " SETTINGS non_replicated_deduplication_window = 5");
  try {
    EXPECT_NE(prepare(options("too_short")), Status::ok);
    FAIL() << "a window of 5 was taken";
  } catch (const cphost::Error& error) {
    EXPECT_STREQ(error.code(), "EXACTLY_ONCE");
  }
  Options fresh = options("fresh");
  fresh.create_table = true;
  fresh.order_by = {"v"};
  EXPECT_EQ(prepare(fresh), Status::ok);
  EXPECT_EQ(fault("fresh"), "");
}

}  // namespace
}  // namespace clickhouse
