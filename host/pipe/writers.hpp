// SPDX-License-Identifier: Apache-2.0
// The threads in which a sink's `write` waits, and the two queues between them and the worker. A
// writer retries an outage for ever, takes refused records out of a block and halves a block whose
// bad record the sink cannot name; what it can't decide (REOPEN, CONFIG, FATAL) it hands back.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "host/pipe/block.hpp"
#include "host/pipe/retry.hpp"

namespace cphost::host {

class Writers {
 public:
  struct Settings {
    uint32_t threads = 1;
    uint32_t worker = 0;
    uint32_t workers = 1;
    int64_t retry_min_ms = 250;
    int64_t retry_max_ms = 30'000;
    int64_t dedup_window_ms = 30 * 60'000;  ///< Of pieces that go whole or not at all.
  };

  /// `sink_object` is what the sink's create made, kept by `keeps_sink`; `rows` is copied. `wake`
  /// is called from the writers' threads when a block is done.
  Writers(const Settings& settings, const Component& sink, void* sink_object,
          const std::shared_ptr<const void>& keeps_sink, const ArrowSchema& rows, Log log,
          std::atomic<int64_t>& retries, std::function<void()> wake);

  /// Stops; blocks not handed back are gone.
  ~Writers();

  /// [worker] Hands a block over.
  void put(std::unique_ptr<Block> block);

  /// [worker] A block that is done, or null.
  std::unique_ptr<Block> take();

  /// [worker] Ends the writes under way as soon as their sink lets go; every block comes back, as
  /// AGAIN what is not written or not known to be. Does not wait.
  void begin_stop();

  /// [worker] After begin_stop: true when no thread is left. Until then to be asked again: a sink
  /// may have missed that it was interrupted.
  bool ended();

  /// [worker] The same for writes that end by themselves: none is interrupted, and so of none the
  /// outcome is unknown because of that.
  bool drained();

  /// [worker] Both; returns when the threads have ended. One that has waited for the sink to be
  /// opened for long, which nothing interrupts, is left behind.
  void stop();

  /// [worker] Blocks put and not taken yet.
  size_t in_flight() const { return in_flight_; }

 private:
  struct Writer;
  void run(Writer& writer);
  bool write_block(Writer& writer, Block& block);
  bool forgotten(const BlockPiece& piece) const;
  bool open(Writer& writer, Block& block);
  bool open_once(Writer& writer, int32_t& status, Failure& failure);
  void close(Writer& writer);
  int32_t write_once(Writer& writer, Block& block, BlockPiece& piece);
  void wait_out(Writer& writer, Block& block);
  void reject(Writer& writer, Block& block);
  void refuse_named(Writer& writer, Block& block);
  void halve(Block& block);
  void wait_before_retry(int64_t delay_ms);
  bool interrupt_all();
  void join();
  void leave_openings_behind();
  bool stopping() const { return stop_.load(std::memory_order_relaxed); }

  const Settings settings_;
  const Component& sink_;
  Log log_;
  std::atomic<int64_t>& retries_;
  std::function<void()> wake_;

  std::mutex mutex_;
  std::condition_variable work_;  // a block to write, or the stop
  std::condition_variable stop_signal_;
  std::condition_variable ended_signal_;
  std::deque<std::unique_ptr<Block>> todo_;
  std::deque<std::unique_ptr<Block>> done_;
  std::atomic<bool> stop_{false};
  size_t in_flight_ = 0;
  std::vector<std::shared_ptr<Writer>> writers_;
};

}  // namespace cphost::host
