// SPDX-License-Identifier: Apache-2.0
#include "source.hpp"

#include <gtest/gtest.h>

#include <cphost/testing.hpp>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "temporary_folder_test.hpp"

namespace file {
namespace {

using cphost::testing::EventLog;
using Kind = EventLog::Kind;

// A worker's reader, driven as the host does.
class TestRun {
 public:
  TestRun(Reader::Shared& shared, uint32_t worker = 0, uint32_t workers = 1)
      : env_(worker, workers), reader_(shared, env_.env()) {}

  Reader& reader() { return reader_; }

  cphost::Status poll(EventLog& log, cphost::Limits limits = {1000, 1 << 20, 0}) {
    return reader_.poll(limits, log.out());
  }

  struct Record {
    std::string file, value, position;
    bool operator==(const Record&) const = default;
  };

  // Everything up to the end; streams begin behind `after`, by name.
  std::vector<Record> read_all(const std::map<std::string, std::string>& after = {},
                               cphost::Limits limits = {1000, 1 << 20, 0}) {
    std::vector<Record> records;
    while (true) {
      EventLog log;
      if (poll(log, limits) == cphost::done) return records;
      for (const auto& event : log.events()) take(event, after, records);
    }
  }

 private:
  void take(const EventLog::Event& event, const std::map<std::string, std::string>& after,
            std::vector<Record>& records) {
    if (event.kind == Kind::kAssigned) {
      const auto found = after.find(event.name);
      reader_.seek(event.stream, found == after.end() ? "" : found->second);
    } else if (event.kind == Kind::kRecords) {
      for (int64_t i = 0; i < event.records->length; ++i) {
        records.push_back(
            Record{std::string(cphost::bytes_at(*event.records->children[1], i)),
                   std::string(cphost::bytes_at(*event.records->children[0], i)),
                   std::to_string(cphost::value_at<int64_t>(*event.records->children[2], i))});
      }
    } else if (event.kind == Kind::kReject) {
      records.push_back(Record{event.code, event.head, event.position});
    } else if (event.kind == Kind::kEnded) {
      reader_.release(event.stream);
    }
  }

  cphost::testing::TestEnv env_;
  Reader reader_;
};

using Records = std::vector<TestRun::Record>;

Options options(const std::string& path, const std::string& max_line = "1MiB") {
  return cphost::testing::parse(kOptions, {{"path", path}, {"max_line", max_line}});
}

class FileSource : public ::testing::Test {
 protected:
  std::unique_ptr<Reader::Shared> share(const std::string& path,
                                        const std::string& max_line = "1MiB") {
    return std::make_unique<Reader::Shared>(options(path, max_line), env_.env());
  }

