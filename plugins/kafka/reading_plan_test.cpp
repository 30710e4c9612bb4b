// SPDX-License-Identifier: Apache-2.0
#include "reading_plan.hpp"

#include <gtest/gtest.h>

#include <cphost/status.hpp>
#include <cphost/testing.hpp>
#include <string>

#include "client.hpp"

namespace kafka {
namespace {

using cphost::testing::GivenOptions;

constexpr int64_t kNow = 1'700'000'000'000;

ReadingPlan plan(GivenOptions more) {
  GivenOptions given{{"brokers", "b:9092"}, {"topics", "[orders, ^logs-]"}, {"group_id", "g"}};
  for (auto& option : more) given.push_back(option);
  return make_reading_plan(cphost::testing::parse(kOptions, given), kNow);
}

std::string refusal(GivenOptions more) {
  try {
    plan(std::move(more));
    return "";
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::config);
    return error.text();
  }
}

TEST(ReadingPlan, BeginsAtAWordOrATime) {
  EXPECT_EQ(plan({}).start, Client::kEarliest);
  EXPECT_EQ(plan({{"start", "latest"}}).start, Client::kLatest);
  EXPECT_EQ(plan({{"start", "2023-11-14T22:13:20Z"}}).start, kNow);
  EXPECT_EQ(plan({{"start", "-2h"}}).start, kNow - 7'200'000);
  EXPECT_NE(refusal({{"start", "2023-11-14T22:13:20"}}).find("with its zone"), std::string::npos);
}

TEST(ReadingPlan, EndsNeverOrAtTheEndOrAtATime) {
  EXPECT_FALSE(plan({}).is_bounded);
  EXPECT_TRUE(plan({{"stop", "end"}}).is_bounded);
  EXPECT_EQ(plan({{"stop", "end"}}).stop, Client::kLatest);
  EXPECT_EQ(plan({{"stop", "-1h"}}).stop, kNow - 3'600'000);
}

TEST(ReadingPlan, TakesOffsetsOfSinglePartitions) {
  const ReadingPlan both = plan({{"start_offsets", "{orders/0 = 12, logs-a/3 = 0}"},
                                 {"stop", "end"},
                                 {"stop_offsets", "{orders/0 = 12}"}});
  EXPECT_EQ(both.start_offsets, (PartitionOffsets{{{"orders", 0}, 12}, {{"logs-a", 3}, 0}}));
  EXPECT_EQ(both.stop_offsets, (PartitionOffsets{{{"orders", 0}, 12}}));
}

TEST(ReadingPlan, RefusesWhatNamesNoPartitionOrNoOffset) {
  for (const char* entry : {"orders = 1", "orders/ = 1", "orders/x = 1", "orders/-1 = 1", "/0 = 1",
                            "others/0 = 1", "orders/0 = -1", "orders/0 = end"}) {
    EXPECT_NE(refusal({{"start_offsets", "{" + std::string(entry) + "}"}}).find("start_offsets"),
              std::string::npos)
        << entry;
  }
}

TEST(ReadingPlan, RefusesOptionsThatContradictEachOther) {
  EXPECT_NE(refusal({{"stop_offsets", "{orders/0 = 1}"}}).find("never"), std::string::npos);
  EXPECT_NE(refusal({{"stop", "2033-01-01T00:00:00Z"}}).find("future"), std::string::npos);
  EXPECT_NE(refusal({{"start", "2033-01-01T00:00:00Z"}}).find("future"), std::string::npos);
  EXPECT_NE(refusal({{"start", "-1h"}, {"stop", "-2h"}}).find("later than"), std::string::npos);
  EXPECT_NE(refusal({{"start", "latest"}, {"stop", "-2h"}}).find("nothing between"),
            std::string::npos);
  EXPECT_NE(refusal({{"start_offsets", "{orders/0 = 5}"},
                     {"stop", "end"},
                     {"stop_offsets", "{orders/0 = 4}"}})
                .find("behind its end"),
            std::string::npos);
}

}  // namespace
}  // namespace kafka
