// SPDX-License-Identifier: Apache-2.0
// The error table of a worker: a second sink whose blocks are refused records, whole. A record
// counts as rejected, and lets its stream's watermark pass, only when its row is durable here;
// while the table can't be written the watermark waits. Worker's thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/pipe_config.hpp"
#include "host/pipe/block.hpp"
#include "host/pipe/error_batch.hpp"
#include "host/pipe/memory_budget.hpp"
#include "host/pipe/refused.hpp"
#include "host/pipe/retry.hpp"
#include "host/pipe/target.hpp"
#include "host/pipe/target_question.hpp"
#include "host/pipe/token.hpp"
#include "host/pipe/writers.hpp"
#include "host/report/counters.hpp"

namespace cphost::host {

class ErrorTable {
 public:
  /// Of a block, whichever comes first; what was refused together is written together.
  static constexpr int64_t kRowsMax = 10'000;
  static constexpr int64_t kBytesMax = 16 << 20;

  /// `records` is the schema of the source's records. `wake` is called from a writer's thread.
  ErrorTable(const PipeConfig& config, const ArrowSchema& records, std::shared_ptr<Target> target,
             uint32_t worker, Log log, Counters& counters, MemoryBudget& budget,
             std::function<void()> wake);
  ~ErrorTable();

  /// Written with others, when they are old or large enough.
  void add(std::string_view stream, const Refused& refused);

  /// Written at once as one block under the token.
  void write(std::string_view stream, const std::vector<Refused>& all, std::string token);

  /// Writes what waits when it is old or large enough; `now`: in any case.
  void flush_when_due(bool now);

  /// Shares whose rows are durable. Throws StopPipe when the table refuses rows or a bug shows.
  std::vector<Block::Share> take_settled();

  /// So many rejects wait that reading should.
  bool congested() const { return writers_->in_flight() + waiting_.size() > kBlocksInFlight; }
  bool idle() const {
    return loose_.count() == 0 && writers_->in_flight() == 0 && waiting_.empty();
  }

 private:
  static constexpr size_t kBlocksInFlight = 2;
  static constexpr int64_t kWaitMs = 1'000;

  void render(ErrorBatch& batch, std::string_view stream, const Refused& refused) const;
  void put(ErrorBatch& batch, std::string token, bool whole);
  void describe_record(ErrorRow& row, const RecordBatch& batch, uint32_t record) const;
  void start_writers();
  void try_resume();
  void take_answer(const TargetQuestion::Answer& answer);
  void collect();
  bool can_wait(int32_t status) const;

  const PipeConfig& config_;
  std::shared_ptr<Target> target_;
  const uint32_t worker_;
  Log log_;
  Counters& counters_;
  MemoryBudget& budget_;
  std::function<void()> wake_;
  UniqueSchema schema_;
  std::string host_name_;
  TokenSequence tokens_;
  int value_, key_, timestamp_, headers_, topic_, partition_, offset_;

  ErrorBatch loose_;                   // rows that belong to no range
  std::vector<Block::Share> settled_;  // of rows that are durable
  std::unique_ptr<Writers> writers_;

  // While the table is away.
  std::vector<std::unique_ptr<Block>> waiting_;
  OutageLog outage_;
  Backoff backoff_;
  int64_t resume_not_before_ms_ = 0;
  TargetQuestion question_;
  bool prepared_ = false;  // again: its writers are stopping, to be started anew
};

}  // namespace cphost::host
