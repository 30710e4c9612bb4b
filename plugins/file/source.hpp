// SPDX-License-Identifier: Apache-2.0
// The file source: each file is a stream, each line a record, and the offset of a line's last byte
// its position.
//
// The files are listed once, when the first reader opens, and spread over the workers. A worker
// reads its files one after the other, so that batches are full. All calls come from the worker's
// thread, interrupt() aside.
#pragma once

#include <cphost/batch.hpp>
#include <cphost/source.hpp>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "descriptor.hpp"
#include "line_reader.hpp"
#include "options.hpp"

namespace file {

class Reader {
 public:
  /// What the readers of a pipe share.
  class Shared {
   public:
    Shared(Options parsed, cphost::Env) : options(std::move(parsed)) {}

    /// All files of the run, the same for every reader. CONFIG.
    const std::vector<std::string>& files();

    cphost::Schema records_schema() const;

    const Options options;

   private:
    std::mutex mutex_;
    std::vector<std::string> files_;  // constant once listed
  };

  Reader(Shared& shared, cphost::Env env);

  cphost::Status poll(const cphost::Limits& limits, cphost::Events& out);
  void seek(uint64_t stream, std::string_view after);
  void release(uint64_t stream);
  void pause(uint64_t stream, bool on);
  void interrupt();

 private:
  enum class State { kAssigned, kReading, kEnded };

  struct Stream {
    uint64_t id = 0;
    std::string name;
    State state = State::kAssigned;
    bool paused = false;
    int64_t next = 0;  // offset of the next record's first byte
    Descriptor descriptor;
    std::optional<LineReader> lines;  // once opened
  };

  Stream* find(uint64_t id);
  bool tell_streams(cphost::Events& out);
  bool read(Stream& stream, const cphost::Limits& limits, cphost::Events& out);
  std::optional<LineReader::Result> next_line(Stream& stream, LineReader::Line& line);
  void open(Stream& stream);
  void append(const Stream& stream, const LineReader::Line& line);
  void flush(const Stream& stream, cphost::Events& out);
  bool wait(uint32_t timeout_ms);
  bool take_interrupt();

  const Options& options_;
  cphost::BatchBuilder batch_;
  Descriptor interrupts_;  // an event descriptor
  std::vector<Stream> streams_;
  bool is_told_ = false;
};

}  // namespace file
