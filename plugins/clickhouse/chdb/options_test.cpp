// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace chdb {
namespace {

TEST(Options, ReadsSizes) {
  EXPECT_EQ(parse_size("0"), 0u);
  EXPECT_EQ(parse_size("1048576"), 1048576u);
  EXPECT_EQ(parse_size("64KiB"), 65536u);
  EXPECT_EQ(parse_size("1GiB"), 1073741824u);
  EXPECT_EQ(parse_size("2 GB"), 2000000000u);
}

TEST(Options, RefusesWhatIsNoSize) {
  for (auto text : {"", "GiB", "-1", "1.5GiB", "1gib", "1 Gi B", "99999999999TiB"}) {
    EXPECT_THROW(parse_size(text), std::runtime_error) << text;
  }
}

TEST(Options, HasSafeDefaults) {
  const char* arguments[] = {"cphost-chdb", "--path", "data"};
  const auto options = parse_options(3, arguments);
  ASSERT_TRUE(options);
  EXPECT_EQ(options->listen, "127.0.0.1");
  EXPECT_EQ(options->port, 0);
  EXPECT_EQ(options->path.front(), '/');
  EXPECT_FALSE(options->exit_with_stdin);
}

TEST(Options, RefusesWhatItDoesNotKnow) {
  const char* unknown[] = {"cphost-chdb", "--path", "data", "--nosuch"};
  EXPECT_THROW(parse_options(4, unknown), std::runtime_error);
  const char* level[] = {"cphost-chdb", "--path", "data", "--log-level", "loud"};
  EXPECT_THROW(parse_options(5, level), std::runtime_error);
  const char* missing[] = {"cphost-chdb"};
  EXPECT_THROW(parse_options(1, missing), std::runtime_error);
  const char* connections[] = {"cphost-chdb", "--path", "data", "--max-connections", "0"};
  EXPECT_THROW(parse_options(5, connections), std::runtime_error);
}

}  // namespace
}  // namespace chdb
