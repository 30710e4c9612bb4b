// SPDX-License-Identifier: Apache-2.0
// Rejects read back from a table of the real engine, and marked in it.
#include "rejects.hpp"

#include <cphost/rejects.hpp>

#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using C = cphost::RejectColumn;
using cphost::Status;

struct Told {
  std::vector<std::string> raw, ids;
  std::string details;
  int64_t last_us = 0;
};

class Rejects : public SinkOnEngine {
 protected:
  static void make(const std::string& table) {
    query("CREATE TABLE " + table +
          " (ts DateTime64(6, 'UTC'), pipe LowCardinality(String), code LowCardinality(String),"
          " stream String, position String, topic LowCardinality(String),"
          " partition Nullable(Int32), offset Nullable(Int64),"
          " record_ts Nullable(DateTime64(3, 'UTC')), key Nullable(String),"
          " headers Map(String, String), raw String, raw_truncated UInt8,"
          " replayed_at Nullable(DateTime64(3, 'UTC'))) ENGINE = MergeTree ORDER BY (pipe, ts)");
  }
  static void add(const std::string& table, int second, const std::string& position,
                  const std::string& raw, const std::string& code = "JSON") {
    query("INSERT INTO " + table +
          " (ts, pipe, code, stream, position, topic, raw) VALUES (toDateTime64(" +
          std::to_string(second) + ", 6, 'UTC'), 'p', '" + code + "', 'a/0', '" + position +
          "', 'a', '" + raw + "')");
  }

  Told read(const std::string& table, cphost_rejects_query query = {}) {
    query.struct_size = sizeof query;
    query.pipe = cphost::str("p");
    if (query.rows_max == 0) query.rows_max = 100;
    if (query.bytes_max == 0) query.bytes_max = 1 << 20;
    Told told;
    const Sink::Shared shared(options(table), env_->env());
    status_ = shared.read_rejects(query, cphost::ArrowRows(&told, tell));
    return told;
  }

  static void tell(void* ctx, ArrowArray* raw) {
    const cphost::UniqueArray rows(raw);
    Told& told = *static_cast<Told*>(ctx);
    const auto column = [&](C c) -> const ArrowArray& {
      return *rows->children[static_cast<size_t>(c)];
    };
    for (int64_t i = 0; i < rows->length; ++i) {
      told.ids.emplace_back(cphost::bytes_at(column(C::kId), i));
      told.raw.emplace_back(cphost::bytes_at(column(C::kRaw), i));
      told.last_us = cphost::value_at<int64_t>(column(C::kTs), i);
      told.details = std::string(cphost::bytes_at(column(C::kTopic), i)) + "/" +
                     std::to_string(cphost::value_at<int32_t>(column(C::kPartition), i)) + "@" +
                     std::to_string(cphost::value_at<int64_t>(column(C::kOffset), i)) + " " +
                     std::to_string(cphost::value_at<int64_t>(column(C::kRecordTs), i)) + " key " +
                     std::string(cphost::bytes_at(column(C::kKey), i));
      const cphost::ListColumn headers(column(C::kHeaders));
      for (int64_t h = headers.begin(i); h < headers.end(i); ++h) {
        for (int part : {0, 1}) {
          told.details += " ";
          told.details += cphost::bytes_at(*headers.elements().children[part], h);
        }
      }
      told.details += cphost::value_at<uint8_t>(column(C::kTruncated), i) ? " cut" : " whole";
    }
  }

  void mark(const std::string& table, const std::vector<std::string>& ids,
            int64_t mark = 1'700'000'000'123) {
    std::vector<cphost_str> texts;
    for (const std::string& id : ids) texts.push_back(cphost::str(id));
    const Sink::Shared shared(options(table), env_->env());
    status_ = shared.mark_rejects("p", texts, mark);
  }

  using List = std::vector<std::string>;
  Status status_ = Status::ok;
};

