// SPDX-License-Identifier: Apache-2.0
// The mock host does to plugins what the host does.
#include <cphost/testing.hpp>

#include <gtest/gtest.h>

namespace {

using cphost::testing::EventLog;
using cphost::testing::RowsLog;
using cphost::testing::TestEnv;

TEST(TestEnv, RemembersWhatItWasTold) {
  TestEnv host(2, 8);
  const cphost::Env env = host.env();
  EXPECT_EQ(env.worker(), 2u);
  EXPECT_EQ(env.workers(), 8u);
  EXPECT_FALSE(env.sampling());
  env.debug("a");
  env.error("b");
  env.metric(3, 5);
  env.metric(3, 6);
  EXPECT_EQ(env.fail(cphost::retry, "CODE", "text"), cphost::retry);
  host.set_now_ns(77);
  EXPECT_EQ(env.now_ns(), 77);
  EXPECT_EQ(env.unix_ns(), 77);
  ASSERT_EQ(host.lines().size(), 2u);
  EXPECT_EQ(host.lines()[1].level, uint32_t{CPHOST_LOG_ERROR});
  EXPECT_EQ(host.metric(3), (std::vector<int64_t>{5, 6}));
  ASSERT_EQ(host.failures().size(), 1u);
  EXPECT_EQ(host.failures()[0].code, "CODE");
  EXPECT_TRUE(TestEnv(0, 0).env().sampling());
}

TEST(TestEnv, HasTheExtensionsThatItWasGiven) {
  TestEnv host;
  const int service = 5;
  host.set_extension("com.example.service/1", &service);
  EXPECT_EQ(host.env().extension<int>("com.example.service/1"), &service);
  EXPECT_EQ(host.env().extension<int>("com.example.service/2"), nullptr);
}

TEST(Env, DoesNotPassOnWhatIsNotLogged) {
  TestEnv host;
  cphost_env quiet = *host.raw();
  quiet.level = CPHOST_LOG_WARNING;
  const cphost::Env env(&quiet);
  env.info("no");
  env.warn("yes");
  EXPECT_FALSE(env.logs_debug());
  ASSERT_EQ(host.lines().size(), 1u);
  EXPECT_EQ(host.lines()[0].text, "yes");
}

TEST(EventLog, KeepsBatchesUntilItIsCleared) {
  cphost::BatchBuilder batch(cphost::Schema{{"_value", "z"}});
  EventLog log;
  log.out().records(1, batch);
  EXPECT_EQ(log.size(), 0u) << "an empty batch is no event";
  batch[0].add("a");
  log.out().records(1, batch);
  batch[0].add("b");
  log.out().records(2, batch.finish());
  EXPECT_EQ(log.record_count(), 2);
  EXPECT_EQ(cphost::bytes_at(*log[0].records->children[0], 0), "a");
  EXPECT_EQ(log.find(EventLog::Kind::kLost), nullptr);
  log.clear();
  EXPECT_EQ(log.record_count(), 0);
}

TEST(RowsLog, KnowsTheRecordOfEachRow) {
  cphost::BatchBuilder batch(cphost::Schema{{"c", "l"}});
  RowsLog log;
  for (int i = 0; i < 3; ++i) batch[0].add(i);
  const uint32_t record_of_row[] = {0, 0, 4};
  log.out().rows(batch.finish(), record_of_row);
  EXPECT_EQ(log.record_of_row(), (std::vector<uint32_t>{0, 0, 4}));
  batch[0].add(1);
  log.out().rows(batch.finish());
  EXPECT_EQ(log.record_of_row(), (std::vector<uint32_t>{0}));
  EXPECT_EQ(log.calls(), 2);
}

}  // namespace