  TemporaryFolder folder_;
  cphost::testing::TestEnv env_;
};

TEST_F(FileSource, DeliversEachLineWithItsFileAndPosition) {
  const std::string path = folder_.write("a", "one\ntwo\r\nthree");
  const auto shared = share(path);
  EXPECT_EQ(TestRun(*shared).read_all(),
            (Records{{path, "one", "3"}, {path, "two", "8"}, {path, "three", "13"}}));
}

TEST_F(FileSource, GoesOnBehindAPosition) {
  const std::string path = folder_.write("a", "one\ntwo\nthree\n");
  const auto shared = share(path);
  EXPECT_EQ(TestRun(*shared).read_all({{path, "3"}}),
            (Records{{path, "two", "7"}, {path, "three", "13"}}));
  EXPECT_EQ(TestRun(*shared).read_all({{path, "13"}}), Records{});
}

TEST_F(FileSource, DeliversTheSameRecordsWhateverTheLimits) {
  std::string text;
  for (int i = 0; i < 2000; ++i) text += std::string(static_cast<size_t>(i % 50), 'x') + "\n";
  const auto shared = share(folder_.write("a", text));
  const auto whole = TestRun(*shared).read_all();
  EXPECT_EQ(whole.size(), 2000u);
  EXPECT_EQ(TestRun(*shared).read_all({}, {7, 1 << 20, 0}), whole);
  EXPECT_EQ(TestRun(*shared).read_all({}, {1000, 1, 0}), whole);
}

TEST_F(FileSource, FillsBatchesUpToTheLimit) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "x\n";
  const auto shared = share(folder_.write("a", text));
  TestRun run(*shared);
  EventLog log;
  ASSERT_EQ(run.poll(log), cphost::ok);
  run.reader().seek(log[0].stream, "");
  log.clear();
  ASSERT_EQ(run.poll(log, {64, 1 << 20, 0}), cphost::ok);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(log.record_count(), 64);
}

TEST_F(FileSource, RejectsALineOverTheLimitInItsPlace) {
  const std::string path = folder_.write("a", "one\ntoo long\ntwo\n");
  const auto shared = share(path, "4B");
  EXPECT_EQ(
      TestRun(*shared).read_all(),
      (Records{{path, "one", "3"}, {"LINE_TOO_LONG", "too long", "12"}, {path, "two", "16"}}));
}

TEST_F(FileSource, SpreadsFilesOverWorkers) {
  const std::string a = folder_.write("a", "1\n");
  const std::string b = folder_.write("b", "2\n");
  const std::string c = folder_.write("c", "3\n");
  const auto shared = share(folder_.path("*"));
  EXPECT_EQ(TestRun(*shared, 0, 2).read_all(), (Records{{a, "1", "1"}, {c, "3", "1"}}));
  EXPECT_EQ(TestRun(*shared, 1, 2).read_all(), (Records{{b, "2", "1"}}));
  EXPECT_EQ(TestRun(*shared, 3, 4).read_all(), Records{});
}

TEST_F(FileSource, ReadsAllFilesForASample) {
  folder_.write("a", "1\n");
  folder_.write("b", "2\n");
  const auto shared = share(folder_.path("*"));
  EXPECT_EQ(TestRun(*shared, 0, 0).read_all().size(), 2u);
}

TEST_F(FileSource, RefusesAFileThatIsShorterThanWhatWasRead) {
  const std::string path = folder_.write("a", "one\n");
  const auto shared = share(path);
  try {
    TestRun(*shared).read_all({{path, "100"}});
    FAIL() << "nothing was refused";
  } catch (const cphost::Error& error) {
    EXPECT_EQ(error.status(), cphost::config);
    EXPECT_STREQ(error.code(), "FILE_TRUNCATED");
  }
}

TEST_F(FileSource, DeliversNothingOfAStreamBeforeItIsSought) {
  const auto shared = share(folder_.write("a", "one\n"));
  TestRun run(*shared);
  EventLog log;
  ASSERT_EQ(run.poll(log), cphost::ok);
  EXPECT_EQ(run.poll(log), cphost::again);
  EXPECT_EQ(log.record_count(), 0);
}

TEST_F(FileSource, DeliversNothingOfAPausedStreamAndLosesNothing) {
  const auto shared = share(folder_.write("a", "one\n"));
  TestRun run(*shared);
  EventLog log;
  ASSERT_EQ(run.poll(log), cphost::ok);
  const uint64_t stream = log[0].stream;
  run.reader().seek(stream, "");
  run.reader().pause(stream, true);
  EXPECT_EQ(run.poll(log), cphost::again);
  run.reader().pause(stream, false);
  EXPECT_EQ(run.poll(log), cphost::ok);
  EXPECT_EQ(log.record_count(), 1);
}

TEST_F(FileSource, ReturnsAtOnceWhenInterrupted) {
  const auto shared = share(folder_.write("a", "one\n"));
  TestRun run(*shared);
  EventLog log;
  ASSERT_EQ(run.poll(log), cphost::ok);
  std::thread other([&run] { run.reader().interrupt(); });
  // Nothing was sought, so that only the interrupt ends this poll.
  EXPECT_EQ(run.poll(log, {1000, 1 << 20, 60'000}), cphost::again);
  other.join();
}

}  // namespace
}  // namespace file
