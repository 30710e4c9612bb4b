// SPDX-License-Identifier: Apache-2.0
// A cluster with the topic "t" of two partitions, and readers of it.
#pragma once

#include <gtest/gtest.h>

#include <cphost/testing.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "member_test.hpp"
#include "mock_cluster_test.hpp"
#include "source.hpp"

namespace kafka {

inline std::vector<std::string> numbers(int first, int count) {
  std::vector<std::string> list;
  for (int i = 0; i < count; ++i) list.push_back(std::to_string(first + i));
  return list;
}

class KafkaSource : public ::testing::Test {
 protected:
  KafkaSource() { cluster_.create_topic("t", 2); }

  /// What the readers of a pipe share; it lives as long as the test.
  Reader::Shared& share(cphost::testing::GivenOptions more = {}) {
    cphost::testing::GivenOptions given{
        {"brokers", cluster_.brokers()},
        {"topics", "t"},
        {"group_id", "g"},
        {"session_timeout", "6s"},
        {"fetch_max_wait", "20ms"},
    };
    for (auto& option : more) given.push_back(option);
    return *shared_.emplace_back(
        std::make_unique<Reader::Shared>(cphost::testing::parse(kOptions, given), env_.env()));
  }

  /// The text with which `f` ends.
  template <class F>
  std::string expect_error(cphost::Status status, const char* code, F&& f) {
    try {
      f();
      ADD_FAILURE() << code << " was not told";
      return "";
    } catch (const cphost::Error& error) {
      EXPECT_EQ(error.status(), status) << error.what();
      EXPECT_STREQ(error.code(), code);
      return error.text();
    }
  }

  MockCluster cluster_;
  cphost::testing::TestEnv env_;
  std::vector<std::unique_ptr<Reader::Shared>> shared_;
};

}  // namespace kafka
