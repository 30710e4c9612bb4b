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

// A struct of one list of texts, which the tests then break.
class ArrayFault : public testing::Test {
 protected:
  ArrayFault() {
    text_.n_buffers = 3;
    text_.buffers = text_buffers_;
    text_.length = 3;
    list_.n_buffers = 2;
    list_.buffers = list_buffers_;
    list_.length = root_.length = 2;
    list_.n_children = root_.n_children = 1;
    list_.children = list_children_;
    root_.n_buffers = 1;
    root_.buffers = root_buffers_;
    root_.children = root_children_;
    list_.null_count = 1;
  }
  std::string fault() const { return cphost::testing::array_fault(*schema_, root_); }

  const cphost::UniqueSchema schema_ =
      cphost::Schema{{"c", "+l", {}, {{"item", "z", {}, {}, false}}}}.to_arrow();
  uint8_t second_is_null_[1] = {0b01};
  int32_t text_offsets_[4] = {0, 1, 1, 3}, list_offsets_[3] = {0, 2, 3};
  const void* text_buffers_[3] = {nullptr, text_offsets_, "abc"};
  const void* list_buffers_[2] = {second_is_null_, list_offsets_};
  const void* root_buffers_[1] = {nullptr};
  ArrowArray text_ = {}, list_ = {}, root_ = {};
  ArrowArray* list_children_[1] = {&text_};
  ArrowArray* root_children_[1] = {&list_};
};

TEST_F(ArrayFault, IsEmptyForAValidBatch) {
  EXPECT_EQ(fault(), "");
  list_.null_count = -1;
  EXPECT_EQ(fault(), "");
}

TEST_F(ArrayFault, NamesTheFieldAndWhatIsWrong) {
  text_offsets_[1] = 4;
  EXPECT_EQ(fault(), ": c: item: offset 2 goes back");
  text_offsets_[1] = 1;
  list_offsets_[2] = 4;
  EXPECT_EQ(fault(), ": c: offsets end at 4, behind 3");
  list_offsets_[2] = 3;
  list_.null_count = 0;
  EXPECT_EQ(fault(), ": c: null_count is 0 of 1");
  list_.null_count = 1;
  text_buffers_[0] = second_is_null_;
  text_.null_count = -1;
  EXPECT_EQ(fault(), ": c: item: a field without nulls has some");
  text_buffers_[0] = nullptr;
  text_buffers_[2] = nullptr;
  EXPECT_EQ(fault(), ": c: item: buffer 2 is NULL");
  root_.length = 3;
  text_buffers_[2] = "abc";
  EXPECT_EQ(fault(), ": child 0 is shorter");
}

}  // namespace
