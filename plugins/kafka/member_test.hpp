// SPDX-License-Identifier: Apache-2.0
// A reader driven as the host does: it seeks what is assigned, remembers what comes, commits, and
// lets go.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cphost/testing.hpp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "source.hpp"

namespace kafka {

class Member {
 public:
  using Log = cphost::testing::EventLog;
  using Kind = Log::Kind;

  struct Partition {
    std::string name;
    std::string position;  // as assigned, then of the last record or reach
    std::string note;
    std::vector<std::string> values;
    std::vector<std::string> reached;
    bool is_ended = false;
    bool is_revoking = false;
    bool is_lost = false;
    bool is_released = false;
  };

  explicit Member(Reader::Shared& shared, uint32_t workers = 1)
      : env_(0, workers), reader_(std::make_unique<Reader>(shared, env_.env())) {}

  Reader& reader() { return *reader_; }
  void close() { reader_.reset(); }
  std::map<uint64_t, Partition>& partitions() { return partitions_; }
  const cphost::testing::TestEnv& env() const { return env_; }

  bool warned(const std::string& text) const {
    const auto lines = env_.lines();
    return std::any_of(lines.begin(), lines.end(), [&text](const auto& line) {
      return line.level == CPHOST_LOG_WARNING && line.text.find(text) != std::string::npos;
    });
  }

  /// Of the newest stream of that name.
  Partition& partition(const std::string& name) { return partitions_.at(id_of(name)); }
  uint64_t id_of(const std::string& name) const {
    uint64_t found = 0;
    for (const auto& [id, partition] : partitions_) {
      if (partition.name == name) found = id;
    }
    return found;
  }

  size_t record_count() const {
    size_t count = 0;
    for (const auto& [id, partition] : partitions_) count += partition.values.size();
    return count;
  }

  /// One poll, and the host's answer to what it told.
  cphost::Status step(cphost::Limits limits = {8192, 4 << 20, 50}) {
    Log log;
    const cphost::Status status = reader_->poll(limits, log.out());
    for (const auto& event : log.events()) take(event);
    for (const auto& [id, partition] : partitions_) {
      if (!seeks || sought_.count(id) != 0) continue;
      sought_[id] = true;
      reader_->seek(id, partition.position);
    }
    return status;
  }

  /// Polls until `is_met`; fails the test after 20 s.
  void poll_until(const std::function<bool()>& is_met,
                  cphost::Limits limits = {8192, 4 << 20, 50}) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_met()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "in vain; " << describe();
      static_cast<void>(step(limits));
    }
  }

  void poll_until_assigned(size_t count) {
    poll_until([this, count] { return partitions_.size() == count; });
  }

  void poll_until_records(size_t count) {
    poll_until([this, count] { return record_count() >= count; });
  }

  /// Commits where the stream stands.
  int32_t commit(uint64_t id, const std::string& note = "") {
    const std::string& position = partitions_.at(id).position;
    cphost_commit item{id, cphost::str(position), cphost::str(note), 1, 0};
    const cphost::Status status = reader_->commit({&item, 1});
    EXPECT_EQ(status == cphost::ok, item.status == CPHOST_OK);
    return item.status;
  }

  void release(uint64_t id) {
    partitions_.at(id).is_released = true;
    reader_->release(id);
  }

  /// Releases what the group takes back, without a commit.
  void let_go() {
    for (auto& [id, partition] : partitions_) {
      if ((partition.is_revoking || partition.is_lost) && !partition.is_released) release(id);
    }
  }

  /// Streams that the group has not taken back.
  size_t held() const {
    size_t count = 0;
    for (const auto& [id, partition] : partitions_) {
      count += !partition.is_revoking && !partition.is_lost;
    }
    return count;
  }

  /// Ends a bounded run as the host does: commits and releases what has ended, until there is
  /// nothing more.
  void finish() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (step() != cphost::done) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the run does not end";
      let_go();
      for (auto& [id, partition] : partitions_) {
        if (!partition.is_ended || partition.is_released) continue;
        if (!partition.position.empty()) {
          ASSERT_EQ(commit(id), CPHOST_OK);
        }
        release(id);
      }
    }
  }

  /// For messages of failures.
  std::string describe() const {
    std::string text;
    for (const auto& [id, partition] : partitions_) {
      text += std::to_string(id) + " " + partition.name + " at \"" + partition.position + "\"" +
              (partition.is_ended ? " ended" : "") + (partition.is_revoking ? " revoking" : "") +
              (partition.is_lost ? " lost" : "") + "; ";
    }
    for (const auto& line : env_.lines()) text += "\n" + line.text;
    return text;
  }

  bool seeks = true;  // whether it answers assigned with seek

 private:
  void take(const Log::Event& event) {
    Partition& partition = partitions_[event.stream];
    switch (event.kind) {
      case Kind::kAssigned:
        EXPECT_TRUE(partition.name.empty()) << "a stream's number was used twice";
        partition.name = event.name;
        partition.position = event.position;
        partition.note = event.note;
        break;
      case Kind::kRecords:
        take_records(*event.records, partition);
        break;
      case Kind::kReached:
        partition.reached.push_back(event.position);
        partition.position = event.position;
        break;
      case Kind::kEnded:
        partition.is_ended = true;
        break;
      case Kind::kRevoking:
        EXPECT_GT(event.deadline_ms, 0u);
        partition.is_revoking = true;
        break;
      case Kind::kLost:
        partition.is_lost = true;
        break;
      case Kind::kReject:
        ADD_FAILURE() << "Kafka's records are never rejected";
    }
  }

  void take_records(const ArrowArray& records, Partition& partition) {
    for (int64_t i = 0; i < records.length; ++i) {
      partition.values.emplace_back(cphost::bytes_at(*records.children[0], i));
      partition.position = std::to_string(cphost::value_at<int64_t>(*records.children[5], i));
    }
  }

  cphost::testing::TestEnv env_;
  std::unique_ptr<Reader> reader_;
  std::map<uint64_t, Partition> partitions_;
  std::map<uint64_t, bool> sought_;
};

}  // namespace kafka
