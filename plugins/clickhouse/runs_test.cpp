// SPDX-License-Identifier: Apache-2.0
// The runs of positions that the real engine finds in a table.
#include "runs.hpp"

#include "engine_fixture.hpp"

namespace clickhouse {
namespace {

using cphost::Status;

class Runs : public SinkOnEngine {
 protected:
  // One line a run: "topic/partition first-last xTimes".
  std::string runs(const std::string& table, std::vector<cphost_condition> conditions = {},
                   uint64_t runs_max = 1000) {
    const cphost_str streams[] = {cphost::str("topic"), cphost::str("partition")};
    cphost_runs_query query{};
    query.struct_size = sizeof query;
    query.stream_columns = streams;
    query.stream_column_count = 2;
    query.position_column = cphost::str("offset");
    query.conditions = conditions.data();
    query.condition_count = static_cast<uint32_t>(conditions.size());
    query.runs_max = runs_max;
    std::string told;
    const Sink::Shared shared(options(table), env_->env());
    status_ = shared.runs(query, cphost::ArrowRows(&told, tell));
    return told;
  }

  static void tell(void* ctx, ArrowArray* raw) {
    const cphost::UniqueArray rows(raw);
    const auto column = [&](int i) -> const ArrowArray& { return *rows->children[i]; };
    for (int64_t i = 0; i < rows->length; ++i) {
      std::string line(cphost::bytes_at(column(0), i));
      line += "/" + std::string(cphost::bytes_at(column(1), i));
      line += " " + std::to_string(cphost::value_at<int64_t>(column(2), i));
      line += "-" + std::to_string(cphost::value_at<int64_t>(column(3), i));
      line += " x" + std::to_string(cphost::value_at<uint64_t>(column(4), i)) + "\n";
      *static_cast<std::string*>(ctx) += line;
    }
  }

  Status status_ = Status::ok;
};

constexpr const char* kColumns =
    "topic LowCardinality(String), partition Int32, offset Int64, v String";

TEST_F(Runs, AreEmptyForAnEmptyTable) {
  create("empty", kColumns);
  EXPECT_EQ(runs("empty"), "");
  EXPECT_EQ(status_, Status::ok);
}

TEST_F(Runs, OfATableThatDoesNotExistAreToldApart) {
  EXPECT_EQ(runs("nowhere"), "");
  EXPECT_EQ(status_, Status::again);
}

TEST_F(Runs, EndAtGapsAndWhereTheCountChanges) {
  create("gaps", kColumns);
  query("INSERT INTO gaps SELECT 'a', number % 2, intDiv(number, 2), '' FROM numbers(2000)");
  query(
      "ALTER TABLE gaps DELETE WHERE partition = 1 AND offset IN (10, 11, 500)"
      " SETTINGS mutations_sync = 1");
  query("INSERT INTO gaps SELECT 'a', 0, number, '' FROM numbers(700, 3)");
  query("INSERT INTO gaps SELECT 'a', 0, 701, '' FROM numbers(2)");
  query("INSERT INTO gaps VALUES ('b', 7, 5, '')");
  EXPECT_EQ(runs("gaps"),
            "a/0 0-699 x1\na/0 700-700 x2\na/0 701-701 x4\na/0 702-702 x2\na/0 703-999 x1\n"
            "a/1 0-9 x1\na/1 12-499 x1\na/1 501-999 x1\nb/7 5-5 x1\n");
  EXPECT_EQ(runs("gaps", {}, 2), "a/0 0-699 x1\na/0 700-700 x2\n");
}

// The server sorts 65536 positions at a time.
TEST_F(Runs, GoOnFromOnePartOfAStreamToTheNext) {
  create("parts", kColumns);
  query("INSERT INTO parts SELECT 'a', 0, number, '' FROM numbers(200000)");
  EXPECT_EQ(runs("parts"), "a/0 0-199999 x1\n");
  query("INSERT INTO parts SELECT 'a', 0, number, '' FROM numbers(65530, 10)");
  EXPECT_EQ(runs("parts"), "a/0 0-65529 x1\na/0 65530-65539 x2\na/0 65540-199999 x1\n");
  query("ALTER TABLE parts DELETE WHERE offset = 131072 SETTINGS mutations_sync = 1");
  EXPECT_EQ(runs("parts"),
            "a/0 0-65529 x1\na/0 65530-65539 x2\na/0 65540-131071 x1\na/0 131073-199999 x1\n");
}

TEST_F(Runs, TakeMoreBatchesThanOne) {
  create("sparse", kColumns);
  query("INSERT INTO sparse SELECT 'a', 0, number * 2, '' FROM numbers(20000)");
  const std::string told = runs("sparse", {}, 100'000);
  EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 20'000);
  EXPECT_TRUE(told.ends_with("a/0 39998-39998 x1\n")) << told.substr(told.size() - 100);
}

// As the columns of an error table are: nullable, and of several pipes.
TEST_F(Runs, LookAtRowsThatMeetTheConditions) {
  create("rejects",
         "pipe LowCardinality(String), topic LowCardinality(String), partition Nullable(Int32), "
         "offset Nullable(Int64), replayed_at Nullable(DateTime64(3))");
  query(
      "INSERT INTO rejects VALUES ('it''s', 'a', 0, 1, NULL), ('it''s', 'a', 0, 2, NULL),"
      " ('it''s', 'a', 0, 3, '2026-01-01 00:00:00'), ('other', 'a', 0, 4, NULL),"
      " ('it''s', 'a', NULL, 5, NULL), ('it''s', 'a', 0, NULL, NULL)");
  const cphost_condition pipe = {cphost::str("pipe"), cphost::str("it's")};
  const cphost_condition waiting = {cphost::str("replayed_at"), {nullptr, 0}};
  EXPECT_EQ(runs("rejects", {pipe, waiting}), "a/0 1-2 x1\na/ 5-5 x1\n");
}

TEST_F(Runs, SayWhichColumnIsMissing) {
  create("other", "topic String, partition Int32, position Int64");
  try {
    runs("other");
    FAIL() << "there is no column offset";
  } catch (const cphost::Error& e) {
    EXPECT_EQ(e.status(), Status::config) << e.text();
    EXPECT_NE(e.text().find("offset"), std::string::npos) << e.text();
  }
}

}  // namespace
}  // namespace clickhouse
