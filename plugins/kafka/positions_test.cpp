// SPDX-License-Identifier: Apache-2.0
#include "positions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "source_test.hpp"

namespace kafka {
namespace {

class KafkaPositions : public KafkaSource {
 protected:
  struct Kept {
    std::string position, note, first, end, target;
    int64_t lag = 0;
  };

  static std::map<std::string, Kept> list(Reader::Shared& shared, std::string_view to = "") {
    std::map<std::string, Kept> streams;
    cphost::KeptStreams out(
        [](void* ctx, const cphost_kept_stream* stream) {
          const auto text = [](cphost_str from) { return std::string(cphost::view(from)); };
          (*static_cast<std::map<std::string, Kept>*>(ctx))[text(stream->name)] = {
              text(stream->position), text(stream->note),   text(stream->first),
              text(stream->end),      text(stream->target), stream->lag};
        },
        &streams);
    shared.list_positions(to, out);
    return streams;
  }

  static void set(Reader::Shared& shared, std::string_view name, std::string_view position) {
    const cphost_position_change change{cphost::str(name), cphost::str(position)};
    shared.set_positions({&change, 1});
  }
};

TEST_F(KafkaPositions, AreShownAsKafkaCountsThem) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 0, 4, "a note");
  const auto streams = list(share());
  ASSERT_EQ(streams.size(), 2u);
  const Kept& begun = streams.at("t/0");
  EXPECT_EQ(begun.position, "4");
  EXPECT_EQ(begun.note, "a note");
  EXPECT_EQ(begun.first + " " + begun.end, "0 10");
  EXPECT_EQ(begun.lag, 6);
  EXPECT_EQ(begun.target, "");
  const Kept& fresh = streams.at("t/1");
  EXPECT_EQ(fresh.position, "");
  EXPECT_EQ(fresh.lag, -1);
}

TEST_F(KafkaPositions, FindWordsAndTimesInEachPartition) {
  cluster_.produce("t", 0, 10);
  auto& shared = share();
  EXPECT_EQ(list(shared, "earliest").at("t/0").target, "0");
  EXPECT_EQ(list(shared, "latest").at("t/0").target, "10");
  expect_error(cphost::config, "OPTIONS", [&] { list(shared, "newest"); });
}

TEST_F(KafkaPositions, AreSetWithoutTheirNotes) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 0, 10, "a note");
  auto& shared = share();
  set(shared, "t/0", "3");
  EXPECT_EQ(cluster_.committed("g", "t", 0), std::make_pair(int64_t{3}, std::string()));
}

TEST_F(KafkaPositions, AreNotSetToWhatThereIsNot) {
  cluster_.produce("t", 0, 10);
  cluster_.commit("g", "t", 0, 10);
  auto& shared = share();
  expect_error(cphost::config, "OFFSET_OUT_OF_RANGE", [&] { set(shared, "t/0", "11"); });
  expect_error(cphost::config, "POSITION", [&] { set(shared, "t/0", "-1"); });
  expect_error(cphost::config, "POSITION", [&] { set(shared, "t/0", "ten"); });
  expect_error(cphost::config, "POSITION", [&] { set(shared, "t", "1"); });
  EXPECT_EQ(cluster_.committed("g", "t", 0).first, 10);
}

}  // namespace
}  // namespace kafka
