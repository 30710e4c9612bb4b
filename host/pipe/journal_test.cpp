// SPDX-License-Identifier: Apache-2.0
#include "host/pipe/journal.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

namespace cphost::host {
namespace {

namespace fs = std::filesystem;

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    std::string name = fs::temp_directory_path() / "cphost_journal_XXXXXX";
    dir_ = ::mkdtemp(name.data());
    path_ = dir_ + "/orders.journal";
  }
  ~JournalTest() override { fs::remove_all(dir_); }

  void write_file(const std::string& text) const { std::ofstream(path_, std::ios::binary) << text; }
  std::string read_file() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void commit(std::string_view stream, std::string_view position, std::string_view note = "") {
    Journal journal(dir_, "orders");
    const Journal::Update update{stream, position, note};
    journal.commit({&update, 1});
  }

  std::string dir_, path_;
};

TEST_F(JournalTest, has_nothing_at_first) {
  Journal journal(dir_ + "/made/on/the/way", "orders");
  EXPECT_EQ(journal.find("a").position, "");
  EXPECT_EQ(journal.find("a").note, "");
}

TEST_F(JournalTest, keeps_positions_and_notes_for_the_next_run) {
  commit("a", "10", "note");
  commit("b", "20");
  commit("a", "11", "other");
  Journal journal(dir_, "orders");
  EXPECT_EQ(journal.find("a").position, "11");
  EXPECT_EQ(journal.find("a").note, "other");
  EXPECT_EQ(journal.find("b").position, "20");
  EXPECT_EQ(journal.find("c").position, "");
}

TEST_F(JournalTest, takes_any_bytes) {
  const std::string odd("\n end 0\n\0\"\\ ", 12);
  commit(odd, odd, odd);
  commit("", "7");
  Journal journal(dir_, "orders");
  EXPECT_EQ(journal.find(odd).position, odd);
  EXPECT_EQ(journal.find(odd).note, odd);
  EXPECT_EQ(journal.find("").position, "7");
}

TEST_F(JournalTest, a_crash_between_write_and_rename_leaves_what_was_committed) {
  commit("a", "10");
  std::ofstream(path_ + ".next", std::ios::binary) << "cphost-journal 2 1\n1 2 0 9\na\n9";
  {
    Journal journal(dir_, "orders");
    EXPECT_EQ(journal.find("a").position, "10");
  }
  commit("a", "11");
  EXPECT_EQ(Journal(dir_, "orders").find("a").position, "11");
}

TEST_F(JournalTest, refuses_a_damaged_file_whatever_the_damage) {
  commit("stream", "12345", "note");
  const std::string good = read_file();
  for (size_t size = 0; size < good.size(); ++size) {
    write_file(good.substr(0, size));
    EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error) << size;
  }
  for (size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    write_file(bad);
    EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error) << i;
  }
  write_file(good + "\n");
  EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error);
  write_file("cphost-journal 2 1\n18446744073709551615 1 1 1\na\n");
  EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error);
  write_file(good);
  EXPECT_EQ(Journal(dir_, "orders").find("stream").position, "12345");
}

TEST_F(JournalTest, a_file_that_cannot_be_read_is_not_a_first_run) {
  fs::create_directory(path_);
  EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error);
}

TEST_F(JournalTest, is_held_by_one_at_a_time) {
  auto first = std::make_unique<Journal>(dir_, "orders");
  EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error);
  EXPECT_NO_THROW(Journal(dir_, "other"));
  first.reset();
  EXPECT_NO_THROW(Journal(dir_, "orders"));
}

TEST_F(JournalTest, a_refused_file_does_not_stay_locked) {
  write_file("nonsense");
  EXPECT_THROW(Journal(dir_, "orders"), std::runtime_error);
  fs::remove(path_);
  EXPECT_NO_THROW(Journal(dir_, "orders"));
}

TEST_F(JournalTest, a_commit_that_fails_changes_nothing) {
  Journal journal(dir_, "orders");
  const Journal::Update first{"a", "1", ""}, second{"a", "2", ""};
  journal.commit({&first, 1});
  fs::create_directory(path_ + ".next");
  EXPECT_THROW(journal.commit({&second, 1}), std::runtime_error);
  EXPECT_EQ(journal.find("a").position, "1");
  fs::remove(path_ + ".next");
  journal.commit({&second, 1});
  EXPECT_EQ(journal.find("a").position, "2");
}

TEST_F(JournalTest, forgets_streams_that_no_run_has_had_for_long) {
  const auto run = [this](int64_t day, std::string_view commits, std::string_view has = "") {
    Journal journal(dir_, "orders", day);
    if (!has.empty()) journal.find(has);
    const std::string position = std::to_string(day);
    const Journal::Update update{commits, position, ""};
    journal.commit({&update, 1});
  };
  run(1000, "rotated away");
  run(1000, "not written any more");
  run(1000 + Journal::kForgetDays, "live", "not written any more");
  EXPECT_EQ(Journal(dir_, "orders", 5000).find("rotated away").position, "1000");
  run(1001 + Journal::kForgetDays, "live");
  Journal journal(dir_, "orders", 5000);
  EXPECT_EQ(journal.find("rotated away").position, "");
  EXPECT_EQ(journal.find("not written any more").position, "1000");
  EXPECT_EQ(journal.find("live").position, std::to_string(1001 + Journal::kForgetDays));
}

// A user other than root, who may write into the folder and not open it.
TEST_F(JournalTest, a_folder_that_cannot_be_synced_fails_the_commit) {
  const bool root = ::geteuid() == 0;
  constexpr uid_t kNobody = 65534;
  if (root) {
    ASSERT_EQ(::chown(dir_.c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  {
    Journal journal(dir_, "orders");
    const Journal::Update update{"a", "1", ""};
    journal.commit({&update, 1});
    fs::permissions(dir_, fs::perms::owner_write | fs::perms::owner_exec);
    EXPECT_THROW(journal.commit({&update, 1}), std::runtime_error);
    fs::permissions(dir_, fs::perms::owner_all);
    EXPECT_NO_THROW(journal.commit({&update, 1}));
  }
  if (root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
}

TEST_F(JournalTest, is_shared_by_workers) {
  Journal journal(dir_, "orders");
  std::vector<std::thread> workers;
  for (int w = 0; w < 3; ++w) {
    workers.emplace_back([&journal, w] {
      const std::string stream = "s" + std::to_string(w);
      for (int i = 1; i <= 10; ++i) {
        const std::string position = std::to_string(i);
        const Journal::Update update{stream, position, ""};
        journal.commit({&update, 1});
        EXPECT_EQ(journal.find(stream).position, position);
      }
    });
  }
  for (auto& worker : workers) worker.join();
  for (int w = 0; w < 3; ++w) EXPECT_EQ(journal.find("s" + std::to_string(w)).position, "10");
}

TEST_F(JournalTest, forgets_a_stream_for_good) {
  commit("a", "10");
  commit("b", "20");
  {
    Journal journal(dir_, "orders");
    journal.forget("a");
    EXPECT_EQ(journal.entries().size(), 1u);
  }
  Journal journal(dir_, "orders");
  EXPECT_EQ(journal.find("a").position, "");
  EXPECT_EQ(journal.find("b").position, "20");
}

}  // namespace
}  // namespace cphost::host
