// SPDX-License-Identifier: Apache-2.0
// One worker of a pipe: a thread that polls, decodes, seals blocks and commits, and the writer
// threads behind it.
//
//     poll -> records -> decode -> open block -> sealed -> writer -> settled -> watermark -> commit
//
// All members are touched by the worker's thread alone, but for what is marked [any]. Workers share
// nothing that is hot.
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/pipe_config.hpp"
#include "host/pipe/binding.hpp"
#include "host/pipe/block.hpp"
#include "host/pipe/decoding.hpp"
#include "host/pipe/error_table.hpp"
#include "host/pipe/journal.hpp"
#include "host/pipe/memory_budget.hpp"
#include "host/pipe/reject_meter.hpp"
#include "host/pipe/retry.hpp"
#include "host/pipe/shared_object.hpp"
#include "host/pipe/stream.hpp"
#include "host/pipe/target.hpp"
#include "host/pipe/target_question.hpp"
#include "host/pipe/token.hpp"
#include "host/pipe/writers.hpp"
#include "host/report/counters.hpp"

namespace cphost::host {

/// What the workers of one pipe have in common; outlives them.
struct PipeContext {
  const PipeConfig& config;
  Log& log;
  Counters& counters;
  SharedObject& source;
  SharedObject* format;  // null: the source emits rows
  std::shared_ptr<Target> target;
  Target::Schema target_schema;    // as it was at start; null: the sink takes any rows
  std::shared_ptr<Target> errors;  // null: a reject stops the pipe
  RejectMeter& rejects;
  const ArrowSchema& records_schema;
  std::function<Journal&()> journal;  // [any] opens it when a reader can't keep positions
  const std::atomic<int>& stop_requests;
  std::atomic<bool>& halted;  // a worker has failed: the others stop at once
};

class Worker {
 public:
  Worker(PipeContext& pipe, uint32_t index);
  ~Worker();

  /// Runs until the source is done or the pipe is stopped. Throws StopPipe.
  void run();

  /// [any] Wakes a worker that waits, in a poll or for its writers.
  void interrupt();

 private:
  // worker.cpp: the loop
  void step();
  void begin_stop();
  bool idle() const;
  bool finished() const;
  void finish();
  void settle_what_is_written() noexcept;

  // worker_reader.cpp: the source's reader
  std::string source_place() const;
  void try_open_reader();
  bool source_commits();
  void close_reader();
  void rest();
  void retire_reader(const Failure& why, bool can_commit = true);
  bool reader_settled() const;
  void reopen_reader();
  bool must_hold();
  void poll(bool hold);
  void take_poll_failure(int32_t status);
  uint32_t poll_timeout_ms() const;
  void hold_streams(bool hold);
  void answer_source();
  void log_assigned(const std::vector<std::string>& names);
  bool is_delivering(uint64_t id) const;
  bool any_stream(bool (*is)(const Stream&)) const;

  // worker_intake.cpp: what the source tells, and the way into a block
  cphost_events make_events();
  void on_assigned(uint64_t id, std::string_view name, std::string_view position,
                   std::string_view note);
  void on_records(uint64_t id, ArrowArray* records);
  void on_reached(uint64_t id, std::string_view position);
  void on_reject(uint64_t id, std::string_view position, const Rejection& why,
                 std::string_view head, uint64_t size);
  void on_ended(uint64_t id);
  void on_revoking(uint64_t id, uint32_t deadline_ms);
  void on_lost(uint64_t id);
  Rejects decode(RecordBatch& batch);
  void add_span(Stream& stream, std::shared_ptr<Span> span, const Rejects& rejects);
  void recount(const std::shared_ptr<Span>& span, const Rejects& rejects);
  void add_to_block(const std::shared_ptr<Span>& span);
  void refuse(const std::shared_ptr<Span>& span, uint32_t record, const Rejection& why);
  void refuse(Refused refused);
  void seal();
  void seal_when_due();
  bool nothing_more_comes() const;
  int64_t block_bytes_max() const;
  std::string_view stream_name(uint64_t id) const;