TEST_F(Rejects, ComeBackWithAllThatIsKnownOfThem) {
  make("whole");
  query(
      "INSERT INTO whole VALUES ('2026-01-02 03:04:05.000006', 'p', 'JSON', 'a/3', '77', 'a', 3,"
      " 77, '2026-01-02 03:04:04.005', 'the key', {'h': '1', 'i': ''}, 'it''s', 0, NULL)");
  const Told told = read("whole");
  EXPECT_EQ(told.raw, (List{"it's"}));
  EXPECT_EQ(told.last_us, 1'767'323'045'000'006);
  EXPECT_EQ(told.details, "a/3@77 1767323044005 key the key h 1 i  whole");
  query(
      "INSERT INTO whole VALUES (now64(6), 'p', 'JSON', 'a/3', '78', 'a', NULL, NULL, NULL, NULL,"
      " {}, 'begin', 1, NULL)");
  EXPECT_EQ(read("whole").raw, (List{"it's", ""}));
  EXPECT_TRUE(read("whole").details.ends_with(" cut")) << read("whole").details;
  EXPECT_TRUE(read("nowhere").raw.empty());
  EXPECT_EQ(status_, Status::again);
}

TEST_F(Rejects, ComeInTheOrderOfTheirTimeInPages) {
  make("pages");
  for (const int second : {5, 3, 4, 1, 2})
    add("pages", second, std::to_string(second), "r" + std::to_string(second));
  cphost_rejects_query page{};
  page.rows_max = 2;
  const Told first = read("pages", page);
  EXPECT_EQ(first.raw, (List{"r1", "r2"}));
  page.after_us = first.last_us;
  page.after_id = cphost::str(first.ids.back());
  EXPECT_EQ(read("pages", page).raw, (List{"r3", "r4"}));
  page.rows_max = 100;
  page.bytes_max = 3;  // r3 and r4 have four bytes: the one that passes the limit is told yet
  EXPECT_EQ(read("pages", page).raw, (List{"r3", "r4"}));
  page.bytes_max = 1;
  EXPECT_EQ(read("pages", page).raw, (List{"r3"}));
}

TEST_F(Rejects, AreChosenByCodeTimeAndPipe) {
  make("chosen");
  add("chosen", 1, "1", "old");
  add("chosen", 2, "2", "range", "OUT_OF_RANGE");
  add("chosen", 3, "3", "new");
  query("INSERT INTO chosen (ts, pipe, raw) VALUES (1, 'other', 'of another pipe')");
  cphost_rejects_query query{};
  EXPECT_EQ(read("chosen", query).raw, (List{"old", "range", "new"}));
  query.code = cphost::str("OUT_OF_RANGE");
  EXPECT_EQ(read("chosen", query).raw, (List{"range"}));
  query.code = {};
  query.since_us = 3'000'000;
  EXPECT_EQ(read("chosen", query).raw, (List{"new"}));
}

TEST_F(Rejects, OfOneRecordAreToldOnceAndMarkedEverywhere) {
  make("twice");
  add("twice", 1, "1", "same");
  add("twice", 2, "1", "same");
  add("twice", 3, "1", "another record at that position");
  const Told told = read("twice");
  ASSERT_EQ(told.raw, (List{"same", "another record at that position"}));
  mark("twice", {});
  EXPECT_EQ(read("twice").raw.size(), 2u) << "nothing was marked yet";
  mark("twice", {told.ids[0]});
  EXPECT_EQ(read("twice").raw, (List{"another record at that position"}));
  EXPECT_EQ(query("SELECT count(), any(toUnixTimestamp64Milli(assumeNotNull(replayed_at))) FROM "
                  "twice WHERE isNotNull(replayed_at) FORMAT TSV"),
            "2\t1700000000123\n");
}

TEST_F(Rejects, ThatAreUnderWayAreFoundTogetherAgain) {
  make("under_way");
  for (int i = 1; i <= 4; ++i) add("under_way", i, std::to_string(i), "r" + std::to_string(i));
  const Told all = read("under_way");
  cphost_rejects_query under_way{};
  under_way.state = CPHOST_REJECT_UNDER_WAY;
  EXPECT_TRUE(read("under_way", under_way).raw.empty());
  mark("under_way", {all.ids[1], all.ids[2]}, CPHOST_REJECT_UNDER_WAY);
  EXPECT_EQ(read("under_way", under_way).raw, (List{"r2", "r3"}));
  EXPECT_EQ(read("under_way").raw, (List{"r1", "r4"}));
  mark("under_way", {all.ids[1]});
  mark("under_way", {all.ids[1], all.ids[2]}, CPHOST_REJECT_OPEN);
  EXPECT_EQ(read("under_way").raw, (List{"r1", "r3", "r4"})) << "what was replayed stays so";
  EXPECT_TRUE(read("under_way", under_way).raw.empty());
}

}  // namespace
}  // namespace clickhouse
