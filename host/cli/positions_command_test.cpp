// SPDX-License-Identifier: Apache-2.0
#include "host/cli/positions_command.hpp"

#include <gtest/gtest.h>

#include "host/pipe/stop_pipe.hpp"

namespace cphost::host {
namespace {

const std::string kOpen = note_text(Note{{{"149", "-"}, {"199", "abc"}}, 1, 2});

std::vector<KeptStream> streams() {
  return {{"t/0", "100", kOpen, "0", "300", "0", 200}, {"t/1", "0", "", "0", "5", "0", 5}};
}

std::string text(const std::vector<PositionChange>& changes) {
  std::string all;
  for (const auto& change : changes) all += change.name + "=" + change.position + " ";
  return all;
}

TEST(Positions, AreShownWithWhatIsOpen) {
  EXPECT_EQ(positions_table(streams()),
            "STREAM  POSITION  FIRST  END  LAG  OPEN\n"
            "t/0     100       0      300  200  up to 199\n"
            "t/1     0         0      5    5    -\n");
}

TEST(Positions, ThatAreThereAlreadyAreNotChanged) {
  EXPECT_EQ(text(wanted_changes(streams(), {})), "t/0=0 ");
  EXPECT_EQ(text(wanted_changes(streams(), {"t/0=100", "t/1=3"})), "t/1=3 ");
}

TEST(Positions, OfUnknownStreamsAreRefused) {
  EXPECT_THROW(wanted_changes(streams(), {"t/2=0"}), StopPipe);
  EXPECT_THROW(wanted_changes(streams(), {"t/1="}), UsageError);
  EXPECT_THROW(wanted_changes(streams(), {"earliest"}), UsageError);
}

TEST(Positions, ForgetWhatIsOpenOnlyWhereTheyChange) {
  EXPECT_EQ(forgotten_ranges(streams(), {{"t/1", "3"}}), "");
  EXPECT_EQ(forgotten_ranges(streams(), {{"t/0", "0"}}), "t/0: open behind 100: up to 199\n");
  auto damaged = streams();
  damaged[1].note = kOpen + "x";
  EXPECT_NE(forgotten_ranges(damaged, {{"t/1", "3"}}), "");
}

}  // namespace
}  // namespace cphost::host