  // worker_ranges.cpp: exactly-once delivery
  bool exactly_once() const { return config_.delivery == Delivery::kExactlyOnce; }
  void take_note(Stream& stream);
  bool may_replay(const Stream& stream, const Note& note);
  void add_ranged(Stream& stream, const std::shared_ptr<RecordBatch>& batch,
                  const Rejects& rejects);
  bool put_in_range(Stream& stream, Span& span, std::string_view position);
  Range& filling_range(Stream& stream);
  void complete_replays(Stream& stream, const Range* before);
  void complete_replays_up_to(Stream& stream, std::string_view position);
  void complete(Stream& stream, Range& range);
  bool only_replays_wait() const;
  bool is_due(const Stream& stream, const Range& range) const;
  void seal_ranges_when_due();
  void seal_range(Stream& stream, Range& range);
  void send_noted();
  void send(Stream& stream, Range& range);
  void put_block(std::unique_ptr<Block> block);
  void write_rejects(Stream& stream, Range& range);
  void refused_unnamed(std::unique_ptr<Block> block);
  void cut_range(Stream& stream, Range& range, const BlockPart& from);
  std::shared_ptr<Span> cut_span(const std::shared_ptr<Span>& span, int64_t record, Range& range);
  void rows_are_written(const Block& block);
  void decode_ranges_again();
  void remake_block(Stream& stream, Range& range, std::map<RecordBatch*, Rejects>& decoded);
  std::string token_of(const Stream& stream, const Range& range) const;

  // worker_results.cpp: what the writers tell, and a changed target
  void take_results();
  void settle(Block& block);
  void settle_written(Block& block);
  void settle_share(const Block::Share& share, std::atomic<int64_t>& counter);
  void route_refusals(Block& block);
  void advance_all();
  void bind(const Target::Schema& target);
  void start_writers();
  void suspend(const Failure& why);
  void try_resume();
  void resume(TargetQuestion::Answer answer);
  bool rebind(const Target::Schema& schema, Failure& failure);
  void decode_again();

  // worker_commit.cpp: watermarks back to the source
  bool commit_due() const;
  void commit();
  bool commit_to_source(const std::vector<Stream*>& streams, Failure& failure);
  bool commit_to_journal(const std::vector<Stream*>& streams, Failure& failure);
  void release_finished();
  void drop(Stream& stream);
  void update_lag();

  template <class F>
  void guarded(F&& f) noexcept;

  PipeContext& pipe_;
  const PipeConfig& config_;
  Counters& counters_;
  const uint32_t index_;
  Log log_;
  const Component& source_;
  ObjectEnv source_env_;
  std::optional<ObjectEnv> format_env_;
  MemoryBudget budget_;

  void* reader_ = nullptr;
  std::mutex wake_mutex_;  // interrupt() against the closing of the reader
  std::condition_variable wake_;
  bool woken_ = false;          // guarded by wake_mutex_
  Journal* journal_ = nullptr;  // null: the source commits
  bool can_pause_ = false;
  bool opened_ = false;  // a reader was open once: what fails now is an outage
  int64_t start_deadline_ms_ = 0;
  Target::Schema target_schema_;
  std::unique_ptr<Binding> binding_;
  void* decoder_ = nullptr;
  std::unique_ptr<Writers> writers_;
  std::unique_ptr<ErrorTable> errors_;

  std::map<uint64_t, Stream> streams_;
  std::vector<std::string> assigned_;  // names, to be logged
  std::vector<std::pair<uint64_t, std::string>> seeks_;
  std::vector<uint64_t> lost_;  // to be released; not from inside the source's call
  std::unique_ptr<Block> open_;
  bool seal_now_ = false;  // it holds rows of a stream that must be let go
  TokenSequence tokens_;
  uint32_t recipe_ = 0;  // of the present binding; see Note

  bool source_done_ = false;
  bool stopping_ = false;
  int64_t stop_deadline_ms_ = 0;
  OutageLog source_outage_;
  Backoff source_backoff_;
  int64_t source_not_before_ms_ = 0;  // the next call of open or poll
  bool spent_ = false;                // the reader is closed once what it read is settled
  int64_t spent_deadline_ms_ = 0;
  int64_t reader_opened_ms_ = 0;
  OutageLog reopen_outage_;
  Backoff reopen_backoff_;
  OutageLog seek_outage_;
  Backoff seek_backoff_;
  int64_t seek_not_before_ms_ = 0;

  bool commit_now_ = false;
  int64_t last_commit_ms_ = 0;
  int64_t commit_not_before_ms_ = 0;
  int64_t lag_ = 0;
  OutageLog commit_outage_;
  Backoff commit_backoff_;

  // A target that has changed: blocks that wait for it to come back.
  bool suspended_ = false;
  std::vector<std::unique_ptr<Block>> unwritten_;
  OutageLog target_outage_;
  Backoff target_backoff_;
  int64_t resume_not_before_ms_ = 0;
  TargetQuestion question_;

  cphost_events events_{};
  std::exception_ptr thrown_;  // inside an events table; never through the plugin
};

}  // namespace cphost::host
