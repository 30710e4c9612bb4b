// SPDX-License-Identifier: Apache-2.0
#include "inventory.hpp"

#include <gtest/gtest.h>

#include "config.hpp"
#include "source_test.hpp"

namespace kafka {
namespace {

using KafkaInventory = KafkaSource;

TEST_F(KafkaInventory, TakesAPartitionForNewWhosePositionIsGone) {
  const auto& shared = share();
  Wakeup wakeup;
  Client client(make_config(shared.options, 1 << 20), shared.options, env_.env(), wakeup);
  Inventory inventory;
  inventory.note(client, {{"t", 2}});
  const std::vector<std::string> topics{"t"};
  EXPECT_FALSE(inventory.is_new(topics, "t", 0));
  inventory.saw_position("t", 0);
  EXPECT_TRUE(inventory.is_new(topics, "t", 0)) << "the topic was made again";
  EXPECT_FALSE(inventory.is_new(topics, "t", 1)) << "the group has never begun it";
}

TEST_F(KafkaInventory, RemembersWhereAReaderHasBegun) {
  cluster_.produce("t", 0, 10);
  auto& shared = share({{"start", "latest"}});
  Member member(shared);
  member.poll_until_assigned(2);
  member.poll_until([&] { return !member.partition("t/0").reached.empty(); });
  EXPECT_TRUE(shared.inventory.is_new(shared.options.topics, "t", 0));
  EXPECT_TRUE(shared.inventory.is_new(shared.options.topics, "t", 1));
}

}  // namespace
}  // namespace kafka
